"""`store`: publications and dead letters in, rows in the warehouse; commits only what the warehouse has accepted."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

import msgspec
import structlog
from faust.types import TP

from graph.dead_letter import DeadLetter
from graph.publication import decode_publication
from streams.dead_letters import exhume
from streams.delivery import Delivery
from streams.heap import keep_heap_small
from streams.kafka_connection import open_outlet
from streams.metrics import Metrics
from streams.progress import Progress
from streams.run_app import run_app
from streams.run_settings import RunSettings
from streams.topic_layout import partition_counts
from streams.work import FEW_LARGE
from streams.write_buffer import WriteBuffer

Write = Callable[[Sequence[bytes], Sequence[DeadLetter]], None]
BUFFERED_RECORDS = 50_000
BUFFERED_BYTES = 16 * 1024 * 1024
"""As columns of Python objects a write holds about eight times this, and a second one fills meanwhile."""
LINGER_S = 0.5
FIRST_PAUSE_S = 0.5
LONGEST_PAUSE_S = 15.0
_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class StoreOptions:
    """`write`: idempotent, called one at a time, in order; `transient`: errors that mean "try again", however long."""

    run: RunSettings
    write: Write
    transient: tuple[type[Exception], ...] = ()


def run_store(options: StoreOptions) -> int:
    """Until SIGTERM or SIGINT; the exit status of `streams.run_app`."""
    keep_heap_small()
    kafka = options.run.kafka
    return run_app("store", (kafka.rankings, kafka.dead), options.run, lambda metrics: Store(options, metrics))


class Store:
    """The agent fills a bounded buffer, one task empties it into the warehouse."""

    keeper = "committed offset"
    reading = FEW_LARGE

    def __init__(
        self, options: StoreOptions, metrics: Metrics, sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    ) -> None:
        self._options = options
        self._kafka = options.run.kafka
        self._metrics = metrics
        self._sleep = sleep
        self._progress = Progress()
        self._buffer = WriteBuffer(records=BUFFERED_RECORDS, size_bytes=BUFFERED_BYTES, linger_s=LINGER_S)
        self._writer: asyncio.Task[None] | None = None
        self._writing = ThreadPoolExecutor(1, "warehouse")
        """One thread, so one connection."""
        self._waiting = False

    async def open(self) -> None:
        """Check the topics read from; the warehouse may come later."""
        producer = await open_outlet(replace(self._options.run, ahead_bytes=None))
        try:
            counts = partition_counts(self._kafka)
            for topic in (self._kafka.rankings, self._kafka.dead):
                await producer.partitions(topic, counts[topic])
        finally:
            await producer.close()
        self.start_writing()

    def start_writing(self) -> None:
        """Empty the buffer into the warehouse from now on."""
        self._writer = asyncio.create_task(self._write_for_ever())

    async def restore(self, committed: Mapping[TP, int | None]) -> Mapping[TP, int | None]:
        """Where the group left off."""
        return self._progress.restore(committed)

    async def take_in(self, delivery: Delivery) -> None:
        """Hand it to the writer; waits while the buffer is full."""
        await self._buffer.put(delivery, self._progress.era)

    async def make_durable(self, partitions: frozenset[TP] | None = None) -> Mapping[TP, int]:
        """What the warehouse has accepted is durable already."""
        return self._progress.reached(partitions)

    def reached(self) -> Mapping[TP, int]:
        """Offsets accepted."""
        return self._progress.reached()

    def drop(self, partitions: frozenset[TP]) -> None:
        """Others own these now; what is being written of them is written twice, which changes nothing."""
        self._progress.drop(partitions)

    async def beat(self) -> None:
        """A writer that failed ends the app."""
        if self._writer is not None and self._writer.done():
            self._writer.result()

    def patient(self) -> bool:
        """While the warehouse does not answer, standing still is right."""
        return self._waiting

    def computing(self) -> bool:
        """Never: a batch is short."""
        return False

    async def close(self) -> None:
        """Stop writing; a write under way ends by itself."""
        if self._writer is not None:
            self._writer.cancel()
            await asyncio.gather(self._writer, return_exceptions=True)
        self._writing.shutdown(wait=False, cancel_futures=True)

    async def _write_for_ever(self) -> None:
        while True:
            collected = await self._buffer.collect()
            current = [(delivery, era) for delivery, era in collected if era == self._progress.era]
            publications, letters = self._sort([delivery for delivery, _ in current])
            if publications or letters:
                await self._write(publications, letters)
            for delivery, era in current:
                self._progress.advance(delivery, era)

    async def _write(self, publications: list[bytes], letters: list[DeadLetter]) -> None:
        pause = FIRST_PAUSE_S
        while True:
            try:
                loop = asyncio.get_running_loop()
                await loop.run_in_executor(self._writing, self._options.write, publications, letters)
            except msgspec.MsgspecError:
                publications = self._readable(publications)
            except self._options.transient as error:
                self._wait_for_warehouse(waiting=True, cause=str(error))
                self._metrics.add("prescribers_warehouse_retries_total")
                await self._sleep(pause)
                pause = min(pause * 2, LONGEST_PAUSE_S)
            else:
                self._wait_for_warehouse(waiting=False, cause="")
                self._metrics.add("prescribers_rows_written_total", len(publications) + len(letters))
                return

    def _sort(self, deliveries: Sequence[Delivery]) -> tuple[list[bytes], list[DeadLetter]]:
        publications: list[bytes] = []
        letters: list[DeadLetter] = []
        for delivery in deliveries:
            if delivery.tp.topic == self._kafka.dead:
                found, foreign = exhume(delivery.records)
                letters += found
                self._skip(self._kafka.dead, foreign)
            else:
                publications += [record.value for record in delivery.records if record.value]
        return publications, letters

    def _readable(self, publications: list[bytes]) -> list[bytes]:
        """Without what no `rank` wrote. Raises where all can be read: then the warehouse's side is at fault."""
        readable = []
        for publication in publications:
            try:
                decode_publication(publication)
            except msgspec.MsgspecError:
                continue
            readable.append(publication)
        if len(readable) == len(publications):
            raise RuntimeError("the warehouse cannot read publications that are well formed")
        self._skip(self._kafka.rankings, len(publications) - len(readable))
        return readable

    def _skip(self, topic: str, foreign: int) -> None:
        if foreign:
            self._metrics.add("prescribers_foreign_records_total", foreign, topic)
            _log.warning("records that none of our apps wrote were skipped", topic=topic, records=foreign)

    def _wait_for_warehouse(self, *, waiting: bool, cause: str) -> None:
        if waiting != self._waiting:
            self._waiting = waiting
            self._metrics.put("prescribers_waiting_for_warehouse", int(waiting))
            if waiting:
                _log.warning("the warehouse does not answer; trying again until it does", cause=cause)
            else:
                _log.info("the warehouse answers again")
