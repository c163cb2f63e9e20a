"""Repeating a step until nothing changes any more: how ranks that are defined by themselves are found."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.float64]
"""By actor, shape (n,)."""
TOLERANCE, STEPS = 1e-10, 1000


def fixed_point(step: Callable[[Values], Values], start: Values) -> Values:
    """Where `step` leads from `start`: as far as a change of `TOLERANCE` of the whole, or `STEPS` steps."""
    rank = start
    for _ in range(STEPS):
        fresh = step(rank)
        if np.abs(fresh - rank).sum() <= TOLERANCE * max(np.abs(fresh).sum(), 1.0):
            break
        rank = fresh
    return rank
