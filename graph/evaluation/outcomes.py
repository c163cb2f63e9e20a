"""What came true after a cut date: who was responded to, by whom, and how much for what they wrote. By actor."""

import numpy as np
from numpy.typing import NDArray

from graph.evaluation.act_table import ActTable
from graph.evaluation.past import responses
from graph.kinds import ACCEPT, REACTION, REPOST, VOUCH

ENDORSEMENTS = np.isin(np.arange(16), [REPOST, REACTION, ACCEPT, VOUCH])
"""By code: votes, public reposts, accepted answers; an outcome outside the graph once they are taken out of the past."""
FEWEST_MESSAGES = 3


def distinct_responders(after: ActTable) -> NDArray[np.float64]:
    """Y1: how many people responded to each actor. `after`: the acts of the outcome period."""
    rows = responses(after)
    return _distinct(after.src[rows], after.dst[rows], len(after.ids))


def new_responders(whole: ActTable, after_ms: int, end_ms: int) -> NDArray[np.float64]:
    """Y2: how many people responded in (after, end] who had never met the actor, in whatever way, and whom it did not address."""
    actors = len(whole.ids)
    toward = (whole.dst >= 0) & (whole.time <= end_ms)
    after = whole.time > after_ms
    met, addressed = np.flatnonzero(toward & ~after), np.flatnonzero(toward & after)
    rows = responses(whole)
    rows = rows[after[rows] & toward[rows]]
    pair = np.unique(whole.src[rows] * actors + whole.dst[rows])
    known = np.concatenate(
        [
            whole.src[met] * actors + whole.dst[met],
            whole.dst[met] * actors + whole.src[met],
            whole.dst[addressed] * actors + whole.src[addressed],
        ]
    )
    return np.bincount(pair[~np.isin(pair, known)] % actors, minlength=actors).astype(np.float64)


def responders_per_message(before: ActTable, after: ActTable) -> NDArray[np.float64]:
    """Y3: Y1 over own messages, for those with at least three before and after the date; NaN for all others."""
    actors = len(after.ids)
    wrote = np.bincount(after.src[after.own], minlength=actors)
    had = np.bincount(before.src[before.own], minlength=actors)
    rate = np.full(actors, np.nan)
    np.divide(distinct_responders(after), wrote, out=rate, where=(wrote >= FEWEST_MESSAGES) & (had >= FEWEST_MESSAGES))
    return rate


def endorsers(after: ActTable) -> NDArray[np.float64]:
    """Y4: how many people reposted, voted for, accepted or vouched for each actor."""
    rows = np.flatnonzero((after.dst >= 0) & ENDORSEMENTS[after.kind] & ~after.bot)
    return _distinct(after.src[rows], after.dst[rows], len(after.ids))


def _distinct(src: NDArray[np.int64], dst: NDArray[np.int64], actors: int) -> NDArray[np.float64]:
    pairs = np.unique(src * actors + dst)
    return np.bincount(pairs % actors, minlength=actors).astype(np.float64)
