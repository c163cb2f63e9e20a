"""Ordered pairs of actors: who responded to whom, how recently, and who spoke first."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from graph.kinds import ANSWERING, REACTION, REPLY
from graph.window import Window

NEVER = np.iinfo(np.int64).max


@dataclass(frozen=True, slots=True)
class Pairs:
    """Shape (p,), in order of (src, dst): src acted, dst is credited. Actors as numbered in the window, n of them."""

    actors: int
    half_life_ms: float
    src: NDArray[np.int64]
    dst: NDArray[np.int64]
    recency: NDArray[np.float64]
    """The best of weight * 2^-(age / half-life), in [0, 1]; 0 where nothing counts."""
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


@dataclass(frozen=True, slots=True)
class PairRows:
    """The rows that may count between two actors, pair by pair; `head` says where each pair begins, shape (p,)."""

    end_ms: int
    head: NDArray[np.int64]
    weight: NDArray[np.float64]
    time: NDArray[np.int64]
    row: NDArray[np.int64]
    """Position in the log."""
    src: NDArray[np.int64]
    """By pair, as `dst`, shape (p,)."""
    dst: NDArray[np.int64]
    first: NDArray[np.int64]
    replied: NDArray[np.bool_]
    """Whether src replied to dst at all."""

    def values(self, half_life_ms: float) -> NDArray[np.float64]:
        """Decayed weight of each row."""
        worth: NDArray[np.float64] = self.weight * np.exp2(-(self.end_ms - self.time) / half_life_ms)
        return worth

    def recency(self, half_life_ms: float) -> NDArray[np.float64]:
        """The best of each pair's rows, shape (p,)."""
        return self.best_of(self.values(half_life_ms))

    def best_of(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """The greatest value of each pair's rows, shape (p,)."""
        best: NDArray[np.float64] = np.maximum.reduceat(values, self.head) if self.head.size else np.zeros(0)
        return best


def pair_rows(window: Window, weights: NDArray[np.float64]) -> PairRows:
    """Sort the rows of a window by pair, once for every half-life. `weights` by kind code."""
    actors = window.numbers.size
    rows = np.flatnonzero((window.dst >= 0) & (weights[window.kind] > 0))
    weight = response_weights(window, weights)[rows]
    pair = window.src[rows] * actors + window.dst[rows]
    order = np.argsort(pair, kind="stable")
    rows, weight, pair = rows[order], weight[order], pair[order]
    head = np.flatnonzero(np.concatenate([[True], pair[1:] != pair[:-1]])) if pair.size else np.zeros(0, dtype=np.int64)
    time = window.time[rows]
    first = np.where(window.kind[rows] == REACTION, NEVER, time)
    return PairRows(
        end_ms=window.end_ms,
        head=head,
        weight=weight,
        time=time,
        row=window.row[rows],
        src=pair[head] // actors,
        dst=pair[head] % actors,
        first=np.minimum.reduceat(first, head) if head.size else head,
        replied=np.logical_or.reduceat(window.kind[rows] == REPLY, head) if head.size else head.astype(np.bool_),
    )


def pairs_of(rows: PairRows, actors: int, event_keys: NDArray[np.uint64], half_life_ms: float) -> Pairs:
    """The pairs among `actors` at a half-life. `event_keys` by position in the log, to settle ties."""
    values = rows.values(half_life_ms)
    recency = rows.best_of(values)
    return Pairs(
        actors=actors,
        half_life_ms=half_life_ms,
        src=rows.src,
        dst=rows.dst,
        recency=recency,
        first=rows.first,
        best_row=_best_rows(values, recency, rows, event_keys),
    )


@dataclass(frozen=True, slots=True)
class FirstActs:
    """Of ordered pairs, in order of (src, dst): the first act of one toward the other, reactions aside (ms)."""

    actors: int
    key: NDArray[np.int64]
    time: NDArray[np.int64]

    def at(self, src: NDArray[np.int64], dst: NDArray[np.int64]) -> NDArray[np.int64]:
        """When src first acted toward dst; NEVER where it did not. Shape of `src`."""
        if not self.key.size:
            return np.full(src.size, NEVER)
        key = src * self.actors + dst
        place = np.minimum(np.searchsorted(self.key, key), self.key.size - 1)
        return np.where(self.key[place] == key, self.time[place], NEVER)


def first_acts(window: Window, weights: NDArray[np.float64]) -> FirstActs:
    """Of the pairs of a window. `weights` by kind code."""
    actors = window.numbers.size
    rows = np.flatnonzero((window.dst >= 0) & (weights[window.kind] > 0) & (window.kind != REACTION))
    pair = window.src[rows] * actors + window.dst[rows]
    order = np.lexsort((window.time[rows], pair))
    pair, time = pair[order], window.time[rows][order]
    head = np.flatnonzero(np.concatenate([[True], pair[1:] != pair[:-1]])) if pair.size else pair
    return FirstActs(actors, pair[head], time[head])


def _best_rows(
    value: NDArray[np.float64], recency: NDArray[np.float64], rows: PairRows, event_keys: NDArray[np.uint64]
) -> NDArray[np.int64]:
    """The row that set each pair's recency: of equal ones the latest, then the one with the least event key."""
    head, row = rows.head, rows.row
    number = np.repeat(np.arange(head.size), np.diff(np.append(head, value.size)))
    best = np.flatnonzero((value == recency[number]) & (value > 0))
    if np.bincount(number[best], minlength=1).max(initial=0) > 1:
        best = best[np.lexsort((~event_keys[row[best]], rows.time[best], number[best]))]
    chosen = np.full(head.size, -1, dtype=np.int64)
    chosen[number[best]] = row[best]
    return chosen
