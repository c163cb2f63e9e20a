"""Ordered pairs of actors: who responded to whom, and how recently."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from graph.pair_rows import PairRows
from graph.stretches import STRETCH

GROUP = 4 * STRETCH
"""Pairs whose sums are taken together."""


@dataclass(frozen=True, slots=True)
class Pairs:
    """Shape (p,), in order of (dst, src): src acted, dst is credited. Actors as numbered in the window, n of them.

    Every sum runs over the pairs in this order, one after the other, whatever computes it: so it comes out the same to the bit.
    """

    actors: int
    half_life_ms: float
    src: NDArray[np.int32]
    dst: NDArray[np.int32]
    recency: NDArray[np.float64]
    """The best of weight * 2^-(age / half-life), in [0, 1]; 0 where nothing counts."""
    starts: NDArray[np.int32] = field(init=False)
    """Where the pairs of each dst begin, and the last ones end, shape (n + 1,)."""

    def __post_init__(self) -> None:
        ends = np.arange(self.actors + 1, dtype=self.dst.dtype)
        object.__setattr__(self, "starts", np.searchsorted(self.dst, ends).astype(np.int32))

    def matrix(self, values: NDArray[np.float64]) -> csr_array:
        """A value by pair as a matrix, shape (n, n): a row an actor that is credited, a column one that acts."""
        return csr_array((values, self.src, self.starts), shape=(self.actors, self.actors))

    def given(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Sum of values by src, shape (n,)."""
        total: NDArray[np.float64] = self.matrix(values).T @ np.ones(self.actors)
        return total

    def received(self, values: NDArray[np.float64], worth: NDArray[np.float64] | None = None) -> NDArray[np.float64]:
        """Sum of values by dst, shape (n,), each times what its src is worth, if that is said, shape (n,)."""
        total: NDArray[np.float64] = self.matrix(values) @ (np.ones(self.actors) if worth is None else worth)
        return total

    def groups(self) -> Iterator[tuple[slice, slice]]:
        """(some actors, all pairs that credit them): so few that what is computed for their sums stays in the cache."""
        ends = np.searchsorted(self.starts, np.arange(0, self.src.size, GROUP))
        for first, last in pairwise(np.unique([0, *ends.tolist(), self.actors]).tolist()):
            yield slice(first, last), slice(int(self.starts[first]), int(self.starts[last]))

    def received_by(self, actors: slice, values: NDArray[np.float64], worth: NDArray[np.float64]) -> NDArray[np.float64]:
        """As `received`, of the actors of a group. `values` of their pairs."""
        starts = self.starts[actors.start : actors.stop + 1]
        src = self.src[starts[0] : starts[-1]]
        total: NDArray[np.float64] = csr_array((values, src, starts - starts[0]), shape=(starts.size - 1, self.actors)) @ worth
        return total

    def responders(self) -> NDArray[np.int64]:
        """How many responded to each actor, shape (n,)."""
        silent = np.bincount(self.dst[self.recency == 0], minlength=self.actors)
        people: NDArray[np.int64] = np.diff(self.starts) - silent
        return people


def pairs_of(rows: PairRows, actors: int, half_life_ms: float) -> Pairs:
    """The pairs among `actors` at a half-life."""
    return Pairs(actors, half_life_ms, rows.src, rows.dst, rows.recency(half_life_ms))
