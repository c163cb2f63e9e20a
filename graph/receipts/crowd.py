"""Everybody whom two runs concern, and the rows that the earlier run had counted, as the later one finds them."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from graph.actors import Actors
from graph.interaction_log import KIND_MASK, OWN, SECONDARY, UNDONE, InteractionLog
from graph.receipts.ledger import Ledger
from graph.window import Window


@dataclass(frozen=True, slots=True)
class Crowd:
    """Actors of either run by theme number, shape (n,), in an order that arrival cannot change, as in `Window`."""

    numbers: NDArray[np.int32]
    source: NDArray[np.int32]
    place: NDArray[np.int32]
    """Position by theme number; -1 for those who are not in it, and at the end, so that nobody (-1) stays nobody."""

    def positions(self, numbers: NDArray[np.int32]) -> NDArray[np.int32]:
        """Where actors stand, all of whom are in it."""
        return self.place[numbers]


@dataclass(frozen=True, slots=True)
class EarlierRows:
    """Rows of the earlier run that are still inside the window, by the crowd's numbering."""

    counted: Window
    """As the earlier run counted them: also what was taken back since; bots are those known by then."""
    remaining: Window
    """What is left of them for the later run."""


def crowd_of(present: Window, ledger: Ledger, actors: Actors) -> Crowd:
    """Those of the later run's window and those in the ledger."""
    numbers = np.union1d(present.numbers, ledger.actors()).astype(np.int32)
    numbers = numbers[actors.order(numbers)]
    place = np.full(len(actors) + 1, -1, dtype=np.int32)
    place[numbers] = np.arange(numbers.size)
    return Crowd(numbers, _sources(numbers, ledger, actors), place)


def _sources(numbers: NDArray[np.int32], ledger: Ledger, actors: Actors) -> NDArray[np.int32]:
    """Of actors forgotten since, the source in which the earlier run ranked them; -1 of those whom it did not rank."""
    found = actors.sources(numbers)
    codes = {name: code for code, name in enumerate(actors.source_names)}
    for name, page in ledger.pages.items():
        found = np.where((found < 0) & (page.of("percentile", numbers) > 0), np.int32(codes[name]), found)
    return found


def earlier_rows(
    ledger: Ledger, log: InteractionLog, actors: Actors, crowd: Crowd, present: Window, since_ms: int
) -> EarlierRows:
    """`since_ms`: where the later run's window begins."""
    rows = ledger.rows() + log.first
    time, src = log.times.at(rows), crowd.place[log.src[rows]]
    # Of somebody in neither run nothing ever counted: a bot, or one who reacted and never answered.
    inside = (time > since_ms) & (src >= 0)
    rows, time, src = rows[inside], time[inside], src[inside]
    flags = log.flags[rows]
    counted = Window(
        end_ms=present.end_ms,
        age=present.end_ms - time,
        kind=(flags & KIND_MASK).astype(np.uint8),
        own=(flags & OWN) != 0,
        primary=(flags & SECONDARY) == 0,
        src=src,
        dst=crowd.place[log.dst[rows]],
        row=rows.astype(np.int32),
        numbers=crowd.numbers,
        source=crowd.source,
        bot=np.isin(crowd.numbers, ledger.bots),
    )
    remaining = replace(counted.part((flags & UNDONE) == 0), bot=actors.profiles.bots(crowd.numbers))
    return EarlierRows(counted, remaining)
