"""Long columns, a stretch at a time: what is computed on the way stays in the processor's cache and takes no new memory."""

from collections.abc import Iterator
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

STRETCH = 1 << 15
"""Cells: a handful of columns of so many fit into a second-level cache."""
Cell = TypeVar("Cell", bound=np.generic)
Whole = NDArray[np.uint8] | NDArray[np.int32] | NDArray[np.int64]


def stretches(size: int) -> Iterator[slice]:
    """Slices that cover `size` cells in their order.

    >>> [(part.start, part.stop) for part in stretches(40_000)]
    [(0, 32768), (32768, 40000)]
    """
    for start in range(0, size, STRETCH):
        yield slice(start, min(start + STRETCH, size))


def taken(values: NDArray[Cell], at: Whole) -> NDArray[Cell]:
    """`values[at]`, for positions that exist: numpy would widen a whole column of narrow ones before it takes the first value."""
    found = np.empty(at.size, dtype=values.dtype)
    for part in stretches(at.size):
        np.take(values, at[part], out=found[part], mode="clip")  # any other mode takes into a buffer first
    return found


def positions(mask: NDArray[np.bool_]) -> NDArray[np.int32]:
    """Where a mask is set: `numpy.flatnonzero` in half the room."""
    found, end = np.empty(np.count_nonzero(mask), dtype=np.int32), 0
    for part in stretches(mask.size):
        here = np.flatnonzero(mask[part])
        start, end = end, end + here.size
        found[start:end] = here + part.start
    return found


def occurring(at: Whole, size: int) -> NDArray[np.bool_]:
    """Which of 0..size-1 occur in a column, shape (size,); -1 stands for the last one, as it does for numpy."""
    found = np.zeros(size, dtype=np.bool_)
    for part in stretches(at.size):
        found[at[part]] = True
    return found


def counted(at: Whole, which: NDArray[np.bool_], size: int) -> NDArray[np.int64]:
    """How often each of 0..size-1 occurs where `which` is set, shape (size,).

    >>> counted(np.array([2, 0, 2, 2]), np.array([True, True, True, False]), 3).tolist()
    [1, 0, 2]
    """
    found = np.zeros(size, dtype=np.int64)
    for part in stretches(at.size):
        np.add.at(found, at[part][which[part]].astype(np.int64), 1)
    return found
