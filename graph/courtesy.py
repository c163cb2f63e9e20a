"""Courtesy: an answer to somebody who called first says less than an answer nobody asked for. docs/ranking.md, section 3."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from graph.pairs import Pairs, first_back


@dataclass(frozen=True, slots=True)
class Openings:
    """By pair (u, i), shape (p,): who spoke first, whatever the half-life."""

    solicited: NDArray[np.bool_]
    """i had addressed u before."""
    opened: NDArray[np.bool_]
    """u addressed i first."""


@dataclass(frozen=True, slots=True)
class Courtesy:
    """`solicited` by pair (p,); `kept` by actor (n,): the share of solicited answers that still carries trust."""

    solicited: NDArray[np.bool_]
    kept: NDArray[np.float64]

    def earned(self, pairs: Pairs, recency: NDArray[np.float64]) -> NDArray[np.float64]:
        """x: each response as far as courtesy does not explain it, shape (p,)."""
        return recency * np.where(self.solicited, self.kept[pairs.dst], 1.0)


def openings_of(pairs: Pairs) -> Openings:
    """Compare the first act of each pair with the first one back."""
    back = first_back(pairs)
    return Openings(back < pairs.first, pairs.first < back)


def courtesy_of(pairs: Pairs, recency: NDArray[np.float64], openings: Openings, free_contacts: float) -> Courtesy:
    """`recency`: of the half-life in use, shape (p,)."""
    opened = pairs.given(recency * openings.opened)
    asked = pairs.received(recency * openings.solicited)
    bought = np.maximum(opened - free_contacts, 0.0)
    kept = np.ones(pairs.actors)
    np.divide(asked - bought, asked, out=kept, where=asked > 0)
    return Courtesy(openings.solicited, np.clip(kept, 0.0, 1.0))
