"""Rounds on Kafka: every app and peer is fed in turn, and its CPU seconds per event are kept."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.conversation import START_MS, Shape, documents, mentions, records
from bench.ground import PARTITIONS, kafka_for, theme_of
from bench.runner import Runner

Seconds = Mapping[str, Sequence[float]]
"""CPU seconds per event by role, one entry per round."""

APPS = {
    "normalise": "normalise",
    "rank": "rank",
    "single normalise": "normalise",
    "single rank": "rank",
    "bare rank": "rank",
}
SMOKE = {"normalise": 60_000, "rank": 120_000, "single normalise": 3_000, "single rank": 5_000, "bare rank": 120_000}
PACKED = ("rank", "bare rank")
"""These read what our `normalise` writes; an agent that takes one event at a time finds one in each record."""
ROUNDS, GROWTH = 3, 3
WARM_UP = 800
SPAN_MS = 600_000
Make = Callable[[Shape], Iterator[bytes]]


def rounds(brokers: tuple[str, ...], *, full: bool) -> Seconds:
    """Each role `ROUNDS` times, interleaved. Raises `RuntimeError` where one of them fails."""
    sizes = {role: size * (GROWTH if full else 1) for role, size in SMOKE.items()}
    spent: dict[str, list[float]] = {role: [] for role in APPS}
    with TemporaryDirectory() as directory, kafka_for(tuple(APPS), brokers) as settings:
        runners = [Runner(role, app, settings[role], Path(directory)) for role, app in APPS.items()]
        try:
            for runner in runners:
                runner.give(_values(runner.role, WARM_UP, 0))
            for runner in runners:
                runner.drain()
            for number in range(1, ROUNDS + 1):
                for runner in runners:
                    size = sizes[runner.role]
                    spent[runner.role].append(runner.feed(_values(runner.role, size, number)) / size)
        finally:
            for runner in runners:
                runner.stop()
    return spent


def _values(role: str, size: int, number: int) -> list[bytes]:
    """One theme per partition, later and with other ids than the round before."""
    make: Make = mentions if APPS[role] == "normalise" else records if role in PACKED else documents
    shape = Shape(events=size // PARTITIONS, first=number * 10_000_000, start_ms=START_MS + number * SPAN_MS, span_ms=SPAN_MS)
    return [value for partition in range(PARTITIONS) for value in make(replace(shape, theme=theme_of(partition), seed=partition))]
