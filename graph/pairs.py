"""Ordered pairs of actors: who responded to whom, how recently, and who spoke first."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from graph.kinds import ANSWERING, REACTION
from graph.window import Window

NEVER = np.iinfo(np.int64).max


@dataclass(frozen=True, slots=True)
class Pairs:
    """Shape (p,), in order of (src, dst): src acted, dst is credited. Actors as numbered in the window, n of them."""

    actors: int
    src: NDArray[np.int64]
    dst: NDArray[np.int64]
    recency: NDArray[np.float64]
    """The best of weight * 2^-(age / half-life), in [0, 1]; 0 where nothing counts."""
    slow_recency: NDArray[np.float64]
    """The same at the half-life of conversion."""
    first: NDArray[np.int64]
    """Time (ms) of the first act, reactions aside; NEVER where there are only reactions."""
    best_row: NDArray[np.int64]
    """Position in the log of the act that set `recency`; -1 where it is 0."""

    def given(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Sum of values by src, shape (n,)."""
        total: NDArray[np.float64] = np.bincount(self.src, weights=values, minlength=self.actors).astype(np.float64, copy=False)
        return total

    def received(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Sum of values by dst, shape (n,)."""
        total: NDArray[np.float64] = np.bincount(self.dst, weights=values, minlength=self.actors).astype(np.float64, copy=False)
        return total


def response_weights(window: Window, weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """Weight of each row as a response, shape (m,): 0 toward nobody, from bots, and for reactions of those who never answered."""
    weight = np.where((window.dst >= 0) & ~window.bot[window.src], weights[window.kind], 0.0)
    reaction = window.kind == REACTION
    if reaction.any():
        answered = np.zeros(window.numbers.size, dtype=np.bool_)
        answered[window.src[ANSWERING[window.kind]]] = True
        weight[reaction & ~answered[window.src]] = 0.0
    return weight


def pairs_of(
    window: Window, weights: NDArray[np.float64], event_keys: NDArray[np.uint64], *, half_life_ms: float, spread: float
) -> Pairs:
    """Aggregate the rows of a window. `weights` by kind code; `event_keys` by position in the log, to settle ties."""
    actors = window.numbers.size
    rows = np.flatnonzero((window.dst >= 0) & (weights[window.kind] > 0))
    weight = response_weights(window, weights)[rows]
    pair = window.src[rows] * actors + window.dst[rows]
    order = np.argsort(pair, kind="stable")
    rows, weight, pair = rows[order], weight[order], pair[order]
    head = np.flatnonzero(np.concatenate([[True], pair[1:] != pair[:-1]])) if pair.size else np.zeros(0, dtype=np.int64)
    time = window.time[rows]
    age = (window.end_ms - time) / half_life_ms
    value = weight * np.exp2(-age)
    first = np.where(window.kind[rows] == REACTION, NEVER, time)
    if not head.size:
        nothing = np.zeros(0, dtype=np.int64)
        return Pairs(actors, nothing, nothing, np.zeros(0), np.zeros(0), nothing, nothing)
    recency = np.maximum.reduceat(value, head)
    return Pairs(
        actors=actors,
        src=pair[head] // actors,
        dst=pair[head] % actors,
        recency=recency,
        slow_recency=np.maximum.reduceat(weight * np.exp2(-age / spread), head),
        first=np.minimum.reduceat(first, head),
        best_row=_best_rows(value, recency, head, time, window.row[rows], event_keys),
    )


def first_back(pairs: Pairs) -> NDArray[np.int64]:
    """For each pair (u, i) the first act i -> u (ms), NEVER where there is none."""
    key = pairs.src * pairs.actors + pairs.dst
    back = pairs.dst * pairs.actors + pairs.src
    at = np.minimum(np.searchsorted(key, back), max(key.size - 1, 0))
    return np.where(key[at] == back, pairs.first[at], NEVER) if key.size else pairs.first


def _best_rows(
    value: NDArray[np.float64],
    recency: NDArray[np.float64],
    head: NDArray[np.int64],
    time: NDArray[np.int64],
    row: NDArray[np.int64],
    event_keys: NDArray[np.uint64],
) -> NDArray[np.int64]:
    """The row that set each pair's recency: of equal ones the latest, then the one with the least event key."""
    number = np.repeat(np.arange(head.size), np.diff(np.append(head, value.size)))
    best = np.flatnonzero((value == recency[number]) & (value > 0))
    if np.bincount(number[best], minlength=1).max(initial=0) > 1:
        best = best[np.lexsort((~event_keys[row[best]], time[best], number[best]))]
    chosen = np.full(head.size, -1, dtype=np.int64)
    chosen[number[best]] = row[best]
    return chosen
