"""Faust's aiokafka consumer with the restart position decided in one place, and every fetched batch numbered."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any, cast

from aiokafka import AIOKafkaConsumer
from aiokafka.errors import KafkaError, NoOffsetForPartitionError, OffsetOutOfRangeError
from faust.transport.consumer import RecordMap
from faust.transport.drivers.aiokafka import AIOKafkaConsumerThread, Consumer
from faust.types import TP

from streams.coordinator import parked_by
from streams.delivery import Delivery, DeliveryOrder
from streams.fetched_records import hand_over_as_parsed
from streams.halt import Halt, OutOfLogError, RefusedDataError
from streams.positions import decide_positions

Restore = Callable[[Mapping[TP, int | None]], Awaitable[Mapping[TP, int | None]]]
"""From what the group has committed (None: nothing yet) to the next offset the app wants (None: a first start)."""


ENOUGH_RECORDS = 1000
MOST_RECORDS = 10_000
MORE_FETCHES = 4
MORE_AFTER_S = 0.005
"""A reader that lags gathers several small fetches into one batch, where its work says so: the core takes in 1,000 records at a
time 1.5 times as fast as 300. It costs 20 ms at most, and nothing where the reader keeps up."""


class PositionedConsumer(Consumer):
    """Every recovery path of Faust calls `seek_to_committed`; here it restores the app's state and seeks every partition.

    `auto.offset.reset` is 'none', so a partition that nobody sought, or that fell behind retention, is an error, no silent jump.
    """

    _thread: "StampingThread"

    def __init__(
        self, *args: Any, restore: Restore, keeper: str, gather: bool, order: DeliveryOrder, halt: Halt, **kwargs: Any
    ) -> None:
        self._restore = restore
        self._keeper = keeper
        self.gather = gather
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

    async def tails(self, committed: Mapping[TP, int]) -> Mapping[TP, int]:
        """Positions of partitions of which every record that was read is committed: what lies between holds no record."""
        found: Mapping[TP, int] = await self._thread.call_thread(self._thread.tails, committed)
        return found

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
    _late_error: Exception | None = None

    def _create_worker_consumer(self, transport: Any) -> AIOKafkaConsumer:
        """What a transaction has aborted is no input, and what is still open not yet. Faust offers this only with its own."""
        consumer = super()._create_worker_consumer(transport)
        consumer._isolation_level = "read_committed"  # noqa: SLF001 - pinned
        return consumer

    async def on_start(self) -> None:
        """Start the consumer below."""
        await super().on_start()
        hand_over_as_parsed(self._ensure_consumer())

    async def tails(self, committed: Mapping[TP, int]) -> dict[TP, int]:
        """See `PositionedConsumer.tails`. On the consumer's own loop, where no record lies between fetcher and stamp."""
        ends = {tp: self.consumer.order.end_of(tp) for tp in self.positions()}
        return {tp: at for tp, at in self.positions().items() if ends[tp] in (None, committed.get(tp))}

    async def committed(self, partitions: set[TP]) -> dict[TP, int | None]:
        """The group's committed offsets."""
        consumer = self._ensure_consumer()
        return {tp: await consumer.committed(tp) for tp in partitions}

    def lag(self) -> dict[TP, int]:
        """End offset minus position of each partition that has both. Safe from any thread: it only reads.

        Records of a transaction that is still open cannot be read yet, so they are no lag.
        """
        return {tp: max(0, _end(state) - state.position) for tp, state in self._states() if state.highwater is not None}

    def positions(self) -> dict[TP, int]:
        """Where reading goes on, by assigned partition."""
        return {tp: state.position for tp, state in self._states()}

    def _states(self) -> Iterator[tuple[TP, Any]]:
        consumer = self._consumer
        subscription = None if consumer is None else consumer._subscription.subscription  # noqa: SLF001 - pinned
        if subscription is None or subscription.assignment is None:
            return
        for tp in list(subscription.assignment.tps):
            state = subscription.assignment.state_value(tp)
            if state is not None and state.has_valid_position:
                yield TP(tp.topic, tp.partition), state

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
        if self._late_error is not None:
            error, self._late_error = self._late_error, None
            raise error
        stamped: dict[Any, Delivery] = {}
        self._stamp(stamped, await self._fetch(consumer, active_partitions, timeout, max_records))
        for _ in range(MORE_FETCHES if self.consumer.gather else 0):
            lags = self.lag()
            wanting = [found for found in stamped.values() if lags.get(found.tp) and len(found.records) < ENOUGH_RECORDS]
            room = MOST_RECORDS - sum(len(found.records) for found in stamped.values())
            if not wanting or room <= 0:
                break
            await asyncio.sleep(MORE_AFTER_S)
            try:
                self._stamp(stamped, await self._fetch(consumer, active_partitions, 0, room))
            except Exception as error:  # noqa: BLE001 - what was fetched before it must not be lost with it
                self._late_error = error
                break
        return cast("RecordMap", stamped)

    async def _fetch(
        self, consumer: AIOKafkaConsumer, active_partitions: set[TP], timeout_s: float | None, max_records: int | None
    ) -> RecordMap:
        try:
            return await super()._fetch_records(consumer, active_partitions, timeout_s, max_records)
        except NoOffsetForPartitionError:
            # A fetch that was under way when partitions were assigned sees them before our seek; the seek is still to come.
            return {}
        except OffsetOutOfRangeError as error:
            raise expired_while_reading(error) from error
        except KafkaError as error:
            if not parked_by(consumer, error):
                raise
            # The group's trouble, and none of this fetch: the watchdog has the coordinator try again.
            return {}

    def _stamp(self, stamped: dict[Any, Delivery], fetched: RecordMap) -> None:
        """Number at once what has left the fetcher, so that its loss would be seen; add to a batch only within its lease."""
        order = self.consumer.order
        for tp, records in fetched.items():
            before = stamped.get(tp)
            if before is not None and order.current(before):
                stamped[tp] = replace(before, records=[*before.records, *records])
            else:
                stamped[tp] = order.stamp(TP(tp.topic, tp.partition), records)


def _end(state: Any) -> int:
    """The last stable offset, where the broker tells one."""
    return int(state.highwater if state.lso is None or state.lso < 0 else state.lso)


def expired_while_reading(error: OffsetOutOfRangeError) -> OutOfLogError:
    """Retention overtook a slow reader: aiokafka tells the offsets that it could not fetch, by partition."""
    offsets = error.args[0] if error.args and isinstance(error.args[0], Mapping) else {}
    where = ", ".join(f"{tp.topic}[{tp.partition}] at offset {offset}" for tp, offset in offsets.items()) or "a partition"
    return OutOfLogError(
        f"{where} is no longer in the log: records expired before they were read. "
        "Raise the topic's retention and feed their time again, then start anew."
    )
