"""The consumer's thread: what is fetched leaves it numbered, and errors of positions are ours to judge."""

from contextlib import AbstractContextManager, nullcontext
from types import SimpleNamespace
from typing import Any

import pytest
from aiokafka import TopicPartition
from aiokafka.errors import GroupAuthorizationFailedError, KafkaError, NoOffsetForPartitionError, OffsetOutOfRangeError
from faust.types import TP

from streams.delivery import Delivery, DeliveryOrder
from streams.halt import OutOfLogError
from streams.positioned_consumer import StampingThread, expired_while_reading

A = TopicPartition("mentions", 3)
COORDINATOR = SimpleNamespace(_pending_exception=GroupAuthorizationFailedError("g"))


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


def thread_of(order: DeliveryOrder, lag: int = 0, *, gather: bool = True) -> Any:  # noqa: ANN401
    thread: Any = StampingThread.__new__(StampingThread)
    thread.consumer = SimpleNamespace(flow_active=True, order=order, gather=gather)
    thread.lag = lambda: {TP(*A): lag}
    return thread


async def fetch(order: DeliveryOrder, *answers: dict[TopicPartition, list[Any]] | Exception, thread: Any = None) -> Any:  # noqa: ANN401
    consumer = SimpleNamespace(_closed=False, _fetcher=FakeFetcher(*answers), _coordinator=COORDINATOR)
    return await (thread or thread_of(order))._fetch_records(consumer, {A})


def records(*offsets: int) -> dict[TopicPartition, list[Any]]:
    return {A: [SimpleNamespace(offset=offset) for offset in offsets]}


async def test_batches_leave_the_thread_with_their_lease_and_number() -> None:
    order = DeliveryOrder()
    order.sought(TP(*A))
    for number in range(2):
        fetched = await fetch(order, records(number))
        delivery: Delivery = fetched[A]
        assert (delivery.number, delivery.next_offset) == (number, number + 1)
        assert order.accept(delivery)


async def test_a_reader_that_lags_gathers_small_fetches_into_one_batch() -> None:
    order = DeliveryOrder()
    order.sought(TP(*A))
    fetched = await fetch(order, records(0), {}, records(1, 2), {}, {}, thread=thread_of(order, lag=9))
    assert [record.offset for record in fetched[A].records] == [0, 1, 2]
    assert order.accept(fetched[A])
    assert order.accept((await fetch(order, records(3)))[A])


async def test_a_reader_of_large_records_takes_one_fetch_at_a_time() -> None:
    order = DeliveryOrder()
    order.sought(TP(*A))
    fetched = await fetch(order, records(0), records(1), thread=thread_of(order, lag=9, gather=False))
    assert [record.offset for record in fetched[A].records] == [0]


async def test_a_seek_between_two_fetches_keeps_their_records_apart() -> None:
    order = DeliveryOrder()
    order.sought(TP(*A))
    thread = thread_of(order)

    def seek_once() -> dict[TP, int]:
        thread.lag = lambda: {TP(*A): 0}
        order.sought(TP(*A))
        return {TP(*A): 9}

    thread.lag = seek_once
    fetched = await fetch(order, records(5), records(0, 1), thread=thread)
    assert [record.offset for record in fetched[A].records] == [0, 1]
    assert order.accept(fetched[A])


async def test_an_error_after_a_first_fetch_comes_with_the_next_and_loses_nothing() -> None:
    order = DeliveryOrder()
    order.sought(TP(*A))
    thread = thread_of(order, lag=9)
    fetched = await fetch(order, records(0), OffsetOutOfRangeError({A: 1}), thread=thread)
    assert order.accept(fetched[A])
    with pytest.raises(OutOfLogError):
        await fetch(order, records(1), thread=thread)


async def test_a_fetch_that_overtakes_our_seek_finds_nothing() -> None:
    assert await fetch(DeliveryOrder(), NoOffsetForPartitionError(A)) == {}


async def test_the_groups_trouble_is_none_of_a_fetch() -> None:
    assert await fetch(DeliveryOrder(), COORDINATOR._pending_exception) == {}
    with pytest.raises(KafkaError):
        await fetch(DeliveryOrder(), KafkaError("its own"))


async def test_records_that_expired_under_a_reader_stop_it() -> None:
    with pytest.raises(OutOfLogError, match=r"mentions\[3\] at offset 7 is no longer in the log"):
        await fetch(DeliveryOrder(), OffsetOutOfRangeError({A: 7}))


def test_the_message_copes_with_an_error_that_names_no_partition() -> None:
    assert "a partition is no longer in the log" in str(expired_while_reading(OffsetOutOfRangeError()))
