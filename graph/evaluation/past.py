"""What a baseline is handed: the acts of one window, and nothing else."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from graph.evaluation.act_table import NOBODY, ActTable
from graph.kinds import RESPONSES


@dataclass(frozen=True, slots=True)
class Past:
    """The rows of a window, with its actors renumbered 0..n-1; `numbers` are those of the table."""

    acts: ActTable
    numbers: NDArray[np.int64]
    src: NDArray[np.int64]
    """By response, shape (r,), in order of time: who responded to whom."""
    dst: NDArray[np.int64]

    @property
    def actors(self) -> int:
        """N."""
        return self.numbers.size

    def counts(self) -> csr_array:
        """Responses u -> i, shape (n, n): row u responded to column i so many times."""
        return csr_array((np.ones(self.src.size), (self.src, self.dst)), shape=(self.actors, self.actors))

    def own(self) -> NDArray[np.int64]:
        """Authors of the own messages, one entry a message."""
        return self.place(self.acts.src[self.acts.own])

    def place(self, numbers: NDArray[np.int64]) -> NDArray[np.int64]:
        """Positions in the window of actors of the table, all of which must occur in it."""
        return np.searchsorted(self.numbers, numbers)

    def spread(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Values by actor of the window as values by actor of the table; 0 for those who do not occur."""
        everybody = np.zeros(len(self.acts.ids))
        everybody[self.numbers] = values
        return everybody


def past_of(acts: ActTable) -> Past:
    """`acts`: the rows of the window. Bots respond to nobody, and nobody responds to himself."""
    numbers = np.unique(np.concatenate([acts.src, acts.dst[acts.dst != NOBODY]]))
    rows = responses(acts)
    return Past(acts, numbers, np.searchsorted(numbers, acts.src[rows]), np.searchsorted(numbers, acts.dst[rows]))


def responses(acts: ActTable) -> NDArray[np.intp]:
    """Rows that are responses of people to somebody."""
    return np.flatnonzero((acts.dst != NOBODY) & RESPONSES[acts.kind] & ~acts.bot)
