"""The consumer's thread: what is fetched leaves it numbered, and errors of positions are ours to judge."""

from contextlib import AbstractContextManager, nullcontext
from types import SimpleNamespace
from typing import Any

import pytest
from aiokafka import TopicPartition
from aiokafka.errors import NoOffsetForPartitionError, OffsetOutOfRangeError
from faust.types import TP

from streams.delivery import Delivery, DeliveryOrder
from streams.halt import OutOfLogError
from streams.positioned_consumer import StampingThread, expired_while_reading

A = TopicPartition("mentions", 3)


class FakeSubscriptions:
    def fetch_context(self) -> AbstractContextManager[None]:
        return nullcontext()


class FakeFetcher:
    _closed = False
    _subscriptions = FakeSubscriptions()

    def __init__(self, *answers: dict[TopicPartition, list[Any]] | Exception) -> None:
        self.answers = list(answers)

    async def fetched_records(self, _partitions: object, **_more: object) -> dict[TopicPartition, list[Any]]:
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer


async def fetch(order: DeliveryOrder, *answers: dict[TopicPartition, list[Any]] | Exception) -> Any:  # noqa: ANN401
    thread: Any = StampingThread.__new__(StampingThread)
    thread.consumer = SimpleNamespace(flow_active=True, order=order)
    return await thread._fetch_records(SimpleNamespace(_closed=False, _fetcher=FakeFetcher(*answers)), {A})


async def test_batches_leave_the_thread_with_their_lease_and_number() -> None:
    order = DeliveryOrder()
    order.sought(TP(*A))
    for number in range(2):
        fetched = await fetch(order, {A: [SimpleNamespace(offset=number)]})
        delivery: Delivery = fetched[A]
        assert (delivery.number, delivery.next_offset) == (number, number + 1)
        assert order.accept(delivery)


async def test_a_fetch_that_overtakes_our_seek_finds_nothing() -> None:
    assert await fetch(DeliveryOrder(), NoOffsetForPartitionError(A)) == {}


async def test_records_that_expired_under_a_reader_stop_it() -> None:
    with pytest.raises(OutOfLogError, match=r"mentions\[3\] at offset 7 is no longer in the log"):
        await fetch(DeliveryOrder(), OffsetOutOfRangeError({A: 7}))


def test_the_message_copes_with_an_error_that_names_no_partition() -> None:
    assert "a partition is no longer in the log" in str(expired_while_reading(OffsetOutOfRangeError()))
