"""Baselines from how deep in the graph somebody sits: k-core and Collective Influence. Ties have no direction and no weight."""

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, diags_array

ROWS = 500


def core_number(counts: csr_array) -> NDArray[np.float64]:
    """The greatest k such that the actor has k ties to actors of at least that k. Seidman 1983; Kitsak et al. 2010."""
    ties = _ties(counts)
    degree = degrees(ties)
    core = np.zeros(degree.size)
    left = np.ones(degree.size, dtype=np.bool_)
    k = 0
    while left.any():
        k = max(k, int(degree[left].min()))
        peeled = left & (degree <= k)
        core[peeled] = k
        left &= ~peeled
        degree = degree - (ties @ peeled.astype(np.float64))
    return core


def collective_influence(counts: csr_array) -> NDArray[np.float64]:
    """(d - 1) times the sum of (d - 1) over those exactly two steps away. Morone, Makse, Nature 2015."""
    ties = _ties(counts)
    spare = degrees(ties) - 1.0
    # Only those with two ties or more have anything to spare, and only through such does anybody reach anybody.
    inner = np.flatnonzero(spare > 0)
    ties, inner_spare = csr_array(ties[inner][:, inner]), spare[inner]
    influence = np.zeros(spare.size)
    for start in range(0, inner.size, ROWS):
        rows = slice(start, start + ROWS)
        influence[inner[rows]] = inner_spare[rows] * _two_steps_away(ties, rows, inner_spare)
    return influence


def _two_steps_away(ties: csr_array, rows: slice, values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Sum of the values of those exactly two steps from each of `rows`: a block at a time, for squares of hubs are large."""
    near = ties[rows]
    two = csr_array(near @ ties)
    two.data[:] = 1
    among = near.multiply(two)
    own = degrees(near) > 0
    found: NDArray[np.float64] = two @ values - among @ values - own * values[rows]
    return found


def _ties(counts: csr_array) -> csr_array:
    both = csr_array(counts + counts.T)
    both = csr_array(both - diags_array(both.diagonal()))
    both.eliminate_zeros()
    both.data = np.ones(both.data.size, dtype=np.float64)
    return both


def degrees(matrix: csr_array) -> NDArray[np.float64]:
    """Sum of each row."""
    return np.asarray(matrix.sum(axis=1), dtype=np.float64).ravel()
