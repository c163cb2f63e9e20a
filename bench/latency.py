"""From an event's arrival in Kafka to a ranking that knows it: how long after its boundary a run is published."""

import time
from collections.abc import Iterable, Iterator
from heapq import merge
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import msgspec
from confluent_kafka import Consumer, KafkaError, TopicPartition

from bench.conversation import Shape, mentions
from bench.ground import PARTITIONS, kafka_for, produce, theme_of
from bench.outcome import Line, Outcome, Skipped
from bench.runner import Runner
from graph.publication import RunClosed, decode_publication
from streams.broker_options import librdkafka_options
from streams.kafka_settings import KafkaSettings

NAME = "arrival to published ranking, beyond the step"
RATE = 50_000
"""Events a second, of one theme for each partition."""
SMOKE_S, FULL_S = 10, 60
STEP_MS = 5_000
ALLOWED_MS = 5_000
MAKING_S = 40e-6
"""Set aside for making an event, with room to spare: its time is in it, so all are made before the first one is sent."""
BREATH_S = 0.01
WARM_UP = 4_000
READ_S = 10.0
CLOSING = b'"type":"run"'
Due = tuple[int, int, bytes]
"""When it occurs, ms; its partition; an event."""


class _Timed(msgspec.Struct):
    occurred_at: int


_timed = msgspec.json.Decoder(_Timed).decode


class _Pace:
    """Gives each event when it occurs, or at once where that has passed. `late_ms`: how late the latest was."""

    def __init__(self) -> None:
        self.late_ms = 0

    def of(self, events: Iterable[Due]) -> Iterator[tuple[int, bytes]]:
        """(partition, event) of each."""
        now = _now_ms()
        for at_ms, partition, event in events:
            while at_ms > now:
                time.sleep(min(BREATH_S, (at_ms - now) / 1000))
                now = _now_ms()
            self.late_ms = max(self.late_ms, now - at_ms)
            yield partition, event


def measure(brokers: tuple[str, ...], *, full: bool) -> list[Line]:
    """Both apps on one broker, fed at a steady rate with events of this very moment, and no lateness waited for."""
    if not brokers:
        return [Skipped(name=NAME, reason="the in-memory cluster keeps a second of this; give a real Kafka with --brokers")]
    seconds = FULL_S if full else SMOKE_S
    with TemporaryDirectory() as directory, kafka_for(("live",), brokers) as named:
        settings, pace = named["live"], _Pace()
        runners = [Runner(f"live {app}", app, settings, Path(directory)) for app in ("normalise", "rank")]
        try:
            produce(settings, settings.mentions, _Pace().of(_events(WARM_UP, _now_ms() - 3_600_000, 1_000)))
            for runner in runners:
                runner.drain()
            start_ms = _now_ms() + int(1000 * (1 + RATE * seconds * MAKING_S))
            events = list(_events(RATE * seconds, start_ms, seconds * 1000))
            before = [runner.spent_s() for runner in runners]
            produce(settings, settings.mentions, pace.of(events))
            for runner in runners:
                runner.drain()
            spent = [runner.spent_s() - start for runner, start in zip(runners, before, strict=True)]
            delays = _delays(settings, start_ms, start_ms + seconds * 1000)
        finally:
            for runner in runners:
                runner.stop()
    if not delays:
        return [Skipped(name=NAME, reason="no ranking was published while events were sent", failed=True)]
    return [
        Outcome(
            name=NAME,
            peer=f"{ALLOWED_MS / 1000:.0f} s",
            ratios=(max(delays) / ALLOWED_MS,),
            target=1.0,
            more_is_better=False,
            detail=f"the latest of {len(delays)} runs {max(delays):,} ms after its boundary, the median {median(delays):,.0f}; "
            f"{RATE:,} events a second for {seconds} s to {PARTITIONS} themes, a step of {STEP_MS / 1000:.0f} s; "
            f"the feed was never more than {pace.late_ms:,} ms behind; CPU s of normalise {spent[0]:.0f}, of rank {spent[1]:.0f}",
        )
    ]


def _now_ms() -> int:
    return time.time_ns() // 1_000_000


def _events(count: int, start_ms: int, span_ms: int) -> Iterator[Due]:
    """In order of time, as many of each theme."""
    each = count // PARTITIONS
    yield from merge(*(_of_theme(k, each, start_ms, span_ms) for k in range(PARTITIONS)))


def _of_theme(number: int, count: int, start_ms: int, span_ms: int) -> Iterator[Due]:
    first = start_ms % 10_000_000_000 * 1_000
    shape = Shape(events=count, theme=theme_of(number), start_ms=start_ms, span_ms=span_ms, seed=number, first=first)
    for event in mentions(shape):
        yield _timed(event).occurred_at, number, event


def _delays(settings: KafkaSettings, start_ms: int, end_ms: int) -> list[int]:
    """By run whose boundary lies in that time: how long after it the closing record was sent, ms."""
    failures: list[KafkaError] = []
    consumer = Consumer({**librdkafka_options(settings, failures.append), "group.id": f"{settings.group_prefix}-reader"})
    parts = [TopicPartition(settings.rankings, number, 0) for number in range(PARTITIONS)]
    found: list[int] = []
    try:
        ends = {part.partition: consumer.get_watermark_offsets(part, timeout=READ_S)[1] for part in parts}
        left = {number for number, end in ends.items() if end}
        consumer.assign(parts)
        while left:
            messages = consumer.consume(1_000, timeout=READ_S)
            if not messages:
                raise RuntimeError(f"rankings cannot be read to their end: {failures or 'no reason given'}")
            for message in messages:
                run = decode_publication(value) if CLOSING in (value := message.value() or b"")[:64] else None
                if isinstance(run, RunClosed) and start_ms < run.window_end <= end_ms:
                    found.append(message.timestamp()[1] - run.window_end)
                partition, offset = message.partition() or 0, message.offset() or 0
                if offset + 1 >= ends[partition]:
                    left.discard(partition)
    finally:
        consumer.close()
    return found
