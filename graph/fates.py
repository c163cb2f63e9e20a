"""What became of each event: state, late or duplicate, counted once per input event, whatever Kafka repeated."""

import msgspec
import numpy as np
from numpy.typing import NDArray

from graph.batch import Batch


class Fates(msgspec.Struct):
    """Cumulative counts of one theme. `origins`: the last offset seen of each `mentions` partition.

    A producer that was killed writes some records again. They carry an origin at or before the last one seen of their
    partition, which tells them from duplicates in the input: those have an origin of their own.
    """

    state: int = 0
    late: int = 0
    duplicate: int = 0
    origins: dict[int, int] = {}

    def count(self, batch: Batch, late: NDArray[np.bool_], duplicate: NDArray[np.bool_]) -> None:
        """Count a batch in order of arrival; masks have shape (n,), and what is neither late nor duplicate is state."""
        origins, copies = self.origins, batch.column("copy")
        partitions, offsets = batch.column("origin_partition"), batch.column("origin_offset")
        if not (late | duplicate).any():
            self.state += copies.count(False)
            for partition in dict.fromkeys(partitions):
                theirs = offsets if partitions.count(partition) == batch.size else _of(partition, partitions, offsets)
                origins[partition] = max(*theirs, origins.get(partition, -1))
            return
        refused = set(np.flatnonzero(late | duplicate).tolist())
        for position, (is_copy, partition, offset) in enumerate(zip(copies, partitions, offsets, strict=True)):
            repeated = offset <= origins.get(partition, -1)
            if is_copy:
                pass
            elif position not in refused:
                self.state += 1
            elif not repeated:
                self.late += int(late[position])
                self.duplicate += int(not late[position])
            if not repeated:
                origins[partition] = offset


def _of(partition: int, partitions: list[int], offsets: list[int]) -> list[int]:
    return [offset for its, offset in zip(partitions, offsets, strict=True) if its == partition]
