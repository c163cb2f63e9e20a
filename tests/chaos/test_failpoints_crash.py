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
from tests.chaos.servers import ROOT, engine, free_ports
from tests.chaos.shown_rows import shown
from tests.contracts.warehouse_process import need_embedded_engine
from tests.unit.test_stream_places import STEPS as STEPS_OF_PLACES

STEPS: dict[str, tuple[str, ...]] = {
    "normalise": ("produce", "flush", "commit"),
    # A file left half written is there to be removed once the step before has crashed, so `leftover_removal` comes next.
    "rank": (
        *("snapshot_write", "leftover_removal", "snapshot_fsync", "snapshot_rename", "directory_fsync", "snapshot_removal"),
        *("produce", "flush", "commit"),
    ),
    "store": (*get_args(InsertStep), "commit"),
}
PER_SECOND, SECONDS_A_CRASH = 60.0, 8.0
REACHED_S = 60.0


def test_every_failpoint_there_is_is_crashed_at() -> None:
    """Those of damaged snapshots, and of snapshots under a URL, in a suite of the places alone."""
    crashed_at = {step for steps in (*STEPS.values(), *STEPS_OF_PLACES.values()) for step in steps}
    assert crashed_at == {*get_args(Step), *get_args(InsertStep)}


@pytest.fixture(scope="module")
def engine_port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    need_embedded_engine()
    port = free_ports(1)
    server = engine(tmp_path_factory.mktemp("engine"), port)
    server.start()
    try:
        server.await_up()
        yield port
    finally:
        server.kill()


@pytest.mark.slow
@pytest.mark.real_kafka
@pytest.mark.parametrize("app", APPS)
def test_a_crash_at_each_durable_step_changes_nothing(
    app: str, real_kafka: KafkaSettings, engine_port: int, tmp_path: Path
) -> None:
    crashes = [(step, moment) for step in STEPS[app] for moment in get_args(Moment)]
    seconds = len(crashes) * SECONDS_A_CRASH
    kafka = named_topics(real_kafka.brokers[0], f"failpoints-{app}")
    feed, _ = plan_feed(len(crashes), int(seconds * PER_SECOND), time.time_ns() // 1_000_000, PER_SECOND)
    expected = what_should_be_shown(feed, kafka.mentions, engine_port, f"calm_{app}")
    create_topics(kafka)
    with empty_database(engine_port, f"crashed_{app}") as warehouse:
        # A lasting name each: a restart is then back in its group at once, not after the dead one's session.
        worker = {"checkpoint": "500ms", "instance": "the-only-one"}
        config = write_config(tmp_path, kafka, engine_port, warehouse.settings.database, worker)
        fleet = Fleet(tmp_path, ["--config", str(config)], lambda _app, _number: [], time.monotonic)
        try:
            for other in APPS:
                if other != app:
                    fleet.add(other)
            feeder = Feeder(kafka, feed, seconds)
            feeder.start()
            for step, moment in crashes:
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
