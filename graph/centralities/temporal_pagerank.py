"""Temporal PageRank: as PageRank, along walks that only go forward in time.

Rozenshtein, Gionis, *Temporal PageRank*, ECML PKDD 2016, algorithm 1, which takes the responses one by one: at `u -> i` the
walks that wait at u are joined by a new one; they all come to i, where they wait for what i does next, but for the share
`keep` that stays at u. What arrives is linear in what arrived before, and each response hands on to two later ones at most:
the next of u and the next of i. So the whole is one sparse triangular system, solved at once instead of act by act.
"""

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csc_array, csr_array
from scipy.sparse.linalg import spsolve_triangular

Places = NDArray[np.int64]


def temporal_pagerank(src: Places, dst: Places, actors: int, damping: float = 0.85, keep: float = 0.5) -> NDArray[np.float64]:
    """By actor, shape (actors,), not normalised. `src` responded to `dst`, shape (m,) each, in order of time.

    Who acts much gets much: each response gives 1 - `damping` to its author.

    >>> first, second = np.array([0, 1]), np.array([1, 2])
    >>> temporal_pagerank(first, second, 5).round(4).tolist()
    [0.15, 0.2775, 0.1817, 0.0, 0.0]
    >>> temporal_pagerank(first[::-1], second[::-1], 5).round(4).tolist()
    [0.15, 0.2775, 0.1275, 0.0, 0.0]
    """
    arriving: NDArray[np.float64] = np.zeros(0)
    if src.size:
        handed_on = _handed_on(src, dst, actors, damping, keep)
        begun = np.full(src.size, 1 - damping)
        arriving = np.asarray(spsolve_triangular(handed_on, begun, unit_diagonal=True, overwrite_A=True), dtype=np.float64)
    began, came = np.bincount(src, minlength=actors), np.bincount(dst, weights=arriving, minlength=actors)
    rank: NDArray[np.float64] = (1 - damping) * began + damping * came
    return rank


def _handed_on(src: Places, dst: Places, actors: int, damping: float, keep: float) -> csc_array:
    """I - L, shape (m, m): column k of L says which shares of what passes at response k pass again at later ones."""
    own, others = _next_acts(src, dst, actors)
    to_own, to_others = -keep, -(1 - keep) * damping
    rows = np.column_stack([np.arange(src.size), np.minimum(own, others), np.maximum(own, others)])
    own_first = own < others
    values = np.column_stack([np.ones(src.size), np.where(own_first, to_own, to_others), np.where(own_first, to_others, to_own)])
    there = rows < src.size
    starts = np.concatenate([[0], np.cumsum(there.sum(axis=1))])
    return csc_array((values[there], rows[there].astype(np.int32), starts.astype(np.int32)), shape=(src.size, src.size))


def _next_acts(src: Places, dst: Places, actors: int) -> tuple[Places, Places]:
    """Of each response, the next one that its author makes, and the next one that its target makes; m where there is none."""
    count = src.size
    by_author, by_target = _grouped(src, actors), _grouped(dst, actors)
    own, others = np.full(count, count), np.full(count, count)
    again = src[by_author[1:]] == src[by_author[:-1]]
    own[by_author[:-1][again]] = by_author[1:][again]
    target = dst[by_target]
    place = np.searchsorted(src[by_author] * count + by_author, target * count + by_target)
    following = by_author[np.minimum(place, count - 1)]
    acts = (src[following] == target) & (following > by_target)
    others[by_target[acts]] = following[acts]
    return own, others


def _grouped(actor: Places, actors: int) -> Places:
    """Positions of the responses, actor by actor, in their order."""
    place = np.arange(actor.size)
    return csr_array((np.ones(actor.size, dtype=np.bool_), (actor, place)), shape=(actors, actor.size)).indices.astype(np.int64)
