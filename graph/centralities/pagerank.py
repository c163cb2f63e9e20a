"""PageRank: who is responded to by those who are responded to.

Page, Brin, Motwani, Winograd, *The PageRank citation ranking: bringing order to the web*, 1999.
"""

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from graph.centralities.fixed_point import fixed_point


def pagerank(counts: csr_array, damping: float = 0.85) -> NDArray[np.float64]:
    """By actor, shape (n,), n > 0, adding up to 1. `counts`: row u responded to column i so many times, shape (n, n).

    A reader goes from an actor to one that it responded to, in proportion, with probability `damping`; else, and from
    actors that responded to nobody, to anybody.

    >>> counts = csr_array([[0, 0, 0, 0, 0], [3, 0, 1, 0, 0], [1, 0, 0, 0, 0], [0, 1, 0, 0, 0], [1, 0, 0, 0, 0]])
    >>> pagerank(counts).round(3).tolist()
    [0.446, 0.196, 0.147, 0.106, 0.106]
    """
    actors = counts.shape[0]
    given = np.asarray(counts.sum(axis=1), dtype=np.float64).ravel()
    share = np.zeros(actors)
    np.divide(1.0, given, out=share, where=given > 0)
    stuck = given == 0
    back = counts.T.tocsr()

    def step(rank: NDArray[np.float64]) -> NDArray[np.float64]:
        fresh: NDArray[np.float64] = damping * (back @ (rank * share) + rank[stuck].sum() / actors) + (1 - damping) / actors
        return fresh

    return fixed_point(step, np.full(actors, 1 / actors))
