"""`rank` and its snapshots when their place fails it: full, unusable, damaged, or an object store."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from graph.interaction import Interaction
from graph.log_record import encode_interaction
from graph.publication import Tally, decode_publication
from prescribers.stack.mock_kafka import MockKafka
from streams.kafka_settings import KafkaSettings
from streams.lag import LagReader, total_lag
from streams.local_place import LocalPlace
from streams.snapshot_place import SnapshotPlace
from streams.snapshot_store import SnapshotStore
from streams.topic_layout import partition_counts
from streams.url_place import UrlPlace
from tests.contracts.snapshot_places import BUCKET, s3_server
from tests.integration.app_process import Task, names_of
from tests.integration.test_apps_refusals import PROGRAM, ROOT, outcome, produce

ReadTopic = Callable[[KafkaSettings, str], list[Any]]
START_MS = 1_700_000_000_000


@pytest.fixture
def own_kafka() -> Iterator[KafkaSettings]:
    with MockKafka() as cluster:
        yield KafkaSettings(brokers=(cluster.start(partition_counts(KafkaSettings())),))


def launch(kafka: KafkaSettings, directory: Path, *, blocks: int = 0, snapshot_url: str = "") -> "subprocess.Popen[str]":
    """`rank`; `blocks`: no file it writes may grow beyond so many KiB."""
    task = Task(brokers=list(kafka.brokers), names=names_of(kafka), state_dir=str(directory / "state"), snapshot_url=snapshot_url)
    settings = directory / "rank.json"
    settings.write_bytes(msgspec.json.encode(task))
    command = [sys.executable, str(PROGRAM), "rank", str(settings)]
    limited = ["bash", "-c", f'ulimit -f {blocks}; exec "$@"', "limited", *command] if blocks else command
    environ = {name: value for name, value in os.environ.items() if name.startswith("AWS_")} | {"PYTHONPATH": str(ROOT)}
    environ |= {"PATH": os.environ["PATH"], "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.Popen(limited, stderr=subprocess.PIPE, text=True, cwd=ROOT, env=environ)


def interactions(first: int, last: int) -> list[bytes]:
    return [
        encode_interaction(
            Interaction(
                theme="t", kind="reply", occurred_at=START_MS + n, key=n, source="s", actor_id=f"s:{n}", target_actor_id="s:x"
            )
        )
        for n in range(first, last)
    ]


def drained(kafka: KafkaSettings, process: "subprocess.Popen[str]") -> None:
    with LagReader(kafka, "rank") as reader:
        deadline = time.monotonic() + 60
        while total_lag(reader.read()) or all(lag.committed is None for lag in reader.read().values()):
            assert process.poll() is None, process.communicate()[1]
            assert time.monotonic() < deadline
            time.sleep(0.1)


def counted(kafka: KafkaSettings, read_topic: ReadTopic) -> int:
    tallies = [decode_publication(record.value) for record in read_topic(kafka, kafka.rankings)]
    return max((t.next_offset, t.state) for t in tallies if isinstance(t, Tally))[1]


def ended(process: "subprocess.Popen[str]") -> None:
    process.terminate()
    _, said = process.communicate(timeout=40)
    assert process.returncode == 0, said


def test_a_place_that_is_no_directory_stops_rank_before_it_reads(own_kafka: KafkaSettings, tmp_path: Path) -> None:
    (tmp_path / "state").mkdir()
    (tmp_path / "state" / "rank").write_bytes(b"")
    status, line = outcome(launch(own_kafka, tmp_path))
    assert status == 3
    assert "cannot be read: not a directory. Make room, grant the right" in line
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "state").write_bytes(b"")
    status, line = outcome(launch(own_kafka, tmp_path / "other"))
    assert (status, "cannot be written" in line) == (3, True)


def test_a_disk_that_fills_up_stops_rank_and_room_brings_it_back_exact(
    own_kafka: KafkaSettings, tmp_path: Path, read_topic: ReadTopic
) -> None:
    topic = own_kafka.interactions
    produce(own_kafka, topic, interactions(0, 10), partition=2)
    first = launch(own_kafka, tmp_path)
    drained(own_kafka, first)
    ended(first)
    produce(own_kafka, topic, interactions(10, 3000), partition=2)
    status, line = outcome(launch(own_kafka, tmp_path, blocks=32))
    assert status == 3
    assert f"{topic}-2 cannot be written: file too large" in line
    held = SnapshotStore(LocalPlace(tmp_path / "state" / "rank"), topic).load(2, config_hash())
    assert held is not None
    assert held.next_offset == 10
    again = launch(own_kafka, tmp_path)
    drained(own_kafka, again)
    ended(again)
    assert counted(own_kafka, read_topic) == 3000


@pytest.mark.parametrize("kind", ["directory", "s3"])
def test_damage_to_the_newest_snapshots_costs_a_longer_restart_and_nothing_else(
    kind: str, own_kafka: KafkaSettings, tmp_path: Path, read_topic: ReadTopic
) -> None:
    with s3_server():
        url = f"s3://{BUCKET}/{tmp_path.name}" if kind == "s3" else ""
        place: SnapshotPlace = UrlPlace(url) if url else LocalPlace(tmp_path / "state" / "rank")
        topic, folder = own_kafka.interactions, f"{own_kafka.interactions}-2"
        for number in range(2):
            produce(own_kafka, topic, interactions(100 * number, 100 * number + 100), partition=2)
            rank = launch(own_kafka, tmp_path, snapshot_url=url)
            drained(own_kafka, rank)
            ended(rank)
            names = sorted(place.names(folder))
            for name in names[-number:] if number else []:
                place.write(folder, name, [place.read(folder, name)[: -1 - number]])
        produce(own_kafka, topic, interactions(200, 210), partition=2)
        rank = launch(own_kafka, tmp_path, snapshot_url=url)
        drained(own_kafka, rank)
        ended(rank)
    assert counted(own_kafka, read_topic) == 210


def config_hash() -> str:
    from graph.partition_state import PartitionState

    return PartitionState(0).config_hash
