"""`normalise`: mentions in, one interaction per theme out, refusals to the dead letters. Stateless: its state is its offset."""

import asyncio
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from faust.types import TP

from graph.interaction import EVERY_THEME, Interaction
from graph.keys import DEFAULT_HASH_KEY
from graph.log_record import encode_interaction
from graph.normalise import MAX_BYTES, Normaliser, Refusal
from graph.theme_settings import ThemeSettings
from streams.batch_producer import BatchProducer
from streams.brake import Brake, BrakeError, BrakeLimits
from streams.dead_letters import bury, refuse
from streams.delivery import Delivery, Record
from streams.kafka_connection import open_outlet
from streams.log_identity import log_identity
from streams.metrics import Metrics
from streams.progress import Progress
from streams.run_app import run_app
from streams.run_settings import RunSettings
from streams.theme_records import ThemeRecords
from streams.topic_layout import partition_counts
from streams.work import MANY_SMALL

TICK_MS = 60_000
THEME_HEADER = "theme"
"""What a feed says of events that name no theme themselves."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NormaliseOptions:
    """`themes`: the configured ones, none meaning that events' own names are the themes; `secret`: the key of identity hashes."""

    run: RunSettings
    themes: Mapping[str, ThemeSettings] = field(default_factory=dict)
    brake: BrakeLimits = field(default_factory=BrakeLimits)
    allow_private: bool = False
    secret: bytes = DEFAULT_HASH_KEY
    max_bytes: int = MAX_BYTES


def run_normalise(options: NormaliseOptions) -> int:
    """Until SIGTERM or SIGINT; the exit status of `streams.run_app`."""
    return run_app("normalise", (options.run.kafka.mentions,), options.run, lambda metrics: Normalise(options, metrics))


class Normalise:
    """Sends a batch, waits until all replicas have it, and only then counts it as done. Repeats are removed by `rank`."""

    keeper = "committed offset"
    reading = MANY_SMALL
    _out: BatchProducer
    _partitions: int
    _dead_partitions: int

    def __init__(self, options: NormaliseOptions, metrics: Metrics, now_ms: Callable[[], int] | None = None) -> None:
        self._kafka = options.run.kafka
        self._run = options.run
        self._limits = options.brake
        self._metrics = metrics
        self._now_ms = now_ms or (lambda: time.time_ns() // 1_000_000)
        self._ticked_ms = 0
        self._brakes: dict[TP, Brake] = {}
        self._owned: frozenset[TP] = frozenset()
        self._progress = Progress()
        self._log_id = ""
        themes = tuple(options.themes.values())
        self._normalise = Normaliser(
            themes, secret=options.secret, allow_private=options.allow_private, max_bytes=options.max_bytes
        ).normalise

    async def open(self) -> None:
        """Connect the producer, and check the topics written to."""
        self._out = await open_outlet(self._run, "rank", "store")
        counts = partition_counts(self._kafka)
        topics = (self._kafka.mentions, self._kafka.interactions, self._kafka.dead)
        _, self._partitions, self._dead_partitions = [await self._out.partitions(topic, counts[topic]) for topic in topics]
        self._log_id = await asyncio.to_thread(log_identity, self._kafka, self._kafka.mentions)

    async def restore(self, committed: Mapping[TP, int | None]) -> Mapping[TP, int | None]:
        """Where the group left off."""
        self._owned = frozenset(committed)
        self._brakes = {tp: Brake(f"{tp.topic}[{tp.partition}]", self._limits) for tp in committed}
        return self._progress.restore(committed)

    async def take_in(self, delivery: Delivery) -> None:
        """Every record ends as interactions or as a dead letter; the brake stops the app before their offsets are done."""
        era, halted, sent = self._progress.era, None, 0
        brake = self._brakes[delivery.tp]
        log = ThemeRecords(self._out, self._kafka.interactions, self._partitions)
        for record in delivery.records:
            outcome = self._normalise(record.value, record.timestamp, (delivery.tp.partition, record.offset), theme_of(record))
            if isinstance(outcome, Refusal):
                halted = self._refuse(delivery, record, outcome, brake)
                if halted is not None:
                    break
                continue
            brake.accepted()
            sent += len(outcome)
            for interaction in outcome:
                log.add(interaction, len(record.value or b""))
        log.close()
        self._metrics.add("prescribers_interactions_total", sent)
        await self._out.flush()
        if halted is not None:
            raise halted
        self._progress.advance(delivery, era)

    async def make_durable(self, partitions: frozenset[TP] | None = None) -> Mapping[TP, int]:
        """What is acknowledged is durable already."""
        return self._progress.reached(partitions)

    def reached(self) -> Mapping[TP, int]:
        """Offsets acknowledged."""
        return self._progress.reached()

    def drop(self, partitions: frozenset[TP]) -> None:
        """Others own these now."""
        self._owned -= partitions
        self._progress.drop(partitions)

    async def beat(self) -> None:
        """Once a minute, write a tick to every partition, so that idle themes close their windows too."""
        now = self._now_ms()
        if now - self._ticked_ms >= TICK_MS and TP(self._kafka.mentions, 0) in self._owned:
            self._ticked_ms = now
            value = encode_interaction(Interaction(theme=EVERY_THEME, kind="tick", occurred_at=now))
            for partition in range(self._partitions):
                self._out.append(self._kafka.interactions, partition, b"", value)
            await self._out.flush()

    def patient(self) -> bool:
        """Whether it waits for its reader."""
        return hasattr(self, "_out") and self._out.held

    def computing(self) -> bool:
        """Never: a batch is short."""
        return False

    async def close(self) -> None:
        """Leave the broker."""
        if hasattr(self, "_out"):
            await self._out.close()

    def _refuse(self, delivery: Delivery, record: Record, refusal: Refusal, brake: Brake) -> BrakeError | None:
        letter = refuse(delivery, record, refusal, theme_of(record), self._log_id)
        bury(letter, self._out, self._kafka.dead, self._dead_partitions)
        self._metrics.add("prescribers_dead_letters_total", 1, delivery.tp.partition, refusal.reason)
        try:
            brake.refused(refusal.reason)
        except BrakeError as error:
            return error
        return None


def theme_of(record: Record) -> str:
    """The theme that the feed gave, "" where it gave none or nothing readable."""
    for name, value in record.headers:
        if name == THEME_HEADER and value:
            return value.decode("utf-8", "replace")
    return ""
