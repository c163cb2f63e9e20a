"""A batch of one theme's interactions as columns: what is needed to judge each event."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from graph.interaction import Interaction


@dataclass(frozen=True, slots=True)
class Batch:
    """Columns by event, shape (n,). Times in ms."""

    events: list[Interaction]
    occurred_at: NDArray[np.int64]
    received_at: NDArray[np.int64]
    keys: NDArray[np.uint64]


def build_batch(events: list[Interaction]) -> Batch:
    """Nothing of an event enters the state before it is judged, not even its actors."""
    count = len(events)
    return Batch(
        events=events,
        occurred_at=np.fromiter([e.occurred_at for e in events], dtype=np.int64, count=count),
        received_at=np.fromiter([e.received_at for e in events], dtype=np.int64, count=count),
        keys=np.fromiter([e.key for e in events], dtype=np.uint64, count=count),
    )
