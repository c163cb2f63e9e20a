"""A batch of one theme's acts as columns, over the records that they came in."""

from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate
from typing import Any

import numpy as np
from numpy.typing import NDArray

from graph.interaction import Interaction
from graph.log_record import DEFAULTS, LogRecord, laid_out


class Batch:
    """Acts in order, shape (n,), times in ms. Columns are laid out when they are first asked for, and not again for a part."""

    __slots__ = ("_columns", "_part", "_records", "keys", "occurred_at", "received_at", "size")

    def __init__(self, records: Sequence[LogRecord]) -> None:
        self._records = records
        self._columns: dict[str, list[Any]] = {}
        self._part: slice | list[int] = slice(None)
        self.size = sum(map(len, records))
        self.occurred_at = self.numbers("occurred_at", np.int64)
        self.received_at = self.numbers("received_at", np.int64)
        self.keys = self.numbers("key", np.uint64)

    def part(self, positions: NDArray[np.int64]) -> "Batch":
        """The acts at ascending positions of the whole batch, as a batch."""
        if positions.size == self.size:
            return self
        found = object.__new__(Batch)
        found._records, found._columns, found.size = self._records, self._columns, positions.size
        found._part = positions.tolist()
        if positions[-1] - positions[0] + 1 == positions.size:
            found._part = slice(int(positions[0]), int(positions[-1]) + 1)
        found.occurred_at, found.received_at = self.occurred_at[positions], self.received_at[positions]
        found.keys = self.keys[positions]
        return found

    def says(self, name: str) -> bool:
        """Whether any act of the whole batch says anything in this column."""
        return any(getattr(record, name) for record in self._records)

    def column(self, name: str) -> list[Any]:
        """The entry of each act."""
        whole = self._whole(name)
        if isinstance(self._part, slice):
            return whole if self._part == slice(None) else whole[self._part]
        return [whole[k] for k in self._part]

    def numbers(self, name: str, dtype: type[np.int64 | np.uint64]) -> NDArray[Any]:
        """The entry of each act, shape (n,)."""
        if not self.says(name):
            return np.full(self.size, DEFAULTS[name], dtype=dtype)
        return np.fromiter(self.column(name), dtype=dtype, count=self.size)

    def act(self, position: int) -> Interaction:
        """One act of this part as a value of its own: for the few that need more than a look."""
        if isinstance(self._part, slice):
            position += self._part.start or 0
        else:
            position = self._part[position]
        starts = [0, *accumulate(map(len, self._records))]
        number = bisect_right(starts, position) - 1
        return self._records[number].act(position - starts[number])

    def _whole(self, name: str) -> list[Any]:
        found = self._columns.get(name)
        if found is None:
            found = self._columns[name] = laid_out(self._records, name)
        return found
