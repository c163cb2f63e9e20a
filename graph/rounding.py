"""Rounding to what the data can tell apart, before numbers are compared for a tie."""

import numpy as np
from numpy.typing import NDArray

SIGNIFICANT = 12
"""Digits beyond which a difference of scores is rounding, not data."""


def significant(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """`values` (>= 0, any shape) to `SIGNIFICANT` decimal digits."""
    digits = np.zeros(values.shape)
    np.log10(values, out=digits, where=values > 0)
    scale = 10.0 ** (SIGNIFICANT - 1 - np.floor(digits))
    rounded: NDArray[np.float64] = np.rint(values * scale) / scale
    return rounded
