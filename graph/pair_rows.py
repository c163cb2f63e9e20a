"""The rows of a window that may count, laid out by pair: what recency at any half-life, and who spoke first, are found from."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from graph.interaction_log import KIND_MASK
from graph.kinds import REACTION, REPLY
from graph.pair_order import in_order
from graph.stretches import stretches, taken
from graph.times import Offsets
from graph.window import Window

MUTE = KIND_MASK + 1
"""Added to the kind of a row that is no response: it weighs nothing."""


def decayed(age_ms: Offsets, half_life_ms: float) -> NDArray[np.float64]:
    """2^-(age / half-life), in one array: on a large window every other one costs as much as the arithmetic."""
    worth = np.divide(age_ms, -float(half_life_ms))
    return np.exp2(worth, out=worth)


@dataclass(frozen=True, slots=True)
class PairRows:
    """Rows pair by pair, in order of (dst, src), and as they came, shape (k,) each."""

    place: NDArray[np.int32]
    """Position in the window; `row` is by that: the position in the log."""
    row: NDArray[np.int32]
    age: Offsets
    code: NDArray[np.uint8]
    """The kind, with `MUTE` where it is no response; `weights` is by that, shape (2 * MUTE,)."""
    weights: NDArray[np.float64]
    bounds: NDArray[np.int32]
    """Where each pair begins, and the last one ends, shape (p + 1,)."""
    src: NDArray[np.int32]
    """By pair, as `dst`, shape (p,)."""
    dst: NDArray[np.int32]

    def recency(self, half_life_ms: float) -> NDArray[np.float64]:
        """The best of each pair's rows, shape (p,): weight * 2^-(age / half-life)."""
        found = np.empty(self.src.size)
        for pairs, rows, heads in self._stretches():
            found[pairs] = np.maximum.reduceat(self._values(rows, half_life_ms), heads)
        return found

    def known_for(self) -> Offsets:
        """How long ago each pair first acted, reactions aside, ms, + 1, shape (p,); 0 where there are only reactions."""
        found = np.empty(self.src.size, dtype=self.age.dtype)
        for pairs, rows, heads in self._stretches():
            known = self.age[rows] + 1
            known[(self.code[rows] & KIND_MASK) == REACTION] = 0
            found[pairs] = np.maximum.reduceat(known, heads)
        return found

    @property
    def replied(self) -> NDArray[np.bool_]:
        """Whether src replied to dst at all, shape (p,)."""
        found = np.empty(self.src.size, dtype=np.bool_)
        for pairs, rows, heads in self._stretches():
            found[pairs] = np.logical_or.reduceat((self.code[rows] & KIND_MASK) == REPLY, heads)
        return found

    def best_rows(self, pairs: NDArray[np.int64], half_life_ms: float, event_keys: NDArray[np.uint64]) -> NDArray[np.int64]:
        """Positions in the log of the acts that set the recency of some pairs, shape of `pairs`.

        Of equal ones the latest, then the one with the least event key. `event_keys` by position in the log.
        """
        head = self.bounds[pairs].astype(np.int64)
        counts = self.bounds[pairs + 1] - head
        ends = np.cumsum(counts)
        at = np.repeat(head - ends + counts, counts) + np.arange(ends[-1:].sum())
        values = self._values(at, half_life_ms)
        greatest = np.maximum.reduceat(values, ends - counts) if pairs.size else values
        best = np.flatnonzero(values == np.repeat(greatest, counts))
        pair, at = np.repeat(np.arange(pairs.size), counts)[best], at[best]
        tied = np.flatnonzero(np.bincount(pair)[pair] > 1)
        rows = self.row[self.place[at]]
        settled = np.lexsort((~event_keys[rows[tied]], ~self.age[at[tied]], pair[tied]))
        rows[tied] = rows[tied[settled]]
        chosen = np.zeros(pairs.size, dtype=np.int64)
        chosen[pair] = rows
        return chosen

    def _stretches(self) -> Iterator[tuple[slice, slice, NDArray[np.int64]]]:
        """(pairs, their rows, where each of the pairs begins among those)."""
        for pairs in stretches(self.src.size):
            rows = slice(int(self.bounds[pairs.start]), int(self.bounds[pairs.stop]))
            yield pairs, rows, self.bounds[pairs].astype(np.int64) - rows.start

    def _values(self, rows: slice | NDArray[np.int64], half_life_ms: float) -> NDArray[np.float64]:
        worth = decayed(self.age[rows], half_life_ms)
        worth *= self.weights[self.code[rows]]
        return worth


def pair_rows(window: Window, weights: NDArray[np.float64], acts: NDArray[np.bool_], responses: NDArray[np.bool_]) -> PairRows:
    """Sort the acts of a window by pair, once for every half-life.

    `weights` by kind code; `acts` and those of them that are `responses`, as `graph.responses` finds them, shape (m,).
    """
    order = in_order(window.dst, window.src, acts, window.numbers.size)
    bounds = order.bounds()
    dst, src = order.pairs(bounds[:-1])
    code = np.where(responses, window.kind, window.kind | MUTE)
    return PairRows(
        place=order.rows,
        row=window.row,
        age=taken(window.age, order.rows),
        code=taken(code, order.rows),
        weights=np.concatenate([weights, np.zeros(MUTE)]),
        bounds=bounds,
        src=src,
        dst=dst,
    )
