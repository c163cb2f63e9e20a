"""Producing whole batches: records are laid out in aiokafka's builder and sent per partition, acknowledged by all replicas."""

import asyncio
from functools import lru_cache

from aiokafka import AIOKafkaProducer, TopicPartition
from aiokafka.client import AIOKafkaClient
from aiokafka.errors import KafkaError
from aiokafka.partitioner import murmur2
from aiokafka.producer.message_accumulator import BatchBuilder

from streams.failpoints import durable
from streams.kafka_failures import unreachable
from streams.pace import Pace
from streams.topics import TopicMismatchError

METADATA_S = 5.0
"""aiokafka asks 40 s long for a topic that does not exist; a broker that answers at all knows its topics at once."""


@lru_cache(maxsize=1 << 16)
def partition_of(key: bytes, partitions: int) -> int:
    """Kafka's default partitioner: where every client in every language puts this key."""
    return int(murmur2(key) & 0x7FFFFFFF) % partitions


class BatchProducer:
    """`append` only lays records out; `flush` returns once every record appended before it is acknowledged.

    A flush that nobody waits for any more, as when a rebalance cancels an agent, goes on by itself. After a failed one nobody
    knows what arrived, so every later one fails too: a restart goes on at what is safe.
    """

    def __init__(self, producer: AIOKafkaProducer, pace: Pace | None = None) -> None:
        self._producer = producer
        self._pace = pace
        self._batches: dict[TopicPartition, list[BatchBuilder]] = {}
        self._sending = asyncio.Lock()
        self._doubt: Exception | None = None
        self._flushes: set[asyncio.Task[None]] = set()
        self._background: asyncio.Task[None] | None = None
        self.waiting_bytes = 0

    @property
    def held(self) -> bool:
        """Whether it waits for its reader on purpose."""
        return self._pace is not None and self._pace.holding

    async def partitions(self, topic: str, wants: int) -> int:
        """How many partitions a topic has. Raises `TopicMismatchError` where that is not what is configured.

        A broker that does not answer says nothing about its topics: then it raises `KafkaUnreachableError`.
        """
        try:
            async with asyncio.timeout(METADATA_S):
                has = len(await self._producer.partitions_for(topic))
        except (KafkaError, TimeoutError) as error:
            client = self._producer.client
            if not await _answers(client):
                known = tuple(f"{broker.host}:{broker.port}" for broker in client.cluster.brokers())
                raise unreachable(known, "it accepts connections, but does not answer") from error
            has = 0
        if has != wants:
            raise TopicMismatchError(topic, has=has, wants=wants)
        return has

    def append(
        self, topic: str, partition: int, key: bytes, value: bytes, headers: list[tuple[str, bytes]] | None = None
    ) -> None:
        """Lay one record out for a partition; order within a partition is kept."""
        tp = TopicPartition(topic, partition)
        builders = self._batches.get(tp)
        if builders is None:
            builders = self._batches[tp] = [self._producer.create_batch()]
        if builders[-1].append(timestamp=None, key=key, value=value, headers=headers or []) is None:
            builders.append(self._producer.create_batch())
            builders[-1].append(timestamp=None, key=key, value=value, headers=headers or [])
        self.waiting_bytes += len(key) + len(value)

    async def flush(self) -> None:
        """Send what is laid out and wait for all acknowledgements, those of a flush under way included."""
        await asyncio.shield(self._begin_flush())

    def _begin_flush(self) -> "asyncio.Task[None]":
        flush = asyncio.create_task(self._flush())
        self._flushes.add(flush)
        flush.add_done_callback(self._flushed)
        return flush

    def _flushed(self, flush: "asyncio.Task[None]") -> None:
        """Its error has been noted, and the next flush raises it where nobody waits for this one."""
        self._flushes.discard(flush)
        if not flush.cancelled():
            flush.exception()

    async def _flush(self) -> None:
        async with self._sending:
            if self._doubt is not None:
                raise self._doubt
            batches, self._batches = self._batches, {}
            self.waiting_bytes = 0
            try:
                with durable("flush"):
                    await asyncio.gather(*(self._send_in_order(tp, builders) for tp, builders in batches.items()))
            except Exception as error:
                self._doubt = error
                raise

    async def ease(self, limit_bytes: int) -> None:
        """Send in the background; wait only where more than `limit_bytes` are laid out, so that memory stays bounded."""
        if self._background is None or self._background.done():
            if self._background is not None:
                self._background.result()
            self._background = self._begin_flush()
        if self.waiting_bytes > limit_bytes:
            await self.flush()

    async def close(self) -> None:
        """Leave the broker. What was not flushed is dropped: nothing durable depends on it."""
        flushes = tuple(self._flushes)
        for flush in flushes:
            flush.cancel()
        await asyncio.gather(*flushes, return_exceptions=True)
        await self._producer.stop()
        if self._pace is not None:
            await self._pace.close()

    async def _send_in_order(self, tp: TopicPartition, builders: list[BatchBuilder]) -> None:
        acknowledged = []
        for builder in builders:
            if self._pace is not None:
                await self._pace.admit(tp, builder.size())
            with durable("produce"):
                acknowledged.append(await self._producer.send_batch(builder, tp.topic, partition=tp.partition))
            if self._pace is not None:
                self._pace.sent(tp, (await acknowledged[-1]).offset, builder.record_count(), builder.size())
        await asyncio.gather(*acknowledged)


async def _answers(client: AIOKafkaClient) -> bool:
    """Whether a broker says anything at all about its cluster."""
    try:
        async with asyncio.timeout(METADATA_S):
            return bool(await client.force_metadata_update())
    except (KafkaError, TimeoutError):
        return False
