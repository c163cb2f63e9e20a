"""How sure a rank is: ties, and the span in which earlier ranks came out. docs/ranking.md, section 11."""

from collections.abc import Sequence
from itertools import groupby
from math import ceil, exp, floor, log

import numpy as np
from numpy.typing import NDArray

Spread = tuple[float, float]
"""Factors on a rank: (towards the first, towards the last)."""
UNKNOWN: Spread = (1 / 12, 12.0)
"""Before anything has elapsed: the widest that was seen in public conversations."""

ROUNDING = 1e-9


def tie_span(keys: list[tuple[float, float]]) -> tuple[list[int], list[int], list[int]]:
    """(ranks, lowest, highest) of sorted keys: equal keys share the first position (1, 2, 2, 4) and span all of theirs."""
    ranks: list[int] = []
    highest: list[int] = []
    for _, tied in groupby(keys):
        size = sum(1 for _ in tied)
        first = len(ranks) + 1
        ranks += [first] * size
        highest += [first + size - 1] * size
    return ranks, list(ranks), highest


def rank_errors(listed: NDArray[np.int64], ranked: NDArray[np.bool_], gain: NDArray[np.int64]) -> list[float]:
    """Logarithm of the realised rank over the published one, for each of `listed` that is still there.

    `listed`: positions in order of the published rank, -1: gone; `ranked` and `gain` by position. Equal gains share a mean rank.
    """
    gains = np.sort(gain[ranked])
    errors = []
    for rank, position in enumerate(listed.tolist(), start=1):
        if position >= 0 and ranked[position]:
            below = int(np.searchsorted(gains, gain[position], side="left"))
            upto = int(np.searchsorted(gains, gain[position], side="right"))
            realised = gains.size - (below + upto - 1) / 2
            errors.append(log(realised / rank))
    return errors


def spread_of(errors: Sequence[float], coverage: float) -> Spread:
    """The factors between which the next error falls with probability `coverage`, as far as it is exchangeable with these."""
    if not errors:
        return UNKNOWN
    ordered = sorted(errors)
    beyond = (len(ordered) + 1) * (1 - coverage) / 2
    low, high = floor(beyond + ROUNDING), ceil(len(ordered) + 1 - beyond - ROUNDING)
    return (
        exp(ordered[low - 1]) if low >= 1 else UNKNOWN[0],
        exp(ordered[high - 1]) if high <= len(ordered) else UNKNOWN[1],
    )


def widened(low: int, rank: int, high: int, spread: Spread, count: int) -> tuple[int, int]:
    """The span of a tie, `low` to `high`, widened by a spread, within 1 to `count`."""
    return max(1, min(low, round(rank * spread[0]))), min(count, max(high, round(rank * spread[1])))
