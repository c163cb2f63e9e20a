"""What became of each event: state, late or duplicate, counted once per input event, whatever Kafka repeated."""

import msgspec
import numpy as np
from numpy.typing import NDArray

from graph.interaction import Interaction


class Fates(msgspec.Struct):
    """Cumulative counts of one theme. `origins`: the last offset seen of each `mentions` partition.

    A producer that was killed writes some records again. They carry an origin at or before the last one seen of their
    partition, which tells them from duplicates in the input: those have an origin of their own.
    """

    state: int = 0
    late: int = 0
    duplicate: int = 0
    origins: dict[int, int] = {}

    def count(self, events: list[Interaction], late: NDArray[np.bool_], duplicate: NDArray[np.bool_]) -> None:
        """Count a batch in order of arrival; masks have shape (n,), and what is neither late nor duplicate is state."""
        taken = [event for event, skip in zip(events, (late | duplicate).tolist(), strict=True) if not skip]
        self.state += len(taken) - sum(event.copy for event in taken)
        refused = set(np.flatnonzero(late | duplicate).tolist())
        origins = self.origins
        if not refused:
            origins.update(_furthest(events, origins))
            return
        for position, event in enumerate(events):
            partition, offset = event.origin
            repeated = offset <= origins.get(partition, -1)
            if position in refused and not repeated and not event.copy:
                if late[position]:
                    self.late += 1
                else:
                    self.duplicate += 1
            if not repeated:
                origins[partition] = offset


def _furthest(events: list[Interaction], origins: dict[int, int]) -> dict[int, int]:
    furthest: dict[int, int] = {}
    for partition, offset in {event.origin for event in events}:
        furthest[partition] = max(furthest.get(partition, origins.get(partition, -1)), offset)
    return furthest
