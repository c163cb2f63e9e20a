"""Flushes: one that nobody waits for goes on, and one that failed lets no later one succeed."""

import asyncio
from typing import cast

import pytest
from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError

from streams.batch_producer import BatchProducer


class Batch:
    """Takes every record."""

    def __init__(self) -> None:
        self.values: list[bytes] = []

    def append(self, *, value: bytes, **_: object) -> object:
        self.values.append(value)
        return self


class SlowBroker:
    """Acknowledges a batch once `answer` is set, or refuses it."""

    def __init__(self, refusal: Exception | None = None) -> None:
        self.answer = asyncio.Event()
        self.arrived: list[bytes] = []
        self._refusal = refusal

    def create_batch(self) -> Batch:
        return Batch()

    async def send_batch(self, batch: Batch, _topic: str, *, partition: int) -> "asyncio.Future[int]":
        await self.answer.wait()
        if self._refusal is not None:
            raise self._refusal
        self.arrived += batch.values
        done: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        done.set_result(partition)
        return done

    async def stop(self) -> None:
        """Nothing to stop."""


def outlet(broker: SlowBroker) -> BatchProducer:
    return BatchProducer(cast("AIOKafkaProducer", broker))


async def test_a_flush_whose_waiter_is_cancelled_goes_on_and_the_next_one_waits_for_it() -> None:
    broker = SlowBroker()
    out = outlet(broker)
    out.append("t", 0, b"", b"first")
    waiter = asyncio.create_task(out.flush())
    await asyncio.sleep(0)
    waiter.cancel()
    await asyncio.gather(waiter, return_exceptions=True)
    out.append("t", 0, b"", b"second")
    broker.answer.set()
    await out.flush()
    assert broker.arrived == [b"first", b"second"]


async def test_after_a_failed_flush_every_later_one_fails_also_where_nobody_waited_for_it() -> None:
    broker = SlowBroker(KafkaError("refused"))
    out = outlet(broker)
    out.append("t", 0, b"", b"first")
    waiter = asyncio.create_task(out.flush())
    await asyncio.sleep(0)
    waiter.cancel()
    broker.answer.set()
    for _ in range(2):
        with pytest.raises(KafkaError, match="refused"):
            await out.flush()
    assert broker.arrived == []


async def test_closing_drops_what_is_on_its_way() -> None:
    broker = SlowBroker()
    out = outlet(broker)
    out.append("t", 0, b"", b"first")
    await out.ease(1_000_000)
    await asyncio.sleep(0)
    await out.close()
    assert broker.arrived == []
