"""Faust's aiokafka consumer with the restart position decided in one place, and every fetched batch numbered."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from aiokafka import AIOKafkaConsumer
from aiokafka.errors import NoOffsetForPartitionError, OffsetOutOfRangeError
from faust.transport.consumer import RecordMap
from faust.transport.drivers.aiokafka import AIOKafkaConsumerThread, Consumer
from faust.types import TP

from streams.delivery import DeliveryOrder
from streams.halt import Halt, OutOfLogError, RefusedDataError
from streams.positions import decide_positions

Restore = Callable[[Mapping[TP, int | None]], Awaitable[Mapping[TP, int | None]]]
"""From what the group has committed (None: nothing yet) to the next offset the app wants (None: a first start)."""


class PositionedConsumer(Consumer):
    """Every recovery path of Faust calls `seek_to_committed`; here it restores the app's state and seeks every partition.

    `auto.offset.reset` is 'none', so a partition that nobody sought, or that fell behind retention, is an error, no silent jump.
    """

    _thread: "StampingThread"

    def __init__(self, *args: Any, restore: Restore, keeper: str, order: DeliveryOrder, halt: Halt, **kwargs: Any) -> None:
        self._restore = restore
        self._keeper = keeper
        self.order = order
        self._halt = halt
        super().__init__(*args, **kwargs)

    def _new_consumer_thread(self) -> "StampingThread":
        return StampingThread(self, loop=self.loop, beacon=self.beacon)

    async def seek_to_committed(self) -> Mapping[TP, int]:
        """Seek every assigned partition; a refusal ends the app, because Faust would only log it."""
        assigned = self.assignment()
        if not assigned:
            return {}
        try:
            committed = await self._thread.call_thread(self._thread.committed, assigned)
            wanted = await self._restore(committed)
            starts = await self.earliest_offsets(*assigned)
            ends = await self.highwaters(*assigned)
            decided = decide_positions(wanted, starts, ends, keeper=self._keeper)
        except RefusedDataError as error:
            self._halt.fail(error)
            raise
        await self.seek_wait(decided)
        return decided

    @property
    def aiokafka(self) -> AIOKafkaConsumer | None:
        """The consumer below, once its thread has started."""
        return self._thread._consumer  # noqa: SLF001 - pinned

    @property
    def thread_loop(self) -> asyncio.AbstractEventLoop:
        """The loop that aiokafka runs on."""
        return self._thread.thread_loop

    def lag(self) -> dict[TP, int]:
        """Records still to be read, by assigned partition. Safe from any thread."""
        return self._thread.lag()

    async def commit_explicitly(self, offsets: Mapping[TP, int]) -> bool:
        """Commit for partitions still ours; False where the group has moved on. The only commit there is."""
        return bool(await self._commit_offsets(offsets))

    async def _getmany(self, active_partitions: set[TP] | None, timeout: float) -> RecordMap:  # noqa: ASYNC109 - Faust's signature
        try:
            return await super()._getmany(active_partitions, timeout)
        except RefusedDataError as error:
            self._halt.fail(error)
            raise

    def verify_event_path(self, now: float, tp: TP) -> None:
        """Silent: it judges by Faust's own commits, which we do not use; `streams.watchdog` judges instead."""


class StampingThread(AIOKafkaConsumerThread):
    """The consumer's thread: stamps batches where they leave the fetcher, so that seek and stamp cannot race."""

    consumer: PositionedConsumer

    async def committed(self, partitions: set[TP]) -> dict[TP, int | None]:
        """The group's committed offsets."""
        consumer = self._ensure_consumer()
        return {tp: await consumer.committed(tp) for tp in partitions}

    def lag(self) -> dict[TP, int]:
        """End offset minus position of each partition that has both. Safe from any thread: it only reads."""
        consumer = self._consumer
        subscription = None if consumer is None else consumer._subscription.subscription  # noqa: SLF001 - pinned
        if subscription is None or subscription.assignment is None:
            return {}
        lags = {}
        for tp in list(subscription.assignment.tps):
            state = subscription.assignment.state_value(tp)
            if state is not None and state.has_valid_position and state.highwater is not None:
                lags[TP(tp.topic, tp.partition)] = max(0, state.highwater - state.position)
        return lags

    async def _seek_wait(self, consumer: AIOKafkaConsumer, partitions: Mapping[TP, int]) -> None:
        for tp in partitions:
            self.consumer.order.sought(TP(tp.topic, tp.partition))
        await super()._seek_wait(consumer, partitions)

    async def _fetch_records(
        self,
        consumer: AIOKafkaConsumer,
        active_partitions: set[TP],
        timeout: float | None = None,  # noqa: ASYNC109 - Faust's signature
        max_records: int | None = None,
    ) -> RecordMap:
        try:
            fetched = await super()._fetch_records(consumer, active_partitions, timeout, max_records)
        except NoOffsetForPartitionError:
            # A fetch that was under way when partitions were assigned sees them before our seek; the seek is still to come.
            return {}
        except OffsetOutOfRangeError as error:
            raise expired_while_reading(error) from error
        stamp = self.consumer.order.stamp
        stamped: dict[Any, Any] = {tp: stamp(TP(tp.topic, tp.partition), records) for tp, records in fetched.items()}
        return stamped


def expired_while_reading(error: OffsetOutOfRangeError) -> OutOfLogError:
    """Retention overtook a slow reader: aiokafka tells the offsets that it could not fetch, by partition."""
    offsets = error.args[0] if error.args and isinstance(error.args[0], Mapping) else {}
    where = ", ".join(f"{tp.topic}[{tp.partition}] at offset {offset}" for tp, offset in offsets.items()) or "a partition"
    return OutOfLogError(
        f"{where} is no longer in the log: records expired before they were read. "
        "Raise the topic's retention and feed their time again, then start anew."
    )
