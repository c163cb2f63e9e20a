"""Courtesy: an answer to somebody who called first says less than an answer nobody asked for. docs/ranking.md, section 3."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from graph.pairs import FirstActs, Pairs
from graph.score_parameters import ScoreParameters


@dataclass(frozen=True, slots=True)
class Openings:
    """By pair (u, i), shape (p,): who spoke first, whatever the half-life."""

    solicited: NDArray[np.bool_]
    """i had addressed u before."""
    opened: NDArray[np.bool_]
    """u addressed i first."""


@dataclass(frozen=True, slots=True)
class Courtesy:
    """`solicited` by pair (p,); `kept` and `counted` by actor (n,): shares of solicited answers that nobody has bought."""

    solicited: NDArray[np.bool_]
    kept: NDArray[np.float64]
    """What carries trust on, and sets the quorum."""
    counted: NDArray[np.float64]
    """What counts for reach, where more contacts are free."""

    def earned(self, pairs: Pairs, recency: NDArray[np.float64]) -> NDArray[np.float64]:
        """x: each response as far as it carries trust on, shape (p,)."""
        return recency * np.where(self.solicited, self.kept[pairs.dst], 1.0)

    def reaching(self, pairs: Pairs, recency: NDArray[np.float64]) -> NDArray[np.float64]:
        """y: each response as far as it counts for reach, shape (p,)."""
        return recency * np.where(self.solicited, self.counted[pairs.dst], 1.0)


def openings_of(pairs: Pairs, earlier: FirstActs) -> Openings:
    """Compare the first act of each pair with the first one back. `earlier`: acts before the window, as far as they are known."""
    here = FirstActs(pairs.actors, pairs.src * pairs.actors + pairs.dst, pairs.first)
    first = np.minimum(pairs.first, earlier.at(pairs.src, pairs.dst))
    back = np.minimum(here.at(pairs.dst, pairs.src), earlier.at(pairs.dst, pairs.src))
    return Openings(back < first, first < back)


def courtesy_of(pairs: Pairs, recency: NDArray[np.float64], openings: Openings, parameters: ScoreParameters) -> Courtesy:
    """`recency`: of the half-life in use, shape (p,)."""
    opened = pairs.given(recency * openings.opened)
    asked = pairs.received(recency * openings.solicited)

    def unbought(free: float) -> NDArray[np.float64]:
        share = np.ones(pairs.actors)
        np.divide(asked - np.maximum(opened - free, 0.0), asked, out=share, where=asked > 0)
        return np.clip(share, 0.0, 1.0)

    return Courtesy(openings.solicited, unbought(parameters.free_contacts), unbought(parameters.free_contacts_in_reach))
