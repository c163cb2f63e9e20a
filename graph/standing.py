"""Courtesy, credibility and reach of one source at any half-life, each computed once. docs/ranking.md, sections 3 to 6."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from graph.courtesy import Acts, Courtesy, courtesy_of, openings_of
from graph.credibility import credibility_of
from graph.pair_rows import PairRows
from graph.pairs import Pairs
from graph.reach import Reach, reach_of
from graph.score_parameters import ScoreParameters
from graph.trust import Seeds


@dataclass(frozen=True, slots=True)
class Standing:
    """At one half-life: `recency` by pair (p,), `credibility` by actor (n,)."""

    recency: NDArray[np.float64]
    courtesy: Courtesy
    credibility: NDArray[np.float64]
    reach: Reach


class Standings:
    """Standings by half-life: the sorting of rows and who spoke first are shared by all of them."""

    __slots__ = ("_found", "_pairs", "_parameters", "_seeds", "openings", "rows")

    def __init__(self, rows: PairRows, pairs: Pairs, earlier: Acts, seeds: Seeds, parameters: ScoreParameters) -> None:
        self.rows = rows
        self._pairs = pairs
        self.openings = openings_of(rows, pairs.actors, earlier)
        self._seeds = seeds
        self._parameters = parameters
        self._found: dict[float, Standing] = {}

    def at(self, half_life_ms: float) -> Standing:
        """The standing of everybody at a half-life."""
        if half_life_ms not in self._found:
            known = half_life_ms == self._pairs.half_life_ms
            self._found[half_life_ms] = self._standing(self._pairs.recency if known else self.rows.recency(half_life_ms))
        return self._found[half_life_ms]

    def _standing(self, recency: NDArray[np.float64]) -> Standing:
        pairs, parameters = self._pairs, self._parameters
        courtesy = courtesy_of(pairs, recency, self.openings, parameters)
        credibility = credibility_of(pairs, recency, courtesy.earned(pairs, recency), self._seeds.chosen, parameters)
        reach = reach_of(pairs, recency, courtesy, credibility, parameters)
        return Standing(recency, courtesy, credibility, reach)
