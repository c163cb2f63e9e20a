"""Event times by row, four bytes each: milliseconds after a base that moves up as old rows expire."""

import numpy as np
from numpy.typing import NDArray

from graph.growing import grown
from graph.stretches import stretches

Offsets = NDArray[np.uint32 | np.int64]
Rows = slice | NDArray[np.int64] | NDArray[np.int32]
WIDEST = 2**32 - 1


class Times:
    """A time before the base reads as the base: by then the row has expired, and only that matters of it.

    Four bytes reach 49 days; where a longer window needs more, the column becomes one of eight.
    """

    __slots__ = ("_offsets", "base_ms")

    def __init__(self) -> None:
        self.base_ms: int | None = None
        self._offsets: Offsets = np.zeros(0, dtype=np.uint32)

    def at(self, rows: Rows) -> NDArray[np.int64]:
        """Times of some rows, ms UTC."""
        found = self._offsets[rows].astype(np.int64)
        found += self.base_ms or 0
        return found

    def within(self, rows: slice, after_ms: int, upto_ms: int) -> NDArray[np.bool_]:
        """Which of some rows lie after the one time, and not after the other."""
        base, offsets = self.base_ms or 0, self._offsets[rows]
        found: NDArray[np.bool_] = offsets > after_ms - base
        found &= offsets <= upto_ms - base
        return found

    def first_after(self, rows: slice, after_ms: int) -> int | None:
        """The earliest time of some rows that lies after one, ms UTC; None where there is none."""
        base, offsets = self.base_ms or 0, self._offsets[rows]
        later = (part[part > after_ms - base] for part in map(offsets.__getitem__, stretches(offsets.size)))
        return min((base + int(part.min()) for part in later if part.size), default=None)

    def ages(self, rows: NDArray[np.int32], end_ms: int, most_ms: int) -> Offsets:
        """How long before `end_ms` some rows lie, from 0 to `most_ms`: in four bytes where those hold it."""
        found: Offsets = np.empty(rows.size, dtype=np.uint32 if most_ms <= WIDEST else np.int64)
        for part in stretches(rows.size):
            found[part] = end_ms - self.at(rows[part])
        return found

    def put(self, start: int, times_ms: NDArray[np.int64]) -> None:
        """Times of the rows from `start` on."""
        if self.base_ms is None:
            self.base_ms = int(times_ms.min(initial=0))
        offsets = np.maximum(times_ms - self.base_ms, 0)
        if self._offsets.dtype == np.uint32 and offsets.max(initial=0) > WIDEST:
            self._offsets = self._offsets.astype(np.int64)
        self._offsets = grown(self._offsets, start + offsets.size)
        self._offsets[start : start + offsets.size] = offsets

    def rebase(self, base_ms: int) -> None:
        """Count from a later base; what lies before it moves up to it."""
        if self.base_ms is not None and base_ms <= self.base_ms:
            return
        if self.base_ms is not None and self._offsets.size:
            moved: Offsets = np.maximum(self._offsets.astype(np.int64) - (base_ms - self.base_ms), 0)
            self._offsets = moved.astype(np.uint32) if self._offsets.dtype == np.uint32 else moved
        self.base_ms = base_ms

    def keep(self, rows: slice) -> None:
        """Forget all other rows."""
        self._offsets = self._offsets[rows].copy()
