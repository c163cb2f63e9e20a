"""Workers added and removed under load, on twelve partitions of a real broker: no long stop, and no wrong row."""

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from kafka import KafkaAdminClient

from streams.kafka_admin import open_admin
from streams.kafka_settings import KafkaSettings
from streams.lag import APPS, LagReader
from tests.chaos.feeder import Feeder, steady
from tests.chaos.fleet import MOST, Fleet
from tests.chaos.ground import create_topics, delete_topics, empty_database, named_topics, write_config
from tests.chaos.one_seed import compare, drain_and_stop, what_should_be_shown
from tests.chaos.planted_feed import plan_feed, theme_settings
from tests.chaos.servers import engine, free_ports, serving
from tests.chaos.shown_rows import shown
from tests.contracts.warehouse_process import need_embedded_engine

PER_SECOND, SECONDS, BETWEEN_S = 60.0, 65.0, 3.0
LONGEST_STOP_S = 15.0


class Progress(threading.Thread):
    """Watches what each app has brought forward, and remembers its longest stop since `begin`, in seconds."""

    def __init__(self, kafka: KafkaSettings) -> None:
        super().__init__(daemon=True)
        self._kafka = kafka
        self._done = threading.Event()
        self.stops = dict.fromkeys(APPS, 0.0)
        self.reached = dict.fromkeys(APPS, 0)

    def begin(self) -> None:
        self._moved_s = dict.fromkeys(APPS, time.monotonic())
        self.stops = dict.fromkeys(APPS, 0.0)

    def finish(self) -> None:
        self._done.set()
        self.join()

    def run(self) -> None:
        self.begin()
        with LagReader(self._kafka, "rank") as interactions, LagReader(self._kafka, "store") as rankings:
            while not self._done.wait(0.1):
                ranked, stored = interactions.read().values(), rankings.read().values()
                found = {
                    "normalise": sum(lag.end for lag in ranked),
                    "rank": sum(lag.committed or 0 for lag in ranked),
                    "store": sum(lag.committed or 0 for lag in stored),
                }
                now = time.monotonic()
                for app, offset in found.items():
                    self.stops[app] = max(self.stops[app], now - self._moved_s[app])
                    if offset > self.reached[app]:
                        self.reached[app], self._moved_s[app] = offset, now


@pytest.fixture
def engine_port(tmp_path: Path) -> Iterator[int]:
    need_embedded_engine()
    port = free_ports(1)
    with serving(engine(tmp_path, port)):
        yield port


@pytest.mark.slow
@pytest.mark.real_kafka
def test_three_workers_of_each_app_come_and_go(
    real_kafka: KafkaSettings, engine_port: int, tmp_path: Path, record_testsuite_property: Callable[[str, object], None]
) -> None:
    def come_and_go(fleet: Fleet) -> None:
        for pick in range(len(APPS) * (MOST - 1)):
            assert fleet.join(pick)
            pass_time(fleet, BETWEEN_S)
        for pick in range(len(APPS) * (MOST - 1)):
            assert fleet.leave(pick)
            pass_time(fleet, BETWEEN_S)

    stops = longest_stops(real_kafka.brokers[0], engine_port, tmp_path, come_and_go)
    record_testsuite_property("longest stops, s", stops)
    assert {app: stop for app, stop in stops.items() if stop > LONGEST_STOP_S} == {}


@pytest.mark.slow
@pytest.mark.real_kafka
@pytest.mark.parametrize(("instance", "counted"), [("the-only-one", 1), ("", 2)])
def test_a_killed_worker_with_a_lasting_name_takes_its_own_place(
    real_kafka: KafkaSettings, tmp_path: Path, instance: str, counted: int
) -> None:
    """Without one, the group waits for the dead worker until its session ends."""
    kafka = named_topics(real_kafka.brokers[0], "names")
    create_topics(kafka)
    config = write_config(tmp_path, kafka, 1, "none", {"instance": instance})
    fleet = Fleet(tmp_path, ["--config", str(config)], lambda _app, _number: [], time.monotonic)
    try:
        fleet.add("normalise")
        with open_admin(kafka) as admin:
            [before] = await_members(admin, kafka, fleet, lambda found: len(found) == 1)
            assert fleet.kill(0)
            found = await_members(admin, kafka, fleet, lambda found: bool(found - {before}))
    finally:
        fleet.kill_all()
    assert len(found) == counted
    delete_topics(kafka)


def longest_stops(broker: str, engine_port: int, directory: Path, disturb: Callable[[Fleet], None]) -> dict[str, float]:
    """Run one worker of each app, disturb them under load, compare every row; the longest stop of each app, in seconds."""
    kafka = named_topics(broker, "scale-out")
    feed, _ = plan_feed(9, int(SECONDS * PER_SECOND), time.time_ns() // 1_000_000, PER_SECOND)
    expected = what_should_be_shown(feed, kafka.mentions, engine_port, "undisturbed")
    create_topics(kafka)
    with empty_database(engine_port, "disturbed") as warehouse:
        config = write_config(directory, kafka, engine_port, warehouse.settings.database, {"checkpoint": "500ms"})
        fleet = Fleet(directory, ["--config", str(config)], lambda _app, _number: [], time.monotonic)
        feeder, progress = Feeder(kafka, feed, steady(len(feed), SECONDS)), Progress(kafka)
        try:
            for app in APPS:
                fleet.add(app)
            feeder.start()
            progress.start()
            settle(progress)
            disturb(fleet)
            progress.finish()
            feeder.hurry()
            feeder.join()
            late = drain_and_stop(kafka, fleet, fleet.tick)
        finally:
            fleet.kill_all()
        rows = shown(warehouse, theme_settings())
    assert [*feeder.failures, *fleet.complaints, *late, *compare(expected, rows, len(feed))] == []
    delete_topics(kafka)
    return progress.stops


def await_members(admin: KafkaAdminClient, kafka: KafkaSettings, fleet: Fleet, enough: Callable[[set[str]], bool]) -> set[str]:
    """The members of normalise's group, once there are those waited for."""
    group = kafka.group("normalise")
    deadline = time.monotonic() + 60
    while True:
        fleet.tick()
        found = {member["member_id"] for member in admin.describe_groups([group])[group]["members"]}
        if enough(found):
            return found
        assert time.monotonic() < deadline, found
        time.sleep(0.05)


def settle(progress: Progress) -> None:
    """Until every app has brought something forward; from then on stops count."""
    deadline = time.monotonic() + 60
    while not all(progress.reached.values()):
        assert time.monotonic() < deadline, progress.reached
        time.sleep(0.1)
    progress.begin()


def pass_time(fleet: Fleet, seconds: float) -> None:
    """Let the pipeline work."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        fleet.tick()
        time.sleep(0.05)
