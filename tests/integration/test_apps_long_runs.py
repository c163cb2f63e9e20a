"""A run that takes longer than a session, and longer than the watchdog waits: `rank` stays in its group, alive and exact."""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from itertools import pairwise
from pathlib import Path
from typing import Any

import msgspec
import pytest

from graph.partition_state import PartitionState
from graph.publication import Acts, decode_publication
from graph.volumes import Shelf
from streams.kafka_settings import KafkaSettings
from streams.lag import LagReader
from streams.local_place import LocalPlace
from streams.log_identity import log_identity
from streams.snapshot_store import SnapshotStore
from tests.integration.app_process import names_of
from tests.integration.coordinator_proxy import CoordinatorProxy
from tests.integration.log_ground import Ground
from tests.integration.slow_rank import SlowTask
from tests.integration.test_apps_refusals import ROOT, produce
from tests.integration.test_apps_snapshots import interactions

pytestmark = [pytest.mark.slow, pytest.mark.real_kafka]
ReadTopic = Callable[[KafkaSettings, str], list[Any]]
PROGRAM = Path(__file__).with_name("slow_rank.py")
PARTITION = 2
FIRST, ALL = 100, 400
SLOW_S, STALL_S = 15.0, 6.0
"""A session is 10 s, and heartbeats come every 2 s."""


class Worker:
    """`rank` behind a proxy of its own, which sees what it asks of its group."""

    def __init__(self, ground: Ground, proxy: CoordinatorProxy, name: str, slow_s: float, stall_s: float) -> None:
        self.proxy = proxy
        self._settings = ground.directory / f"{name}.json"
        task = SlowTask(
            brokers=[f"127.0.0.1:{proxy.port}"],
            names=names_of(ground.kafka),
            state_dir=str(ground.directory / "state"),
            slow_s=slow_s,
            slow_offset=FIRST,
            stall_s=stall_s,
        )
        self._settings.write_bytes(msgspec.json.encode(task))
        command = [sys.executable, str(PROGRAM), str(self._settings)]
        self.process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT, env={"PYTHONPATH": str(ROOT)}
        )
        ground.running.append(self.process)

    def in_its_group(self) -> None:
        self.proxy.wait_for("sync", fault=False, after_s=0, within_s=60)

    def begins_the_long_run(self) -> None:
        assert self.process.stdout is not None
        assert self.process.stdout.readline() == "slow\n", self.process.communicate()[1]

    def ends_cleanly(self) -> str:
        """What it said."""
        self.process.terminate()
        said = self.process.communicate(timeout=60)[1]
        assert self.process.returncode == 0, said
        return said

    def joined(self) -> int:
        """How often it came into its group; once more is a rebalance."""
        return sum(answer.request == "sync" for answer in self.proxy.answers)

    def longest_silence_s(self) -> float:
        beats = [answer.at_s for answer in self.proxy.answers if answer.request == "heartbeat"]
        return max(after - before for before, after in pairwise(beats))


@pytest.fixture
def start(ground: Ground) -> Iterator[Callable[..., Worker]]:
    port = int(ground.kafka.brokers[0].rpartition(":")[2])
    with ExitStack() as stack:
        yield lambda name="rank", slow_s=SLOW_S, stall_s=STALL_S: Worker(
            ground, stack.enter_context(CoordinatorProxy(port)), name, slow_s, stall_s
        )


def feed(ground: Ground, first: int, last: int) -> None:
    produce(ground.kafka, ground.kafka.interactions, interactions(first, last), partition=PARTITION)


def until_committed(ground: Ground, offset: int, *workers: Worker) -> None:
    with LagReader(ground.kafka, "rank") as reader:
        deadline = time.monotonic() + 90
        while {lag.committed for (_, partition), lag in reader.read().items() if partition == PARTITION} != {offset}:
            for worker in workers:
                assert worker.process.poll() is None, worker.process.communicate()[1]
            assert time.monotonic() < deadline, reader.read()
            time.sleep(0.1)


def exact(ground: Ground, read_topic: ReadTopic) -> bool:
    """Whether the last snapshot, volumes included, is that of a state that took the log in at once; nothing was told twice."""
    store = SnapshotStore(
        LocalPlace(ground.directory / "state" / "rank"),
        ground.kafka.interactions,
        log_identity(ground.kafka, ground.kafka.interactions),
    )
    log = [record for record in read_topic(ground.kafka, ground.kafka.interactions) if record.partition == PARTITION]
    state, shelf = PartitionState(PARTITION), Shelf()
    state.apply([record.offset for record in log], [record.value for record in log])
    state.tallies(store.log_id)
    body = state.dump(shelf)
    held = store.load(PARTITION, state.config_hash)
    assert held is not None
    assert (held.next_offset, held.body, list(held.volumes)) == (state.next_offset, body, list(shelf.named))
    told = [decode_publication(record.value) for record in read_topic(ground.kafka, ground.kafka.rankings)]
    keys = [event.key for acts in told if isinstance(acts, Acts) for event in acts.acts()]
    return sorted(keys) == list(range(ALL))


def test_a_run_longer_than_a_session_moves_no_partition_and_takes_nothing_in_twice(
    ground: Ground, start: Callable[..., Worker], read_topic: ReadTopic
) -> None:
    rank = start()
    rank.in_its_group()
    feed(ground, 0, FIRST)
    until_committed(ground, FIRST, rank)
    feed(ground, FIRST, ALL)
    rank.begins_the_long_run()
    until_committed(ground, ALL, rank)
    assert rank.joined() == 1
    assert rank.longest_silence_s() < 5
    rank.ends_cleanly()
    assert exact(ground, read_topic)


@pytest.mark.parametrize(("slow_s", "stall_s"), [(10, 40), (25, 16)], ids=["waited for", "given up"])
def test_a_worker_that_joins_during_a_run_waits_for_it_or_makes_it_again(
    slow_s: float, stall_s: float, ground: Ground, start: Callable[..., Worker], read_topic: ReadTopic
) -> None:
    """Three quarters of the watchdog's time the others wait for a run; a run given up publishes nothing when it ends."""
    rank = start(slow_s=slow_s, stall_s=stall_s)
    rank.in_its_group()
    feed(ground, 0, ALL)
    rank.begins_the_long_run()
    other = start("other", slow_s=0, stall_s=60)
    other.in_its_group()
    until_committed(ground, ALL, rank, other)
    assert rank.joined() == 2
    assert ("before they could be saved" in rank.ends_cleanly()) == (slow_s > stall_s)
    other.ends_cleanly()
    assert exact(ground, read_topic)


def test_asked_to_end_during_a_run_it_saves_what_the_run_found(
    ground: Ground, start: Callable[..., Worker], read_topic: ReadTopic
) -> None:
    rank = start()
    rank.in_its_group()
    feed(ground, 0, FIRST + 1)
    rank.begins_the_long_run()
    rank.ends_cleanly()
    until_committed(ground, FIRST + 1)
    feed(ground, FIRST + 1, ALL)
    again = start()
    until_committed(ground, ALL, again)
    again.ends_cleanly()
    assert exact(ground, read_topic)
