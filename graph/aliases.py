"""Messages that go by another key than that of an event: the rows that made them, found by the message's key."""

import numpy as np
from numpy.typing import NDArray

from graph.growing import grown
from graph.key_index import ABSENT, KeyIndex


class Aliases:
    """Pairs of a message's key and a row, in order of rows; a message may have several."""

    __slots__ = ("_index", "_keys", "_rows", "count")

    def __init__(self) -> None:
        self.count = 0
        self._keys: NDArray[np.uint64] = np.zeros(0, dtype=np.uint64)
        self._rows: NDArray[np.int64] = np.zeros(0, dtype=np.int64)
        self._index = KeyIndex()

    def add(self, keys: NDArray[np.uint64], rows: NDArray[np.int64]) -> None:
        """Enter pairs whose rows come after all that are known."""
        end = self.count + keys.size
        self._keys, self._rows = grown(self._keys, end), grown(self._rows, end)
        self._keys[self.count : end], self._rows[self.count : end] = keys, rows
        _, earliest = np.unique(keys, return_index=True)
        unseen = np.sort(earliest[self._index.find(keys[earliest], self._keys) == ABSENT])
        self._index.add(keys[unseen], unseen + self.count, self._keys)
        self.count = end

    def first_rows(self, keys: NDArray[np.uint64], oldest: int) -> NDArray[np.int64]:
        """The first row from `oldest` on of each message, -1 where there is none; shape of `keys`."""
        if not self.count:
            return np.full(keys.size, ABSENT, dtype=np.int64)
        found = self._index.find(keys, self._keys)
        rows = np.where(found == ABSENT, ABSENT, self._rows[found])
        for k in np.flatnonzero((found != ABSENT) & (rows < oldest)).tolist():
            kept = np.flatnonzero(self._keys[: self.count] == keys[k])
            rows[k] = next((row for row in self._rows[kept].tolist() if row >= oldest), ABSENT)
        return rows

    def all_rows(self, keys: NDArray[np.uint64]) -> list[tuple[int, int]]:
        """(key, row) of every pair whose key is one of these; one pass for all."""
        hits = np.flatnonzero(np.isin(self._keys[: self.count], keys))
        return list(zip(self._keys[hits].tolist(), self._rows[hits].tolist(), strict=True))

    def between(self, start: int, stop: int) -> tuple[NDArray[np.uint64], NDArray[np.int64]]:
        """Keys, and rows counted from `start`, of the rows from `start` up to `stop`."""
        part = slice(*np.searchsorted(self._rows[: self.count], (start, stop)).tolist())
        return self._keys[part], self._rows[part] - start

    def keep_from(self, first: int) -> None:
        """Forget rows before `first`, and count rows from there."""
        keys, rows = self.between(first, int(self._rows[: self.count].max(initial=first)) + 1)
        self.count, self._keys, self._rows = 0, keys[:0].copy(), rows[:0].copy()
        self._index = KeyIndex()
        self.add(keys, rows)
