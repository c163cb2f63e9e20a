"""From a 64-bit key to its row: open addressing in one numpy table of 4 bytes a slot; the keys stay in their column."""

from math import isqrt

import numpy as np
from numpy.typing import NDArray

FULLEST = 0.85
"""Load at which the table is rebuilt."""
ROOMIEST = 0.65
ABSENT = -1
SMALLEST = 61


class KeyIndex:
    """Finds rows by key. Slots hold row + 1; 0 is empty.

    Keys are keyed hashes already: their high half is the place, their low half the stride from one place to the next, so that
    keys of one place part at once (double hashing). A batch is looked up in rounds, and no key needs many of them. Sizes are
    primes, so any stride comes to every slot.
    """

    __slots__ = ("_slots", "_used")

    def __init__(self) -> None:
        self._slots: NDArray[np.uint32] = np.zeros(SMALLEST, dtype=np.uint32)
        self._used = 0

    def find(self, keys: NDArray[np.uint64], column: NDArray[np.uint64], oldest: int = 0) -> NDArray[np.int64]:
        """Rows of `keys` (shape (n,)) in `column`, -1 where absent; rows before `oldest` are forgotten ones."""
        rows = np.full(keys.size, ABSENT, dtype=np.int64)
        if self._used == 0:
            return rows
        left = np.arange(keys.size)
        place, stride = self._path(keys)
        while left.size:
            row = self._slots[place].astype(np.int64) - 1
            hit = (column[row] == keys) & (row >= oldest)
            rows[left[hit]] = row[hit]
            on = np.flatnonzero((row >= 0) & ~hit)
            left, keys, stride = left[on], keys[on], stride[on]
            place = self._next(place[on], stride)
        return rows

    def add(self, keys: NDArray[np.uint64], rows: NDArray[np.int64], column: NDArray[np.uint64]) -> None:
        """Enter distinct keys known to be absent. `column[r]` for every row r ever entered must be its key."""
        if self._used + keys.size > self._slots.size * FULLEST:
            old = self._slots[self._slots > 0].astype(np.int64) - 1
            self._slots = np.zeros(_prime(int((self._used + keys.size) / ROOMIEST) + SMALLEST), dtype=np.uint32)
            self._place(column[old], old)
        self._place(keys, rows)
        self._used += keys.size

    def _place(self, keys: NDArray[np.uint64], rows: NDArray[np.int64]) -> None:
        """Whoever finds a slot free takes it; of two that do so at once the later one stays."""
        place, stride = self._path(keys)
        mark = (rows + 1).astype(np.uint32)
        while mark.size:
            free = self._slots[place] == 0
            self._slots[place[free]] = mark[free]
            lost = np.flatnonzero(self._slots[place] != mark)
            mark, stride = mark[lost], stride[lost]
            place = self._next(place[lost], stride)

    def _path(self, keys: NDArray[np.uint64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """(first place, stride) of each key."""
        size, half = np.uint64(self._slots.size), np.uint64(32)
        place = ((keys >> half) * size) >> half
        stride = ((keys & np.uint64(0xFFFFFFFF)) * (size - np.uint64(1))) >> half
        return place.astype(np.int64), stride.astype(np.int64) + 1

    def _next(self, place: NDArray[np.int64], stride: NDArray[np.int64]) -> NDArray[np.int64]:
        following = place + stride
        following[following >= self._slots.size] -= self._slots.size
        return following


def _prime(least: int) -> int:
    """The smallest odd prime that is not less."""
    number = max(least, 3) | 1
    while not (number % np.arange(3, isqrt(number) + 1, 2)).all():
        number += 2
    return number
