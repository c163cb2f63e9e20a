"""What is kept of a run so that a later one can say what changed: a line an actor, and which rows it had counted."""

from dataclasses import dataclass, replace

import msgspec
import numpy as np
from numpy.typing import NDArray

from graph.ranking import SourceRanking
from graph.stretches import counted, stretches
from graph.window import Window

FIELDS = (
    *("headline", "percentile", "trusted", "unknown", "backed", "ratio"),
    *("kept", "counted", "regularity", "lift", "credibility", "responders"),
)


@dataclass(frozen=True, slots=True)
class Page:
    """One source at one run. `numbers`: theme numbers of whoever gave or got a response, ascending, shape (n,)."""

    half_life_ms: float
    numbers: NDArray[np.int32]
    columns: NDArray[np.float64]
    """By name of `FIELDS`, shape (fields, n). `percentile` is 0 for whoever was not ranked."""

    def of(self, name: str, numbers: NDArray[np.int32]) -> NDArray[np.float64]:
        """Values of some actors, shape of `numbers`; 0 for those who do not occur."""
        values = np.append(self.columns[FIELDS.index(name)], 0.0)
        at = np.searchsorted(self.numbers, numbers)
        known = np.append(self.numbers, -1)[at] == numbers
        return values[np.where(known, at, -1)]


@dataclass(slots=True)
class Ledger:
    """A run as it was published. It keeps its actors from being forgotten until the next one takes its place."""

    end_ms: int
    pages: dict[str, Page]
    bots: NDArray[np.int32]
    """Theme numbers of those known as bots by then."""
    counted: NDArray[np.uint8]
    """A bit for each row then kept, oldest first: whether it was a response inside the window."""
    dropped: int = 0
    """How many of those rows the log has forgotten since."""

    def forget(self, rows: int) -> None:
        """The log has dropped its oldest rows."""
        self.dropped += rows

    def rows(self) -> NDArray[np.int64]:
        """Counted rows that are still kept, by their distance from the oldest row kept."""
        bits = np.unpackbits(self.counted)
        return np.flatnonzero(bits[self.dropped :])

    def actors(self) -> NDArray[np.int32]:
        """Theme numbers of everybody in it."""
        return np.unique(np.concatenate([np.zeros(0, dtype=np.int32), *(page.numbers for page in self.pages.values())]))

    def renumber(self, number: NDArray[np.int32]) -> None:
        """Actors are numbered anew, in the same order: `number[k]` is what k has become."""
        self.pages = {name: replace(page, numbers=number[page.numbers]) for name, page in self.pages.items()}
        left = number[self.bots]
        self.bots = left[left >= 0]

    def dump(self) -> dict[str, object]:
        """Plain values for a snapshot."""
        pages = {
            name: _PlainPage(page.half_life_ms, page.numbers.tobytes(), page.columns.tobytes())
            for name, page in self.pages.items()
        }
        return {
            "end_ms": self.end_ms,
            "pages": pages,
            "bots": self.bots.tobytes(),
            "counted": self.counted.tobytes(),
            "dropped": self.dropped,
        }

    @classmethod
    def load(cls, plain: dict[str, object]) -> "Ledger":
        """The inverse of `dump`."""
        loaded = msgspec.convert(plain, _Plain)
        pages = {
            name: Page(
                page.half_life_ms,
                np.frombuffer(page.numbers, dtype=np.int32),
                np.frombuffer(page.columns, dtype=np.float64).reshape(len(FIELDS), -1),
            )
            for name, page in loaded.pages.items()
        }
        bots, counted = np.frombuffer(loaded.bots, dtype=np.int32), np.frombuffer(loaded.counted, dtype=np.uint8)
        return cls(loaded.end_ms, pages, bots, counted, loaded.dropped)


class _PlainPage(msgspec.Struct):
    half_life_ms: float
    numbers: bytes
    columns: bytes


class _Plain(msgspec.Struct):
    end_ms: int
    pages: dict[str, _PlainPage]
    bots: bytes
    counted: bytes
    dropped: int


def ledger_of(parts: list[SourceRanking], percentiles: list[NDArray[np.float64]], present: Window, first: int) -> Ledger:
    """What is to be kept of a run. `percentiles`: by source, of its ranked; `first`: position of the oldest row kept."""
    held = np.zeros(int(present.row.max(initial=first - 1)) + 1 - first, dtype=np.bool_)
    for part in stretches(present.row.size):
        held[present.row[part] - first] = present.dst[part] >= 0
    return Ledger(
        end_ms=present.end_ms,
        pages={part.source: _page(part, share, present) for part, share in zip(parts, percentiles, strict=True)},
        bots=present.numbers[present.bot],
        counted=np.packbits(held),
    )


def _page(part: SourceRanking, percentiles: NDArray[np.float64], present: Window) -> Page:
    score, pairs = part.score, part.score.pairs
    involved = (part.received.people > 0) | (counted(pairs.src, pairs.recency > 0, pairs.actors) > 0)
    listed = np.zeros(pairs.actors)
    listed[part.actors] = percentiles
    values = {
        "headline": score.headline,
        "percentile": listed,
        "trusted": score.reach.trusted,
        "unknown": score.reach.unknown,
        "backed": score.reach.backed,
        "ratio": score.reach.ratio,
        "kept": score.courtesy.kept,
        "counted": score.courtesy.counted,
        "regularity": score.regularity,
        "lift": score.lift,
        "credibility": score.credibility,
        "responders": part.received.people.astype(np.float64),
    }
    there = np.flatnonzero(involved)
    order = there[np.argsort(present.numbers[there])]
    columns = np.array([values[name][order] for name in FIELDS])
    return Page(pairs.half_life_ms, present.numbers[order], columns)
