"""One batch of one partition on its way from the consumer's thread to the agent, numbered so that no loss goes unseen."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import Protocol

from faust.types import TP


class Record(Protocol):
    """What the agents read of aiokafka's record."""

    @property
    def offset(self) -> int:
        """Position in the partition."""

    @property
    def timestamp(self) -> int:
        """The broker's or the producer's clock, ms UTC."""

    @property
    def key(self) -> bytes | None:
        """What Kafka parts the records by."""

    @property
    def value(self) -> bytes | None:
        """The payload; None for a tombstone."""

    @property
    def headers(self) -> Sequence[tuple[str, bytes]]:
        """Names and values, in the order they were written."""


class LostDeliveryError(RuntimeError):
    """A batch vanished between consumer and agent; going on would lose its records, a restart reads them again."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """Records of one partition. `lease`: which seek they follow; `number`: 0, 1, 2… since that seek."""

    tp: TP
    lease: int
    number: int
    records: Sequence[Record]

    @property
    def next_offset(self) -> int:
        """Where reading goes on once these are dealt with."""
        return self.records[-1].offset + 1


@dataclass(slots=True)
class DeliveryOrder:
    """Stamps batches in the consumer's thread, checks them in the agent.

    Faust clears queues and cancels deliveries in a rebalance and then seeks; each seek starts a new lease. Batches of an older
    lease are read again and must be dropped; inside a lease every number must come, in order. Offsets cannot tell: holes between
    them are legal.
    """

    _leases: dict[TP, int] = field(default_factory=dict)
    _stamped: dict[TP, int] = field(default_factory=dict)
    _accepted: dict[TP, tuple[int, int]] = field(default_factory=dict)
    _ends: dict[TP, int] = field(default_factory=dict)
    _fresh: "count[int]" = field(default_factory=lambda: count(1))

    def sought(self, tp: TP) -> None:
        """The position was set: what follows is a new lease."""
        self._leases[tp] = next(self._fresh)
        self._stamped[tp] = 0
        self._ends.pop(tp, None)

    def end(self, partitions: Iterable[TP]) -> None:
        """The group takes these away: nothing more is accepted of them until they are sought again."""
        for tp in partitions:
            self._leases.pop(tp, None)

    def stamp(self, tp: TP, records: Sequence[Record]) -> Delivery:
        """Number a batch as it leaves the fetcher. Before any seek the lease is 0, which no agent accepts."""
        number = self._stamped.get(tp, 0)
        self._stamped[tp] = number + 1
        if records:
            self._ends[tp] = records[-1].offset + 1
        return Delivery(tp, self._leases.get(tp, 0), number, records)

    def end_of(self, tp: TP) -> int | None:
        """The offset after the last record stamped since the last seek; None where there was none."""
        return self._ends.get(tp)

    def current(self, delivery: Delivery) -> bool:
        """Whether the partition has not been sought since this batch was read."""
        return delivery.lease != 0 and delivery.lease == self._leases.get(delivery.tp)

    def accept(self, delivery: Delivery) -> bool:
        """Whether to work on it. Raises `LostDeliveryError` where one before it did not come."""
        if not self.current(delivery):
            return False
        lease, expected = self._accepted.get(delivery.tp, (0, 0))
        if lease != delivery.lease:
            expected = 0
        if delivery.number != expected:
            raise LostDeliveryError(
                f"{delivery.tp.topic}[{delivery.tp.partition}]: batch {expected} since the last seek is missing"
            )
        self._accepted[delivery.tp] = (delivery.lease, expected + 1)
        return True
