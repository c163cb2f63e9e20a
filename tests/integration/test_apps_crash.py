"""The three apps as processes: killed at any moment and started again, they publish what an undisturbed run publishes."""

import json
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path

import msgspec
import pytest
from confluent_kafka import Producer

from graph.interaction import Interaction
from graph.publication import Acts, Publication, RunClosed, Tally, decode_publication
from prescribers.stack.mock_kafka import MockKafka
from streams import topics
from streams.kafka_settings import KafkaSettings
from streams.lag import LagReader
from streams.topic_layout import partition_counts
from tests.integration.app_process import Task, names_of

APPS = ("normalise", "rank", "store")
PROGRAM = Path(__file__).with_name("app_process.py")
DAY_MS = 86_400_000
START_MS = 1_700_000_000_000
EVENTS = 3000
Outcome = tuple[Sequence[object], Sequence[object], dict[str, tuple[int, int, int]]]


class Pipeline:
    """The apps on one cluster, started and killed at will."""

    def __init__(self, kafka: KafkaSettings, directory: Path) -> None:
        self.kafka = kafka
        self.written = directory / "written.jsonl"
        self.settings = directory / "task.json"
        self.running: dict[str, subprocess.Popen[str]] = {}
        task = Task(
            brokers=list(kafka.brokers),
            names=names_of(kafka),
            state_dir=str(directory / "state"),
            written=str(self.written),
            ahead_bytes=2 << 20,
        )
        self.settings.write_bytes(msgspec.json.encode(task))

    def start(self, *apps: str) -> None:
        """A name like `rank-2` is one more worker of the app."""
        for app in apps:
            self.running[app] = subprocess.Popen(
                [sys.executable, str(PROGRAM), app.partition("-")[0], str(self.settings)],
                stderr=subprocess.PIPE,
                text=True,
                cwd=Path(__file__).parents[2],
                env={"PYTHONPATH": str(Path(__file__).parents[2])},
            )

    def kill(self, app: str) -> None:
        process = self.running.pop(app)
        process.kill()
        process.communicate(timeout=20)

    def end(self, app: str) -> None:
        process = self.running.pop(app)
        process.terminate()
        _, said = process.communicate(timeout=40)
        assert process.returncode == 0, said

    def kill_all(self) -> None:
        for app in tuple(self.running):
            self.kill(app)

    def stop(self) -> dict[str, tuple[int, str]]:
        for process in self.running.values():
            process.send_signal(signal.SIGTERM)
        said = {app: process.communicate(timeout=40)[1] for app, process in self.running.items()}
        ended = {app: (process.returncode, said[app]) for app, process in self.running.items()}
        self.running.clear()
        return ended

    def drain(self, within_s: float = 90) -> None:
        """Until each app has committed all that its topics hold."""
        deadline = time.monotonic() + within_s
        for app in APPS:
            with LagReader(self.kafka, app) as reader:
                while sum(lag.lag for lag in reader.read().values()):
                    for name, process in self.running.items():
                        assert process.poll() is None, f"{name} ended: {process.communicate()[1]}"
                    assert time.monotonic() < deadline, f"{app} still lags: {reader.read()}"
                    time.sleep(0.2)

    def outcome(self) -> Outcome:
        """Everything that a warehouse would show, repeats and batch boundaries aside: acts, runs, and last tallies."""
        publications: list[Publication] = []
        letters: set[tuple[int, int, str, str]] = set()
        for line in self.written.read_text().splitlines():
            sent, dead = json.loads(line)
            publications += [decode_publication(value.encode()) for value in sent]
            letters |= {(letter["partition"], letter["offset"], letter["reason"], letter["payload"]) for letter in dead}
        acts = {event.key: (theme, event.kind) for theme, event in accepted(publications)}
        runs = {
            run.run_id: (run.theme, run.window_end, run.rows, run.config_hash)
            for run in publications
            if isinstance(run, RunClosed)
        }
        tallies = sorted((p for p in publications if isinstance(p, Tally)), key=lambda tally: tally.next_offset)
        last = {(tally.theme, tally.partition): (tally.state, tally.late, tally.duplicate) for tally in tallies}
        fates = {str(at): counts for at, counts in last.items() if any(counts)}
        return [*sorted(acts.items()), *sorted(runs.items())], sorted(letters), fates


def accepted(publications: list[Publication]) -> Iterator[tuple[str, Interaction]]:
    for act in publications:
        if isinstance(act, Acts):
            yield from ((act.theme, event) for event in act.acts())


def feed(kafka: KafkaSettings, first: int, last: int, per_second: float = 0) -> None:
    """Events of three themes over twelve days, ten lines broken, every 50th sent twice."""
    producer = Producer({"bootstrap.servers": ",".join(kafka.brokers), "acks": "all", "enable.idempotence": True, "log_level": 0})
    for n in range(first, last):
        theme = f"theme-{n % 3}"
        event = {
            "schema": "mention.v1",
            "event_id": f"e{n}",
            "source": "forum",
            "kind": "reply",
            "actor_id": f"forum:{n % 41}",
            "target_actor_id": f"forum:{n % 7}",
            "occurred_at": START_MS + n * 12 * DAY_MS // EVENTS,
            "themes": [theme],
        }
        value = b"{broken" if n % 300 == 150 else json.dumps(event).encode()
        for _ in range(2 if n % 50 == 49 else 1):
            producer.produce(kafka.mentions, value, key=theme.encode(), partition=n % 3)
        if per_second and n % 15 == 0:
            producer.flush(60)
            time.sleep(15 / per_second)
    assert producer.flush(60) == 0


@pytest.fixture(params=["in-memory", pytest.param("real", marks=pytest.mark.real_kafka)])
def fresh_clusters(
    request: pytest.FixtureRequest, own_names: Callable[[KafkaSettings], KafkaSettings]
) -> Iterator[Callable[[], KafkaSettings]]:
    """Clusters, or topics and groups on the real one, that hold nothing yet."""
    with ExitStack() as stack:

        def make() -> KafkaSettings:
            if request.param == "in-memory":
                cluster = stack.enter_context(MockKafka())
                return KafkaSettings(brokers=(cluster.start(partition_counts(KafkaSettings())),))
            kafka = own_names(request.getfixturevalue("real_kafka"))
            topics.create(kafka)
            return kafka

        yield make


@pytest.fixture
def pipeline_on(tmp_path: Path) -> Iterator[Callable[[KafkaSettings, str], Pipeline]]:
    with ExitStack() as stack:

        def make(kafka: KafkaSettings, name: str) -> Pipeline:
            directory = tmp_path / name
            directory.mkdir()
            pipeline = Pipeline(kafka, directory)
            stack.callback(pipeline.kill_all)
            return pipeline

        yield make


@pytest.mark.slow
def test_a_kill_of_each_app_in_mid_stream_changes_nothing(
    fresh_clusters: Callable[[], KafkaSettings], pipeline_on: Callable[[KafkaSettings, str], Pipeline]
) -> None:
    calm_kafka, rough_kafka = fresh_clusters(), fresh_clusters()
    calm = pipeline_on(calm_kafka, "calm")
    feed(calm_kafka, 0, EVENTS)
    calm.start(*APPS)
    calm.drain()
    assert {app: status for app, (status, _) in calm.stop().items()} == dict.fromkeys(APPS, 0)

    rough = pipeline_on(rough_kafka, "rough")
    rough.start(*APPS)
    feeding = threading.Thread(target=feed, args=(rough_kafka, 0, EVENTS, 150.0))
    feeding.start()
    for number, app in enumerate(("normalise", "rank", "store", "rank", "normalise")):
        time.sleep(4 + 0.37 * number)
        rough.kill(app)
        rough.start(app)
    feeding.join()
    rough.drain()
    assert {app: status for app, (status, _) in rough.stop().items()} == dict.fromkeys(APPS, 0)
    assert rough.outcome() == calm.outcome()
    published, letters, fates = calm.outcome()
    assert len(published) > EVENTS - len(letters), "acts, and runs beside them"
    assert len(letters) == EVENTS // 300
    assert sum(state + late for state, late, _ in fates.values()) == EVENTS - EVENTS // 300


@pytest.mark.slow
def test_workers_that_join_and_leave_change_nothing(
    fresh_clusters: Callable[[], KafkaSettings], pipeline_on: Callable[[KafkaSettings, str], Pipeline]
) -> None:
    alone_kafka, shared_kafka = fresh_clusters(), fresh_clusters()
    alone = pipeline_on(alone_kafka, "alone")
    feed(alone_kafka, 0, EVENTS)
    alone.start(*APPS)
    alone.drain()
    alone.stop()

    shared = pipeline_on(shared_kafka, "shared")
    shared.start(*APPS)
    feeding = threading.Thread(target=feed, args=(shared_kafka, 0, EVENTS, 150.0))
    feeding.start()
    seconds = tuple(f"{app}-2" for app in APPS)
    time.sleep(4)
    shared.start(*seconds)
    time.sleep(8)
    for app in APPS:
        shared.end(app)
    feeding.join()
    shared.drain()
    assert {app: status for app, (status, _) in shared.stop().items()} == dict.fromkeys(seconds, 0)
    assert shared.outcome() == alone.outcome()
