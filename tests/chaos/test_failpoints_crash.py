"""A crash right before and right after every durable step, on a real broker: the warehouse shows what the core says."""

import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest

from prescribers.settings import bare_environment
from sinks.clickhouse.writer import InsertStep
from streams.failpoints import Moment, Step
from streams.kafka_settings import KafkaSettings
from streams.lag import APPS
from tests.chaos.feeder import Feeder
from tests.chaos.fleet import Fleet
from tests.chaos.ground import create_topics, delete_topics, empty_database, named_topics, write_config
from tests.chaos.one_seed import compare, drain_and_stop, what_should_be_shown
from tests.chaos.planted_feed import plan_feed, theme_settings
from tests.chaos.servers import ROOT, engine, free_ports, serving
from tests.chaos.shown_rows import shown
from tests.contracts.warehouse_process import need_embedded_engine

UNDER_A_URL = "rank, snapshots under a URL"
STEPS: dict[str, tuple[str, ...]] = {
    "normalise": ("produce", "flush", "commit"),
    # A file left half written is there to be removed once the step before has crashed, so `leftover_removal` comes next.
    "rank": (
        *("snapshot_write", "leftover_removal", "snapshot_fsync", "snapshot_rename", "directory_fsync", "snapshot_removal"),
        *("snapshot_set_aside", "produce", "flush", "commit"),
    ),
    UNDER_A_URL: ("object_put", "object_removal", "object_set_aside"),
    "store": (*get_args(InsertStep), "commit"),
}
PER_SECOND, EVENTS_A_CRASH = 60.0, 400
REACHED_S = 120.0


class Rations:
    """A pace: half of each crash's events at `PER_SECOND`, then a trickle, so that something comes however long it takes."""

    def __init__(self) -> None:
        self.next_crash(0)

    def next_crash(self, number: int) -> None:
        self._first = number * EVENTS_A_CRASH
        self._begun_s = time.monotonic()

    def __call__(self, number: int) -> bool:
        turn, passed_s = number - self._first, time.monotonic() - self._begun_s
        half = EVENTS_A_CRASH // 2
        half_s = half / PER_SECOND
        due_s = turn / PER_SECOND if turn < half else half_s + (turn - half) * (REACHED_S - half_s) / half
        return passed_s >= due_s


def test_every_failpoint_there_is_is_crashed_at() -> None:
    assert {step for steps in STEPS.values() for step in steps} == {*get_args(Step), *get_args(InsertStep)}


@pytest.fixture(scope="module")
def engine_port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    need_embedded_engine()
    port = free_ports(1)
    with serving(engine(tmp_path_factory.mktemp("engine"), port)):
        yield port


@pytest.mark.slow
@pytest.mark.real_kafka
@pytest.mark.parametrize("case", STEPS)
def test_a_crash_at_each_durable_step_changes_nothing(
    case: str, real_kafka: KafkaSettings, engine_port: int, tmp_path: Path
) -> None:
    app = case.partition(",")[0]
    crashes = [(step, moment) for step in STEPS[case] for moment in get_args(Moment)]
    events = len(crashes) * EVENTS_A_CRASH
    kafka = named_topics(real_kafka.brokers[0], f"failpoints-{app}")
    feed, _ = plan_feed(len(crashes), events, time.time_ns() // 1_000_000, PER_SECOND)
    expected = what_should_be_shown(feed, kafka.mentions, engine_port, f"calm_{app}")
    create_topics(kafka)
    with empty_database(engine_port, f"crashed_{app}") as warehouse:
        # A lasting name each: a restart is then back in its group at once, not after the dead one's session.
        worker = {"checkpoint": "500ms", "instance": "the-only-one"}
        more = [f'snapshot_url = "local://{tmp_path}/objects"'] if case == UNDER_A_URL else []
        config = write_config(tmp_path, kafka, engine_port, warehouse.settings.database, worker, more)
        fleet = Fleet(tmp_path, ["--config", str(config)], lambda _app, _number: [], time.monotonic)
        try:
            for other in APPS:
                if other != app:
                    fleet.add(other)
            rations = Rations()
            feeder = Feeder(kafka, feed, rations)
            feeder.start()
            for number, (step, moment) in enumerate(crashes):
                rations.next_crash(number)
                if step.endswith("set_aside"):
                    damage_the_newest(tmp_path)
                crash_at(app, step, moment, config, tmp_path / f"{app}-{step}-{moment}.log")
            feeder.hurry()
            fleet.add(app)
            feeder.join()
            late = drain_and_stop(kafka, fleet, fleet.tick)
        finally:
            fleet.kill_all()
        rows = shown(warehouse, theme_settings())
    assert [*feeder.failures, *fleet.complaints, *late, *compare(expected, rows, len(feed))] == []
    delete_topics(kafka)


def damage_the_newest(directory: Path) -> None:
    """Truncate the last snapshot of each partition."""
    folders = {path.parent for path in directory.rglob("*.snap")}
    assert folders
    for folder in folders:
        newest = max(folder.glob("*.snap"))
        newest.write_bytes(newest.read_bytes()[:-1])


def crash_at(app: str, step: str, moment: str, config: Path, log: Path) -> None:
    """Run the app until it has died of its failpoint."""
    command = [sys.executable, "-m", "tests.chaos.armed_app", str(config), app, step, moment, "1"]
    with log.open("ab") as said:
        process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=said, stderr=said, cwd=ROOT, env=bare_environment(), start_new_session=True
        )
        try:
            status = process.wait(REACHED_S)
        except subprocess.TimeoutExpired:
            pytest.fail(f"{app} never came {moment} {step}: {log.read_text()[-2000:]}")
        finally:
            process.kill()
            process.communicate()
    assert status == -signal.SIGKILL, log.read_text()[-2000:]
