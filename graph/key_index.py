"""From a 64-bit key to its row: open addressing in one numpy table of 4 bytes a slot; the keys stay in their column."""

import numpy as np
from numpy.typing import NDArray

FULLEST = 0.85
"""Load at which the table is rebuilt: linear probing slows down steeply beyond."""
ROOMIEST = 0.7
ABSENT = -1


class KeyIndex:
    """Finds rows by key. Slots hold row + 1; 0 is empty. Keys are keyed hashes already, so their high bits are the place."""

    __slots__ = ("_slots", "_used")

    def __init__(self) -> None:
        self._slots: NDArray[np.uint32] = np.zeros(64, dtype=np.uint32)
        self._used = 0

    def find(self, keys: NDArray[np.uint64], column: NDArray[np.uint64], oldest: int = 0) -> NDArray[np.int64]:
        """Rows of `keys` (shape (n,)) in `column`, -1 where absent; rows before `oldest` are forgotten ones."""
        rows = np.full(keys.size, ABSENT, dtype=np.int64)
        if self._used == 0:
            return rows
        left = np.arange(keys.size)
        place = self._places(keys)
        while left.size:
            row = self._slots[place].astype(np.int64) - 1
            taken = row >= 0
            left, place, row = left[taken], place[taken], row[taken]
            hit = (column[row] == keys[left]) & (row >= oldest)
            rows[left[hit]] = row[hit]
            left, place = left[~hit], self._next(place[~hit])
        return rows

    def add(self, keys: NDArray[np.uint64], rows: NDArray[np.int64], column: NDArray[np.uint64]) -> None:
        """Enter distinct keys known to be absent. `column[r]` for every row r ever entered must be its key."""
        if self._used + keys.size > self._slots.size * FULLEST:
            old = self._slots[self._slots > 0].astype(np.int64) - 1
            self._slots = np.zeros(int((self._used + keys.size) / ROOMIEST) + 64, dtype=np.uint32)
            self._place(column[old], old)
        self._place(keys, rows)
        self._used += keys.size

    def _place(self, keys: NDArray[np.uint64], rows: NDArray[np.int64]) -> None:
        place = self._places(keys)
        mark = (rows + 1).astype(np.uint32)
        while mark.size:
            free = self._slots[place] == 0
            self._slots[place[free]] = mark[free]
            lost = self._slots[place] != mark
            mark, place = mark[lost], self._next(place[lost])

    def _places(self, keys: NDArray[np.uint64]) -> NDArray[np.int64]:
        return (((keys >> np.uint64(32)) * np.uint64(self._slots.size)) >> np.uint64(32)).astype(np.int64)

    def _next(self, place: NDArray[np.int64]) -> NDArray[np.int64]:
        following = place + 1
        following[following == self._slots.size] = 0
        return following
