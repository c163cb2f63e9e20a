"""What each actor of a score received, by all and by those it had called on first: asked for by all that is published of it."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from graph.score import Score


@dataclass(frozen=True, slots=True)
class Received:
    """By actor of the window, shape (n,) each."""

    people: NDArray[np.int64]
    """Distinct responders."""
    recency: NDArray[np.float64]
    """What they add up to, each at most 1."""
    solicited: NDArray[np.float64]
    """The part of those whom the actor had addressed first."""


def received_of(score: Score) -> Received:
    """Over the pairs of a score, in their order."""
    pairs = score.pairs
    return Received(pairs.responders(), pairs.received(pairs.recency), score.courtesy.answers)
