"""Baselines from the eigenvectors of the response graph, in which u -> i says that u responded to i.

Matrices have shape (n, n), n > 0.
"""

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.linalg import norm

from graph.centralities.fixed_point import Values, fixed_point


def hits(counts: csr_array) -> Values:
    """Authorities: responded to by those who respond to authorities. Kleinberg, JACM 1999. Sums to 1."""
    back = counts.T.tocsr()

    def step(rank: Values) -> Values:
        fresh: Values = back @ (counts @ rank)
        return fresh / (fresh.sum() or 1.0)

    return fixed_point(step, _uniform(counts.shape[0]))


def katz(counts: csr_array, share: float = 0.85) -> Values:
    """Chains of responses that end at the actor, each link weaker. Katz, Psychometrika 1953.

    The weakening is `share` of the greatest that converges for certain: the inverse of the least of the matrix's norms.
    """
    back = counts.T.tocsr()
    bound = min(float(norm(counts, 1)), float(norm(counts, np.inf))) if counts.nnz else 0.0
    alpha = share / bound if bound else 0.0

    def step(rank: Values) -> Values:
        fresh: Values = alpha * (back @ rank) + 1
        return fresh

    return fixed_point(step, np.ones(counts.shape[0]))


def leader_rank(counts: csr_array) -> Values:
    """A ground actor, tied to everybody both ways, takes the place of damping. Lü, Zhang, Yeung, Zhou, PLoS ONE 2011."""
    actors = counts.shape[0]
    share = 1 / (np.asarray(counts.sum(axis=1)).ravel() + 1)
    back = counts.T.tocsr()

    def step(rank: Values) -> Values:
        everybody, ground = rank[:-1], rank[-1]
        passed = everybody * share
        # Half a step at a time: without damping the walk could swing between everybody and the ground for ever.
        fresh = np.append(back @ passed + ground / actors, passed.sum())
        half: Values = (rank + fresh) / 2
        return half

    found = fixed_point(step, np.append(np.ones(actors), 0.0))
    everybody: Values = found[:-1] + found[-1] / actors
    return everybody


def _uniform(actors: int) -> Values:
    return np.full(actors, 1 / actors)
