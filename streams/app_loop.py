"""A running app: the Faust app, one piece of work, and what watches over them."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from contextlib import ExitStack, suppress

import structlog
from faust.types import TP

from streams.checkpoint import Checkpoint
from streams.delivery import Delivery, DeliveryOrder
from streams.faust_app import add_agent, build_app, on_revoked, position_consumer
from streams.halt import Halt, Halting
from streams.log_watch import LogWatch
from streams.metrics import Metrics
from streams.positioned_consumer import PositionedConsumer
from streams.run_settings import RunSettings
from streams.work import Work

BEAT_S = 0.25
PARTING = 0.75
"""How long saving what goes to others may take, of the time after which a watchdog ends a worker: 30 s, half of a rebalance's."""
_log = structlog.get_logger(__name__)


class AppLoop:
    """`run` until halted, saving at the end where that is safe; `leave` the group and stop the library's services."""

    def __init__(self, group: str, topics: tuple[str, ...], settings: RunSettings, work: Work, halt: Halt) -> None:
        self.work = work
        self.halt = halt
        self.order = DeliveryOrder()
        self.beat_at = time.monotonic()
        self.batches = 0
        self.moved = 0
        """Offsets reached, added up: a long batch moves too."""
        self.restored = False
        self._closing = False
        self._settings = settings
        self._log_watch = LogWatch(settings.kafka, topics, work.keeper)
        self.app = build_app(settings.kafka, group, settings.faust_dir, work.reading, settings.instance)
        position_consumer(self.app, self._restore, work, self.order, halt)
        add_agent(self.app, topics, self._take_in)
        on_revoked(self.app, self._revoked)

    def guard(self, metrics: Metrics, watch: Callable[["AppLoop"], ExitStack]) -> None:
        """Give it its metrics and those who watch from their own threads; `watch` is entered when it runs."""
        self._metrics = metrics
        self._watch = watch
        self._checkpoint = Checkpoint(self.work, self._commit, metrics)

    async def run(self) -> Halting:
        """Until somebody halts it. After a clean halt everything taken in is saved and committed; what comes later is dropped."""
        with self._watch(self):
            tasks = [
                asyncio.create_task(part())
                for part in (self._start, self._beats, self._checkpoints, self._pulse, self._crash, self._watch_logs)
            ]
            halting = await self.halt.wait()
            self._closing = True
            for task in tasks[1:]:
                task.cancel()
            await asyncio.gather(*tasks[1:], return_exceptions=True)
            if halting.error is None and self.restored:
                try:
                    await self._checkpoint.run()
                except Exception as error:  # noqa: BLE001 - becomes the reason of the end
                    halting = Halting(error)
            self.work.drop(frozenset(self.work.reached()))
        return halting

    async def leave(self) -> None:
        """Stop Faust's services; the group learns at once that the partitions are free."""
        with suppress(asyncio.TimeoutError):
            await self.app.stop()

    @property
    def consumer(self) -> PositionedConsumer | None:
        """Faust's consumer once it exists."""
        consumer = self.app._consumer  # noqa: SLF001 - pinned: the property would create one
        return consumer if isinstance(consumer, PositionedConsumer) else None

    @property
    def settled(self) -> bool:
        """Whether partitions are assigned and restored, and no rebalance is under way."""
        return self.restored and not self.app.rebalancing

    def lag(self) -> dict[TP, int]:
        """Records still to be read, by assigned partition."""
        return {} if self.consumer is None else self.consumer.lag()

    async def _start(self) -> None:
        with suppress(asyncio.CancelledError):
            await self._or_halt(self.app.start)

    async def _crash(self) -> None:
        """Faust marks a crashed app and may leave it at that."""
        while not self.app.crashed:  # noqa: ASYNC110 - a crash sets a flag that nothing can be awaited on without starting it
            await asyncio.sleep(BEAT_S)
        self.halt.fail(self.app.crash_reason or RuntimeError("Faust stopped without a reason"))

    async def _watch_logs(self) -> None:
        await self._or_halt(self._log_watch.run)

    async def _pulse(self) -> None:
        """Proof that the event loop turns, whatever the beats wait for."""
        while True:
            self.beat_at = time.monotonic()
            await asyncio.sleep(BEAT_S)

    async def _beats(self) -> None:
        await self._or_halt(self._while_settled, self._beat)

    async def _beat(self) -> None:
        await self.work.beat()
        self._show(self.lag())

    async def _checkpoints(self) -> None:
        """Apart from the beats: a checkpoint waits for the core, and metrics must not wait with it."""
        await self._or_halt(self._while_settled, self._save_if_due)

    async def _save_if_due(self) -> None:
        lags = self.lag()
        caught_up = bool(lags) and not any(lags.values())
        if self._checkpoint.due(self._settings.checkpoint_s, caught_up=caught_up):
            await self._checkpoint.run()
        elif caught_up:
            await self._pass_tails()

    async def _while_settled(self, part: Callable[[], Awaitable[None]]) -> None:
        """Again and again, for as long as the app owns its partitions."""
        while True:
            if self.settled:
                await part()
            await asyncio.sleep(BEAT_S)

    async def _pass_tails(self) -> None:
        """A log may end in what is no record, as the end of a transaction, or a hole: the group learns that it is read."""
        if self.consumer is not None:
            await self._checkpoint.pass_tails(await self.consumer.tails(self._checkpoint.told))

    def _show(self, lags: Mapping[TP, int]) -> None:
        for tp, lag in lags.items():
            self._metrics.put("prescribers_lag", lag, tp.topic, tp.partition)
        reached = self.work.reached()
        self.moved = sum(reached.values())
        for tp, offset in reached.items():
            self._metrics.put("prescribers_next_offset", offset, tp.topic, tp.partition)

    async def _take_in(self, delivery: Delivery) -> None:
        await self._or_halt(self._take_in_current, delivery)

    async def _take_in_current(self, delivery: Delivery) -> None:
        if self._closing or not self.order.accept(delivery):
            return
        start = time.perf_counter()
        await self.work.take_in(delivery)
        self.batches += 1
        tp = delivery.tp
        self._metrics.observe("prescribers_batch_seconds", time.perf_counter() - start)
        self._metrics.add("prescribers_records_total", len(delivery.records), tp.topic, tp.partition)
        self._metrics.add("prescribers_bytes_total", sum(len(r.value or b"") for r in delivery.records), tp.topic, tp.partition)

    async def _restore(self, committed: Mapping[TP, int | None]) -> Mapping[TP, int | None]:
        self._metrics.drop("prescribers_lag")
        self._metrics.drop("prescribers_next_offset")
        self._checkpoint.forget(frozenset(committed))
        wanted = await self.work.restore(committed)
        self.restored = True
        return wanted

    async def _revoked(self, partitions: frozenset[TP]) -> None:
        self.order.end(partitions)
        if self._closing or not self.restored:
            return
        await self._or_halt(self._save_at_parting, partitions)
        self.work.drop(partitions)
        self._checkpoint.forget(partitions)

    async def _save_at_parting(self, partitions: frozenset[TP]) -> None:
        """The whole group waits, and so does each member's watchdog: a run may take longer, and is then made again by others."""
        if not await self._checkpoint.run_within(self._settings.stall_s * PARTING, partitions):
            _log.warning("partitions parted with before they could be saved; their next owner does some work again")

    async def _commit(self, offsets: Mapping[TP, int]) -> bool:
        return self.consumer is not None and await self.consumer.commit_explicitly(offsets)

    async def _or_halt(self, part: Callable[..., Awaitable[None]], *args: object) -> None:
        """Any failure ends the app, whatever Faust would make of it."""
        try:
            await part(*args)
        except Exception as error:
            self.halt.fail(error)
            raise
