"""Ordered pairs of actors: who responded to whom, how recently, and who spoke first."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from graph.kinds import ANSWERING, REACTION, REPLY
from graph.pair_order import heads_of, in_order
from graph.window import Window

NEVER = np.iinfo(np.int64).max


@dataclass(frozen=True, slots=True)
class Pairs:
    """Shape (p,), in order of (dst, src): src acted, dst is credited. Actors as numbered in the window, n of them.

    Every sum runs over the pairs in this order, one after the other, whatever computes it: so it comes out the same to the bit.
    """

    actors: int
    half_life_ms: float
    src: NDArray[np.int64]
    dst: NDArray[np.int64]
    recency: NDArray[np.float64]
    """The best of weight * 2^-(age / half-life), in [0, 1]; 0 where nothing counts."""
    starts: NDArray[np.int32] = field(init=False)
    """Where the pairs of each dst begin, and the last ones end, shape (n + 1,)."""
    columns: NDArray[np.int32] = field(init=False)
    """`src` as scipy takes it."""

    def __post_init__(self) -> None:
        counts = np.bincount(self.dst, minlength=self.actors)
        object.__setattr__(self, "starts", np.concatenate([[0], np.cumsum(counts)]).astype(np.int32))
        object.__setattr__(self, "columns", self.src.astype(np.int32))

    def matrix(self, values: NDArray[np.float64]) -> csr_array:
        """A value by pair as a matrix, shape (n, n): a row an actor that is credited, a column one that acts."""
        return csr_array((values, self.columns, self.starts), shape=(self.actors, self.actors))

    def given(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Sum of values by src, shape (n,)."""
        total: NDArray[np.float64] = self.matrix(values).T @ np.ones(self.actors)
        return total

    def received(self, values: NDArray[np.float64], worth: NDArray[np.float64] | None = None) -> NDArray[np.float64]:
        """Sum of values by dst, shape (n,), each times what its src is worth, if that is said, shape (n,)."""
        total: NDArray[np.float64] = self.matrix(values) @ (np.ones(self.actors) if worth is None else worth)
        return total

    def responders(self) -> NDArray[np.int64]:
        """How many responded to each actor, shape (n,)."""
        silent = np.bincount(self.dst[self.recency == 0], minlength=self.actors)
        people: NDArray[np.int64] = np.diff(self.starts) - silent
        return people


def response_weights(window: Window, weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """Weight of each row as a response, shape (m,): 0 toward nobody, from bots, and for reactions of those who never answered."""
    weight = weights[window.kind]
    weight[window.dst < 0] = 0.0
    if window.bot.any():
        weight[window.bot[window.src]] = 0.0
    reactions = np.flatnonzero(window.kind == REACTION)
    if reactions.size:
        answered = np.zeros(window.numbers.size, dtype=np.bool_)
        answered[window.src[ANSWERING[window.kind]]] = True
        weight[reactions[~answered[window.src[reactions]]]] = 0.0
    return weight


def decayed(age_ms: NDArray[np.int64], half_life_ms: float) -> NDArray[np.float64]:
    """2^-(age / half-life), in one array: on a large window every other one costs as much as the arithmetic."""
    worth = np.divide(age_ms, -half_life_ms)
    return np.exp2(worth, out=worth)


@dataclass(frozen=True, slots=True)
class PairRows:
    """The rows that may count between two actors, pair by pair; `head` says where each pair begins, shape (p,)."""

    end_ms: int
    head: NDArray[np.int64]
    weight: NDArray[np.float64]
    time: NDArray[np.int64]
    place: NDArray[np.int64]
    """Position in the window; `row` is by that: the position in the log."""
    row: NDArray[np.int64]
    src: NDArray[np.int64]
    """By pair, as `dst`, shape (p,), in order of (dst, src)."""
    dst: NDArray[np.int64]
    first: NDArray[np.int64]
    """Time (ms) of the first act of each pair, reactions aside; NEVER where there are only reactions."""
    replied: NDArray[np.bool_]
    """Whether src replied to dst at all."""

    def recency(self, half_life_ms: float) -> NDArray[np.float64]:
        """The best of each pair's rows, shape (p,): weight * 2^-(age / half-life)."""
        values = self._values(slice(None), half_life_ms)
        return np.maximum.reduceat(values, self.head) if self.head.size else np.zeros(0)

    def best_rows(self, pairs: NDArray[np.int64], half_life_ms: float, event_keys: NDArray[np.uint64]) -> NDArray[np.int64]:
        """Positions in the log of the acts that set the recency of some pairs, shape of `pairs`.

        Of equal ones the latest, then the one with the least event key. `event_keys` by position in the log.
        """
        head = self.head[pairs]
        counts = np.append(self.head, self.place.size)[pairs + 1] - head
        ends = np.cumsum(counts)
        at = np.repeat(head - ends + counts, counts) + np.arange(ends[-1:].sum())
        values = self._values(at, half_life_ms)
        greatest = np.maximum.reduceat(values, ends - counts) if pairs.size else values
        best = np.flatnonzero(values == np.repeat(greatest, counts))
        pair, at = np.repeat(np.arange(pairs.size), counts)[best], at[best]
        tied = np.flatnonzero(np.bincount(pair)[pair] > 1)
        rows = self.row[self.place[at]]
        settled = np.lexsort((~event_keys[rows[tied]], self.time[at[tied]], pair[tied]))
        rows[tied] = rows[tied[settled]]
        chosen = np.zeros(pairs.size, dtype=np.int64)
        chosen[pair] = rows
        return chosen

    def _values(self, rows: slice | NDArray[np.int64], half_life_ms: float) -> NDArray[np.float64]:
        worth = decayed(self.end_ms - self.time[rows], half_life_ms)
        worth *= self.weight[rows]
        return worth


def pair_rows(window: Window, weights: NDArray[np.float64], responses: NDArray[np.float64]) -> PairRows:
    """Sort the rows of a window by pair, once for every half-life.

    `weights` by kind code; `responses`: weight of each row as a response, shape (m,).
    """
    actors = window.numbers.size
    counts = (weights > 0)[window.kind]
    counts &= window.dst >= 0
    rows = np.flatnonzero(counts)
    order, pair = in_order(pair_keys(window, rows), actors * actors)
    rows = rows[order]
    head = heads_of(pair)
    time, kind = window.time[rows], window.kind[rows]
    return PairRows(
        end_ms=window.end_ms,
        head=head,
        weight=responses[rows],
        time=time,
        place=rows,
        row=window.row,
        src=pair[head] % actors,
        dst=pair[head] // actors,
        first=np.minimum.reduceat(np.where(kind == REACTION, NEVER, time), head) if head.size else head,
        replied=np.logical_or.reduceat(kind == REPLY, head) if head.size else head.astype(np.bool_),
    )


def pairs_of(rows: PairRows, actors: int, half_life_ms: float) -> Pairs:
    """The pairs among `actors` at a half-life."""
    return Pairs(actors, half_life_ms, rows.src, rows.dst, rows.recency(half_life_ms))


def pair_keys(window: Window, rows: NDArray[np.int64]) -> NDArray[np.int64]:
    """A number for each of some rows by which they are in order of (dst, src), below the square of the actors."""
    key = window.dst[rows]
    key *= window.numbers.size
    key += window.src[rows]
    return key


@dataclass(frozen=True, slots=True)
class Acts:
    """Acts of one actor toward another, reactions aside: time in ms, shape (k,) each."""

    src: NDArray[np.int64]
    dst: NDArray[np.int64]
    time: NDArray[np.int64]


def acts_of(window: Window, weights: NDArray[np.float64]) -> Acts:
    """Those of a window. `weights` by kind code."""
    rows = np.flatnonzero((window.dst >= 0) & (weights[window.kind] > 0) & (window.kind != REACTION))
    return Acts(window.src[rows], window.dst[rows], window.time[rows])
