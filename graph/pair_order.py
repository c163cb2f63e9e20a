"""Sorting by whole numbers that fit together into one machine word with the position: several times faster than by position."""

import numpy as np
from numpy.typing import NDArray

WORD = 63
"""Bits of a number that is not negative."""


def in_order(keys: NDArray[np.int64], most: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """(positions that sort `keys`, equal ones as they come; the keys in that order). `most`: above all keys, which are >= 0."""
    room = keys.size.bit_length()
    if most.bit_length() + room > WORD:
        order = np.argsort(keys, kind="stable")
        return order, keys[order]
    packed = keys << room
    packed |= np.arange(keys.size)
    packed.sort()
    order = packed & ((1 << room) - 1)
    packed >>= room
    return order, packed


def heads_of(ordered: NDArray[np.int64]) -> NDArray[np.int64]:
    """Where each value of a sorted column begins."""
    if not ordered.size:
        return np.zeros(0, dtype=np.int64)
    return np.concatenate([np.zeros(1, dtype=np.int64), np.flatnonzero(ordered[1:] != ordered[:-1]) + 1])
