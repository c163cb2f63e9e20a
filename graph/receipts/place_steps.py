"""From the earlier rank to the later one: places by the actor's own doing, cause by cause, then by that of others.

The place of somebody who is not ranked is one behind the last, so that entering and leaving are moves like any other.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from graph.rounding import significant

Values = NDArray[np.float64]
Keys = NDArray[np.complex128]
"""(percentile, score) as one number each: numpy orders complex numbers by their real part first, as a ranking is ordered."""
NOT_RANKED = complex(-1.0, -1.0)


@dataclass(frozen=True, slots=True)
class Standing:
    """One run, by actor of the crowd, shape (n,): the published percentile, 0 where not ranked, and score."""

    percentile: Values
    score: Values

    @property
    def ranked(self) -> NDArray[np.bool_]:
        """Who is on the list."""
        return self.percentile > 0

    def keys(self) -> Keys:
        """What a ranking is ordered by."""
        return np.where(self.ranked, self.percentile + 1j * significant(self.score), NOT_RANKED)

    def places(self) -> NDArray[np.int64]:
        """The published rank, or one behind the last."""
        keys = self.keys()
        return _behind(keys, keys[self.ranked])


def own_places(before: Standing, source: NDArray[np.int32], scores: list[Values]) -> list[NDArray[np.int64]]:
    """The place of each actor among the others of the run `before`, had it each of the later `scores` there; others stay put.

    `source` by actor. The first of `scores` is the published one, and its place the published rank.
    """
    keys = before.keys()
    listed = keys[before.ranked]
    found = [before.places()]
    for score in scores[1:]:
        own = _key_among(before, source, significant(score))
        found.append(_behind(own, listed) - (before.ranked & _exceeds(keys, own)))
    return found


def rival_places(before: Standing, after: Standing, own: Keys) -> list[NDArray[np.int64]]:
    """Places once those ranked in both runs stand where they stand now, once others have left, and once others have entered.

    `own`: each actor's key among the run `before` with its present score.
    """
    earlier, later = before.keys(), after.keys()
    both, gone, new = before.ranked & after.ranked, before.ranked & ~after.ranked, after.ranked & ~before.ranked
    moved = _behind(later, later[both])
    lost = _behind(own, earlier[gone]) - 1 - (gone & _exceeds(earlier, own))
    return [moved + lost, moved, moved + _behind(later, later[new]) - 1]


def last_key(before: Standing, source: NDArray[np.int32], score: Values, ranked: NDArray[np.bool_]) -> Keys:
    """The key among the run `before` of each actor with its present score; of those no longer `ranked` the last."""
    return np.where(ranked, _key_among(before, source, significant(score)), NOT_RANKED)


def _key_among(before: Standing, source: NDArray[np.int32], score: Values) -> Keys:
    """(percentile, score) that an actor would have had with this score; without one it would not have been ranked."""
    percentile = np.zeros(score.size)
    for code in np.unique(source).tolist():
        ours = source == code
        mates = np.sort(significant(before.score[ours & before.ranked]))
        there = before.ranked[ours]
        below = np.searchsorted(mates, score[ours], side="right")
        itself = there & (significant(before.score[ours]) <= score[ours])
        percentile[ours] = (below - itself + 1) / (mates.size + ~there)
    return np.where(score > 0, significant(percentile) + 1j * score, NOT_RANKED)


def _behind(keys: Keys, listed: Keys) -> NDArray[np.int64]:
    """The place after all of `listed` that come strictly before each of `keys`."""
    ordered = np.sort(listed)
    return ordered.size - np.searchsorted(ordered, keys, side="right") + 1


def _exceeds(left: Keys, right: Keys) -> NDArray[np.bool_]:
    found: NDArray[np.bool_] = (left.real > right.real) | ((left.real == right.real) & (left.imag > right.imag))
    return found
