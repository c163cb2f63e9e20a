"""How far each partition has come, for apps whose only state is an offset."""

from collections.abc import Mapping

from faust.types import TP

from streams.delivery import Delivery


class Progress:
    """Offsets dealt with in full. An `era` ends whenever positions are restored: work begun before it counts for nothing."""

    def __init__(self) -> None:
        self._next: dict[TP, int] = {}
        self.era = 0

    def restore(self, committed: Mapping[TP, int | None]) -> Mapping[TP, int | None]:
        """Start from what the group has committed; the same mapping, where to seek to."""
        self.era += 1
        self._next = {tp: offset for tp, offset in committed.items() if offset is not None}
        return committed

    def advance(self, delivery: Delivery, era: int) -> None:
        """A batch begun in `era` is dealt with."""
        if era == self.era:
            self._next[delivery.tp] = delivery.next_offset

    def reached(self, partitions: frozenset[TP] | None = None) -> dict[TP, int]:
        """Next offset by partition."""
        return {tp: offset for tp, offset in self._next.items() if partitions is None or tp in partitions}

    def drop(self, partitions: frozenset[TP]) -> None:
        """Others own these now."""
        self.era += 1
        for tp in partitions:
            self._next.pop(tp, None)
