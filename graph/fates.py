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
        origins = self.origins
        if not (late | duplicate).any():
            self.state += [event.copy for event in events].count(False)
            for partition, offset in dict(sorted([event.origin for event in events])).items():
                origins[partition] = max(offset, origins.get(partition, -1))
            return
        refused = set(np.flatnonzero(late | duplicate).tolist())
        for position, event in enumerate(events):
            partition, offset = event.origin
            repeated = offset <= origins.get(partition, -1)
            if event.copy:
                pass
            elif position not in refused:
                self.state += 1
            elif not repeated:
                self.late += int(late[position])
                self.duplicate += int(not late[position])
            if not repeated:
                origins[partition] = offset
