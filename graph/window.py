"""What a run sees: the live rows of (t - 3W/2, t], with actors renumbered in an order that arrival cannot change."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from graph.actors import Actors
from graph.interaction_log import KIND_MASK, OWN, SECONDARY, UNDONE, InteractionLog
from graph.stretches import occurring, positions, stretches
from graph.times import Offsets


@dataclass(frozen=True, slots=True)
class Window:
    """Columns by row, shape (m,), and by actor, shape (n,). Actors are numbered 0..n-1 here; `numbers` are the theme's.

    Columns of rows are as narrow as they can be: on millions of rows a run takes as long as it moves bytes. Whoever
    multiplies an actor's number has to widen it first.
    """

    end_ms: int
    age: Offsets
    """How long before the end, ms."""
    kind: NDArray[np.uint8]
    own: NDArray[np.bool_]
    primary: NDArray[np.bool_]
    """One row an event."""
    src: NDArray[np.int32]
    dst: NDArray[np.int32]
    """-1: toward nobody."""
    row: NDArray[np.int32]
    """Position in the log: two thousand million rows would take 50 GB."""
    numbers: NDArray[np.int32]
    source: NDArray[np.int32]
    bot: NDArray[np.bool_]

    @property
    def time(self) -> NDArray[np.int64]:
        """When, ms UTC."""
        found = np.empty(self.age.size, dtype=np.int64)
        for part in stretches(found.size):
            found[part] = self.end_ms - self.age[part].astype(np.int64)
        return found

    def part(self, rows: NDArray[np.bool_]) -> "Window":
        """The same actors, only these rows."""
        if rows.all():
            return self
        return replace(
            self,
            age=self.age[rows],
            kind=self.kind[rows],
            own=self.own[rows],
            primary=self.primary[rows],
            src=self.src[rows],
            dst=self.dst[rows],
            row=self.row[rows],
        )

    def until(self, end_ms: int) -> "Window":
        """The same actors, only the rows up to an earlier end."""
        later = self.end_ms - end_ms
        earlier = self.part(self.age >= later)
        return replace(earlier, end_ms=end_ms, age=earlier.age - later)

    def of_source(self, code: int) -> "Window":
        """Rows that credit an actor of a source, or were made by one."""
        if (self.source == code).all():
            return self
        mine = np.append(self.source == code, False)
        return self.part(mine[self.src] | mine[self.dst])

    def acting(self) -> NDArray[np.bool_]:
        """Who acted at all, shape (n,)."""
        return occurring(self.src, self.numbers.size)


def window_at(log: InteractionLog, actors: Actors, end_ms: int, length_ms: int) -> Window:
    """Rows with `end_ms - length_ms < time <= end_ms` that are not undone."""
    kept = slice(log.first, log.size)
    there = log.times.within(kept, end_ms - length_ms, end_ms)
    there &= (log.flags[kept] & UNDONE) == 0
    row = positions(there)
    row += log.first
    flags, src, dst = (log.flags[kept][there], log.src[kept][there], log.dst[kept][there])
    seen = occurring(src, len(actors) + 1)
    seen |= occurring(dst, seen.size)
    numbers = np.flatnonzero(seen[:-1]).astype(np.int32)
    numbers = numbers[actors.order(numbers)]
    place = np.full(seen.size, -1, dtype=np.int32)
    place[numbers] = np.arange(numbers.size)
    for column in (src, dst):
        for part in stretches(row.size):
            column[part] = place[column[part]]
    return Window(
        end_ms=end_ms,
        age=log.times.ages(row, end_ms, length_ms),
        kind=(flags & KIND_MASK).astype(np.uint8, copy=False),
        own=(flags & OWN) != 0,
        primary=(flags & SECONDARY) == 0,
        src=src,
        dst=dst,
        row=row,
        numbers=numbers,
        source=actors.sources(numbers),
        bot=actors.profiles.bots(numbers),
    )
