"""A baseline that weighs who lets himself be moved."""

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from graph.evaluation.past import Past

STEPS = 100


def influence_passivity(past: Past, messages: NDArray[np.float64]) -> NDArray[np.float64]:
    """Influence: moving those who are rarely moved. Romero, Galuba, Asur, Huberman, ECML PKDD 2011, algorithm 1.

    `messages`: own messages by actor (n,). The weight of a tie is the share of the one's messages that the other responded to.
    """
    counts = past.counts().tocoo()
    reader, author = counts.row, counts.col
    weight = np.minimum(counts.data / np.maximum(messages[author], 1), 1.0)
    accepted = csr_array((weight / _by(reader, weight, past.actors), (author, reader)), shape=counts.shape)
    refused = 1 - weight
    rejected = csr_array((refused / _by(author, refused, past.actors), (reader, author)), shape=counts.shape)
    influence, passivity = np.ones(past.actors), np.ones(past.actors)
    for _ in range(STEPS):
        passivity = _scaled(np.asarray(rejected @ influence))
        influence = _scaled(np.asarray(accepted @ passivity))
    return influence


def _by(group: NDArray[np.int32], values: NDArray[np.float64], actors: int) -> NDArray[np.float64]:
    """The sum of each entry's group; 1 where that is nothing."""
    total = np.bincount(group, weights=values, minlength=actors).astype(np.float64)
    total[total == 0] = 1.0
    return np.asarray(total[group])


def _scaled(values: NDArray[np.float64]) -> NDArray[np.float64]:
    return values / (values.sum() or 1.0)
