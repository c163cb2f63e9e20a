"""What earlier lists were worth: lists kept until their outcome is known, and the half-life that follows from it.

docs/ranking.md, section 10. A choice sees elapsed outcomes only, so it is the same whoever computes it, and when.
"""

from dataclasses import dataclass

import msgspec
import numpy as np
from numpy.typing import NDArray

from graph.intervals import UNKNOWN, Spread, spread_of
from graph.rounding import significant
from graph.score_parameters import ScoreParameters


class Sealed(msgspec.Struct, frozen=True):
    """The lists of one source at one time, not yet compared with what followed. Actors by the theme's number."""

    taken_at: int
    lists: list[list[int]]
    """One a half-life of the parameters."""
    first: list[int]
    """The first of the published ranking of the source."""


class Opened(msgspec.Struct, frozen=True):
    """What the lists were worth, in their order: mean NDCG."""

    quality: list[float]
    errors: list[float]
    """How far the first of the ranking came out from their rank: `graph.intervals.rank_errors`."""


@dataclass(frozen=True, slots=True)
class Choice:
    """How a source is scored: the half-life as a multiple of H, by so many elapsed backtests; `plain`: responders count alike."""

    multiple: float = 1.0
    elapsed: int = 0
    plain: bool = False


class Backtests(msgspec.Struct):
    """By source; `opened` holds the last few only, oldest first."""

    sealed: dict[str, Sealed] = {}
    opened: dict[str, list[Opened]] = {}

    def take_sealed(self) -> list[tuple[str, Sealed]]:
        """All that wait, by source; they are kept no longer."""
        found = sorted(self.sealed.items())
        self.sealed.clear()
        return found

    def open(self, source: str, found: Opened, kept: int) -> None:
        """Remember what lists were worth, of the last `kept` only."""
        self.opened[source] = [*self.opened.get(source, []), found][-kept:]

    def choice(self, source: str, parameters: ScoreParameters, *, plain: bool = False) -> Choice:
        """The half-life whose lists were worth most. `plain` is asked for, never found out: a ring makes its own outcome."""
        elapsed = self.opened.get(source, [])[-parameters.backtests :]
        if not elapsed:
            return Choice(plain=plain)
        means = significant(np.array([each.quality for each in elapsed]).mean(axis=0))
        return Choice(parameters.half_lives[int(means.argmax())], len(elapsed), plain)

    def spread(self, source: str, parameters: ScoreParameters) -> Spread:
        """The factors that span a rank of the source, by how earlier ranks came out."""
        found = self.opened.get(source, [])[-parameters.interval_backtests :]
        if len(found) < parameters.fewest_spread:
            return UNKNOWN
        return spread_of([error for each in found for error in each.errors], parameters.interval_coverage)

    def renumber(self, number: NDArray[np.int32]) -> None:
        """Actors are numbered anew: `number[k]` is what k has become, -1 where nothing is left of it."""
        for source, each in self.sealed.items():
            lists, first = [number[part].tolist() for part in each.lists], number[each.first].tolist()
            self.sealed[source] = msgspec.structs.replace(each, lists=lists, first=first)
