"""Columns that grow in small steps, so that little memory stands empty."""

from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

SMALLEST = 256
Cell = TypeVar("Cell", bound=np.generic)


def grown(array: NDArray[Cell], needed: int) -> NDArray[Cell]:
    """`array` itself where it holds `needed` cells, else a copy with at least that many and 1/32 to spare; new cells are 0."""
    if needed <= array.size:
        return array
    larger = np.zeros(max(needed + needed // 32, SMALLEST), dtype=array.dtype)
    larger[: array.size] = array
    return larger
