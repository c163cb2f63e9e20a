"""Brokerage: who joins circles that are otherwise apart.

Gould, Fernandez, *Structures of mediation*, Sociological Methodology 1989: somebody brokers between two people of different
groups where both have a tie with him and none with one another. Ties here have no direction, groups are circles.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, diags_array

from graph.circles import NONE

FEWEST_CONTACTS = 2
"""Contacts in a circle from which on it counts as joined: one may be chance."""
Counts = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Brokerage:
    """Of some actors, shape (a,) each."""

    contacts: Counts
    """People of some circle with whom it has a tie."""
    circles: Counts
    """Circles that hold two or more of them."""
    brokered: Counts
    """Pairs of contacts in different circles that have no tie of their own."""

    @property
    def share(self) -> NDArray[np.float64]:
        """Of all pairs of contacts the share that it brokers between; 0 without two contacts."""
        pairs = self.contacts * (self.contacts - 1) / 2
        share = np.zeros(pairs.size)
        np.divide(self.brokered, pairs, out=share, where=pairs > 0)
        return share


def ties_of(actors: int, src: NDArray[np.int64], dst: NDArray[np.int64]) -> csr_array:
    """Who has exchanged anything with whom, whoever acted: 1 and symmetric, shape (n, n)."""
    ends = np.concatenate([src, dst]), np.concatenate([dst, src])
    ties = csr_array((np.ones(ends[0].size), ends), shape=(actors, actors))
    ties.data[:] = 1
    return ties


def brokerage_of(ties: csr_array, circle: NDArray[np.int32], actors: NDArray[np.int64]) -> Brokerage:
    """`ties` as `ties_of` gives them; `circle`: names of circles by actor, shape (n,); `actors`: positions of those asked for.

    Actor 0 has ties with 1 and 2 of one circle and 3 and 4 of another, of whom 2 and 3 know each other:

    >>> ties = ties_of(5, np.array([0, 0, 0, 0, 1, 2, 3]), np.array([1, 2, 3, 4, 2, 3, 4]))
    >>> found = brokerage_of(ties, np.array([1, 1, 1, 2, 2], dtype=np.int32), np.array([0]))
    >>> found.contacts.tolist(), found.circles.tolist(), found.brokered.tolist(), found.share.tolist()
    ([4], [2], [3], [0.5])
    """
    members = np.flatnonzero(circle != NONE)
    member = csr_array((np.ones(members.size), (members, circle[members])), shape=(circle.size, int(circle.max(initial=0)) + 1))
    near = csr_array(ties[actors] @ diags_array((circle != NONE).astype(np.float64)))
    near.eliminate_zeros()
    by_circle = csr_array(near @ member)
    contacts = _row_sums(by_circle)
    different = (contacts**2 - _row_sums(by_circle.power(2))) // 2
    met = _row_sums(csr_array((near @ _crossing(ties, circle)).multiply(near))) // 2
    return Brokerage(contacts, _row_sums(by_circle >= FEWEST_CONTACTS), different - met)


def _crossing(ties: csr_array, circle: NDArray[np.int32]) -> csr_array:
    """Only the ties between two circles."""
    coordinates = ties.tocoo()
    one, other = circle[coordinates.row], circle[coordinates.col]
    kept = (one != other) & (one != NONE) & (other != NONE)
    return csr_array((coordinates.data[kept], (coordinates.row[kept], coordinates.col[kept])), shape=ties.shape)


def _row_sums(matrix: csr_array) -> Counts:
    return np.asarray(matrix.sum(axis=1)).ravel().astype(np.int64)
