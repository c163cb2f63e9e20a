"""What a run sees: the live rows of (t - 3W/2, t], with actors renumbered in an order that arrival cannot change."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from graph.actors import Actors
from graph.interaction_log import KIND_MASK, OWN, SECONDARY, UNDONE, InteractionLog


@dataclass(frozen=True, slots=True)
class Window:
    """Columns by row, shape (m,), and by actor, shape (n,). Actors are numbered 0..n-1 here; `numbers` are the theme's."""

    end_ms: int
    time: NDArray[np.int64]
    kind: NDArray[np.int64]
    own: NDArray[np.bool_]
    primary: NDArray[np.bool_]
    """One row an event."""
    src: NDArray[np.int64]
    dst: NDArray[np.int64]
    """-1: toward nobody."""
    row: NDArray[np.int64]
    """Position in the log."""
    numbers: NDArray[np.int32]
    source: NDArray[np.int32]
    bot: NDArray[np.bool_]

    def part(self, rows: NDArray[np.bool_]) -> "Window":
        """The same actors, only these rows."""
        return replace(
            self,
            time=self.time[rows],
            kind=self.kind[rows],
            own=self.own[rows],
            primary=self.primary[rows],
            src=self.src[rows],
            dst=self.dst[rows],
            row=self.row[rows],
        )

    def of_source(self, code: int) -> "Window":
        """Rows that credit an actor of a source, or were made by one."""
        if (self.source == code).all():
            return self
        mine = np.append(self.source == code, False)
        return self.part(mine[self.src] | mine[self.dst])


def window_at(log: InteractionLog, actors: Actors, end_ms: int, length_ms: int) -> Window:
    """Rows with `end_ms - length_ms < time <= end_ms` that are not undone."""
    kept = slice(log.first, log.size)
    flags, time = log.flags[kept], log.times.at(kept)
    there = (flags & UNDONE) == 0
    there &= time > end_ms - length_ms
    there &= time <= end_ms
    rows = np.flatnonzero(there)
    flags, src, dst = flags[rows], log.src[kept][rows], log.dst[kept][rows]
    seen = np.zeros(len(actors) + 1, dtype=np.bool_)
    seen[src] = True
    seen[dst] = True
    seen[-1] = False
    numbers = np.flatnonzero(seen).astype(np.int32)
    numbers = numbers[actors.order(numbers)]
    place = np.full(len(actors) + 1, -1, dtype=np.int64)
    place[numbers] = np.arange(numbers.size)
    return Window(
        end_ms=end_ms,
        time=time[rows],
        kind=(flags & KIND_MASK).astype(np.int64),
        own=(flags & OWN) != 0,
        primary=(flags & SECONDARY) == 0,
        src=place[src],
        dst=place[dst],
        row=rows + log.first,
        numbers=numbers,
        source=actors.sources(numbers),
        bot=actors.profiles.bots(numbers),
    )
