"""Sorting rows by pair: two numbers and the position fit into one machine word, which sorts many times faster than positions."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from graph.stretches import positions, stretches, taken

WORD = 64
"""Bits of a number without sign."""


@dataclass(frozen=True, slots=True)
class PairOrder:
    """Rows in order of (high, low), equal ones as they come, shape (k,) each."""

    rows: NDArray[np.int32]
    words: NDArray[np.uint64]
    """The two numbers of each row, the higher one above the lowest `bits`."""
    bits: int

    def bounds(self) -> NDArray[np.int32]:
        """Where each of p pairs begins, and the last one ends, shape (p + 1,)."""
        new = np.ones(self.words.size + 1, dtype=np.bool_)
        np.not_equal(self.words[1:], self.words[:-1], out=new[1:-1])
        return positions(new)

    def pairs(self, at: NDArray[np.int32]) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
        """(high, low) of some places in the order, shape of `at` each."""
        high, low = np.empty(at.size, dtype=np.int32), np.empty(at.size, dtype=np.int32)
        for part in stretches(at.size):
            words = self.words[at[part]]
            low[part] = words & ((1 << self.bits) - 1)
            words >>= self.bits
            high[part] = words
        return high, low


def in_order(high: NDArray[np.int32], low: NDArray[np.int32], which: NDArray[np.bool_], most: int) -> PairOrder:
    """Sort the rows that are set in `which` by (high, low), which are in [0, `most`); all of shape (m,)."""
    bits, room = _bits(most), _bits(which.size)
    if 2 * bits + room > WORD:
        return _in_order_of_each(high, low, which, bits)
    words, end = np.empty(np.count_nonzero(which), dtype=np.uint64), 0
    for part in stretches(which.size):
        here = np.flatnonzero(which[part])
        start, end = end, end + here.size
        _pack(words[start:end], high[part][here], low[part][here], here + part.start, (bits, room))
    return _unpacked(words, bits, room)


def in_order_of_two(one: NDArray[np.int32], other: NDArray[np.int32], most: int) -> PairOrder:
    """Sort rows by the two in [0, `most`) whom they concern, whichever of them acted: the lower number goes before."""
    bits, room = _bits(most), _bits(one.size)
    if 2 * bits + room > WORD:
        return _in_order_of_each(np.minimum(one, other), np.maximum(one, other), np.ones(one.size, dtype=np.bool_), bits)
    words = np.empty(one.size, dtype=np.uint64)
    for part in stretches(one.size):
        ends = np.minimum(one[part], other[part]), np.maximum(one[part], other[part])
        _pack(words[part], *ends, np.arange(part.start, part.stop), (bits, room))
    return _unpacked(words, bits, room)


def _pack(
    words: NDArray[np.uint64], high: NDArray[np.int32], low: NDArray[np.int32], rows: NDArray[np.int64], bits: tuple[int, int]
) -> None:
    """Fill `words`. `bits`: of a number, and of a position."""
    words[:] = high
    words <<= bits[0]
    words |= low.astype(np.uint64)
    words <<= bits[1]
    words |= rows.astype(np.uint64)


def _unpacked(words: NDArray[np.uint64], bits: int, room: int) -> PairOrder:
    words.sort()
    rows = np.empty(words.size, dtype=np.int32)
    for part in stretches(words.size):
        rows[part] = words[part] & ((1 << room) - 1)
        words[part] >>= room
    return PairOrder(rows, words, bits)


def _in_order_of_each(high: NDArray[np.int32], low: NDArray[np.int32], which: NDArray[np.bool_], bits: int) -> PairOrder:
    """By the lower number, and then by the higher one, where both leave no room for the position."""
    rows = positions(which)
    room = _bits(rows.size)
    for column in (low, high):
        words = taken(column, rows).astype(np.uint64)
        words <<= room
        words |= np.arange(rows.size, dtype=np.uint64)
        words.sort()
        words &= (1 << room) - 1
        rows = taken(rows, words.astype(np.int32))
    words = taken(high, rows).astype(np.uint64)
    words <<= bits
    words |= taken(low, rows).astype(np.uint64)
    return PairOrder(rows, words, bits)


def _bits(most: int) -> int:
    """Of every number below `most`."""
    return max(most - 1, 0).bit_length()


def heads_of(ordered: NDArray[np.int64]) -> NDArray[np.int64]:
    """Where each value of a sorted column begins."""
    if not ordered.size:
        return np.zeros(0, dtype=np.int64)
    return np.concatenate([np.zeros(1, dtype=np.int64), np.flatnonzero(ordered[1:] != ordered[:-1]) + 1])
