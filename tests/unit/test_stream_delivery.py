"""Batches on their way to the agent: one per partition, none lost unseen, none of an older lease accepted."""

from dataclasses import dataclass

import pytest
from faust.types import TP

from streams.batch_scheduler import BatchScheduler
from streams.delivery import Delivery, DeliveryOrder, LostDeliveryError

A, B = TP("t", 0), TP("t", 1)


@dataclass(frozen=True)
class FakeRecord:
    offset: int
    timestamp: int = 1000
    timestamp_type: int = 0
    value: bytes | None = b"x"
    headers: tuple[tuple[str, bytes], ...] = ()
    key: bytes | None = None


def records(*offsets: int) -> list[FakeRecord]:
    return [FakeRecord(offset) for offset in offsets]


def test_one_record_per_partition_carries_the_whole_batch() -> None:
    order = DeliveryOrder()
    batches = {A: order.stamp(A, records(4, 5, 9)), B: order.stamp(B, [])}
    [(tp, record)] = list(BatchScheduler().iterate(batches))
    assert (tp, record.offset, record.partition) == (A, 9, 0)
    assert record.value is batches[A]
    assert record.value.next_offset == 10


def test_batches_are_accepted_in_order_once() -> None:
    order = DeliveryOrder()
    order.sought(A)
    first, second = order.stamp(A, records(0)), order.stamp(A, records(7))
    assert order.accept(first)
    assert order.accept(second)
    with pytest.raises(LostDeliveryError, match="batch 2"):
        order.accept(second)


def test_a_lost_batch_is_noticed_at_the_next_one() -> None:
    order = DeliveryOrder()
    order.sought(A)
    order.stamp(A, records(0))
    with pytest.raises(LostDeliveryError):
        order.accept(order.stamp(A, records(1)))


def test_a_batch_from_before_the_last_seek_is_dropped() -> None:
    order = DeliveryOrder()
    order.sought(A)
    stale = order.stamp(A, records(0))
    order.sought(A)
    assert not order.accept(stale)
    assert order.accept(order.stamp(A, records(0)))


def test_nothing_is_accepted_of_a_partition_that_nobody_sought() -> None:
    order = DeliveryOrder()
    assert not order.accept(order.stamp(A, records(0)))
    assert not order.accept(Delivery(B, 5, 0, records(0)))


def test_nothing_is_accepted_between_a_revocation_and_the_next_seek() -> None:
    order = DeliveryOrder()
    order.sought(A)
    before = order.stamp(A, records(0))
    order.end([A])
    assert not order.accept(before)
    assert not order.accept(order.stamp(A, records(1)))
    order.sought(A)
    assert order.accept(order.stamp(A, records(0)))


def test_partitions_are_numbered_apart() -> None:
    order = DeliveryOrder()
    order.sought(A)
    order.sought(B)
    assert order.accept(order.stamp(A, records(0)))
    assert order.accept(order.stamp(B, records(0)))
    order.sought(B)
    assert order.accept(order.stamp(A, records(1)))


def test_the_end_of_what_was_stamped_is_known_since_the_last_seek() -> None:
    order = DeliveryOrder()
    tp = TP("t", 0)
    order.sought(tp)
    assert order.end_of(tp) is None
    order.stamp(tp, records(4, 9))
    order.stamp(tp, [])
    assert order.end_of(tp) == 10
    order.sought(tp)
    assert order.end_of(tp) is None
