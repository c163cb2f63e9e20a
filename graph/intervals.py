"""How sure a rank is: ties, and the span in which earlier ranks came out. docs/ranking.md, section 11."""

from collections.abc import Sequence
from math import ceil, exp, floor, log

import numpy as np
from numpy.typing import NDArray

Spread = tuple[float, float]
"""Factors on a rank: (towards the first, towards the last)."""
UNKNOWN: Spread = (1 / 12, 12.0)
"""Before anything has elapsed: the widest that was seen in public conversations."""

ROUNDING = 1e-9


def tie_span(*keys: NDArray[np.float64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """(first, last) position of the tie that each place belongs to, from 1: equal keys share the first (1, 2, 2, 4).

    `keys`: sorted columns, of which all must agree, shape (n,) each.
    """
    size = keys[0].size
    other = np.zeros(max(size - 1, 0), dtype=np.bool_)
    for column in keys:
        other |= column[1:] != column[:-1]
    heads = np.concatenate([np.zeros(min(size, 1), dtype=np.int64), np.flatnonzero(other) + 1])
    ends = np.append(heads[1:], size)
    return np.repeat(heads + 1, ends[: heads.size] - heads), np.repeat(ends[: heads.size], ends[: heads.size] - heads)


def settle_ties(
    order: NDArray[np.intp], ties: tuple[NDArray[np.int64], NDArray[np.int64]], who: NDArray[np.int64], ids: list[str]
) -> None:
    """Inside a tie, ids decide: changes `order`, positions in `who`, in place. `ties` as of `tie_span`; `ids` by `who`."""
    first, last = ties
    tied = np.flatnonzero(first < last)
    names = [ids[k] for k in who[order[tied]].tolist()]
    settled = sorted(range(tied.size), key=lambda k: (first[tied[k]], names[k]))
    order[tied] = order[tied[settled]]


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


def widened(
    first: NDArray[np.int64], last: NDArray[np.int64], spreads: NDArray[np.float64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """(lowest, highest) rank: the ties `first` to `last`, shape (n,), widened by `spreads`, shape (n, 2), within 1 to n."""
    low, high = (np.rint(first * factor).astype(np.int64) for factor in spreads.T)
    return np.maximum(1, np.minimum(first, low)), np.minimum(first.size, np.maximum(last, high))
