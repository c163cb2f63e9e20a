"""How the apps end when they must not go on: one clear line, the stated exit status, no traceback."""

import json
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import msgspec
import pytest
from confluent_kafka import Consumer, Producer, TopicPartition

from graph.log_record import decode_interactions
from prescribers.stack.mock_kafka import MockKafka
from streams.kafka_settings import KafkaSettings
from streams.local_place import LocalPlace
from streams.snapshot_store import SnapshotStore
from streams.topic_layout import partition_counts
from tests.integration.app_process import Task, names_of

ROOT = Path(__file__).parents[2]
PROGRAM = Path(__file__).with_name("app_process.py")
ReadTopic = Callable[[KafkaSettings, str], list[Any]]


def launch(app: str, kafka: KafkaSettings, directory: Path, patience_s: float = 20) -> "subprocess.Popen[str]":
    task = Task(
        brokers=list(kafka.brokers),
        names=names_of(kafka),
        state_dir=str(directory / "state"),
        written=str(directory / "written.jsonl"),
        patience_s=patience_s,
    )
    settings = directory / f"{app}.json"
    settings.write_bytes(msgspec.json.encode(task))
    command = [sys.executable, str(PROGRAM), app, str(settings)]
    return subprocess.Popen(command, stderr=subprocess.PIPE, text=True, cwd=ROOT, env={"PYTHONPATH": str(ROOT)})


def outcome(process: "subprocess.Popen[str]", within_s: float = 60) -> tuple[int, str]:
    """Exit status, and the one line that says why."""
    said = process.communicate(timeout=within_s)[1]
    assert "Traceback" not in said
    [line] = [line for line in said.splitlines() if line.startswith("prescribers ")]
    return process.returncode, line


def produce(kafka: KafkaSettings, topic: str, values: Sequence[bytes], partition: int = 0, **more: Any) -> None:  # noqa: ANN401
    producer = Producer({"bootstrap.servers": ",".join(kafka.brokers), "acks": "all", "log_level": 0})
    for value in values:
        producer.produce(topic, value, partition=partition, **more)
    assert producer.flush(30) == 0


def commit(kafka: KafkaSettings, app: str, topic: str, offset: int) -> None:
    consumer = Consumer(
        {"bootstrap.servers": ",".join(kafka.brokers), "group.id": kafka.group(app), "enable.auto.commit": False, "log_level": 0}
    )
    consumer.commit(offsets=[TopicPartition(topic, 0, offset)], asynchronous=False)
    consumer.close()


def event(number: int, **fields: object) -> bytes:
    base = {"schema": "mention.v1", "event_id": f"e{number}", "source": "s", "kind": "post", "actor_id": "s:a"}
    return json.dumps(base | {"occurred_at": 1_700_000_000_000 + number} | fields).encode()


@pytest.mark.parametrize("app", ["normalise", "rank", "store"])
def test_without_kafka_each_app_says_so_in_time(app: str, tmp_path: Path) -> None:
    nowhere = KafkaSettings(brokers=("127.0.0.1:1",))
    status, line = outcome(launch(app, nowhere, tmp_path, patience_s=1))
    assert status == 3
    assert "Kafka at 127.0.0.1:1 cannot be reached" in line


def test_a_wrong_number_of_partitions_is_a_configuration_error(tmp_path: Path) -> None:
    with MockKafka() as cluster:
        counts = partition_counts(KafkaSettings()) | {"interactions": 4}
        kafka = KafkaSettings(brokers=(cluster.start(counts),))
        status, line = outcome(launch("rank", kafka, tmp_path))
    assert status == 2
    assert "Topic interactions has 4 partitions, the configuration wants 6" in line


def test_a_position_past_the_end_of_the_log_stops_it(kafka: KafkaSettings, tmp_path: Path) -> None:
    produce(kafka, kafka.mentions, [event(1)])
    commit(kafka, "normalise", kafka.mentions, 1000)
    status, line = outcome(launch("normalise", kafka, tmp_path))
    assert status == 4
    assert f"{kafka.mentions}[0]: the committed offset goes on at offset 1000, but the log ends at" in line


def test_a_snapshot_of_another_configuration_stops_it(kafka: KafkaSettings, tmp_path: Path) -> None:
    SnapshotStore(LocalPlace(tmp_path / "state" / "rank"), kafka.interactions).save(0, 5, "another", b"state")
    status, line = outcome(launch("rank", kafka, tmp_path))
    assert status == 4
    assert "was made under another configuration" in line
    assert "move the directory away" in line


def test_a_record_that_normalise_did_not_write_stops_rank(kafka: KafkaSettings, tmp_path: Path) -> None:
    produce(kafka, kafka.interactions, [b"not ours"], partition=1)
    status, line = outcome(launch("rank", kafka, tmp_path))
    assert status == 4
    assert f"{kafka.interactions}[1]: a record from offset" in line


def test_a_feed_gone_bad_stops_it_with_every_letter_kept(tmp_path: Path, read_topic: ReadTopic) -> None:
    bad = [b"{bad %d" % number for number in range(150)]
    with MockKafka() as cluster:
        kafka = KafkaSettings(brokers=(cluster.start(partition_counts(KafkaSettings())),))
        produce(kafka, kafka.mentions, [event(0, themes=["a"]), *bad])
        status, line = outcome(launch("normalise", kafka, tmp_path))
        letters = read_topic(kafka, kafka.dead)
    assert status == 4
    assert "mentions[0]: 100 dead letters in a row, the last for not_json" in line
    assert [letter.value for letter in letters] == bad[:100]


def test_a_delete_reaches_every_partition_and_counts_on_one(tmp_path: Path, read_topic: ReadTopic) -> None:
    with MockKafka() as cluster:
        kafka = KafkaSettings(brokers=(cluster.start(partition_counts(KafkaSettings())),))
        produce(kafka, kafka.mentions, [event(1, themes=["a"], object_id="m")])
        produce(kafka, kafka.mentions, [event(2, kind="delete", object_id="m")])
        produce(kafka, kafka.mentions, [event(3, object_id="n")], headers=[("theme", b"from-the-feed")])
        process = launch("normalise", kafka, tmp_path)
        found = wait_for(lambda: read_topic(kafka, kafka.interactions), 8)
        process.terminate()
        process.communicate(timeout=30)
        assert process.returncode == 0
    acts = [(record.partition, act) for record in found for act in decode_interactions([record.value])]
    deletes = [(partition, act.copy) for partition, act in acts if act.kind == "delete"]
    assert sorted(partition for partition, _ in deletes) == list(range(6))
    assert [copy for _, copy in deletes].count(False) == 1
    assert [act.theme for _, act in acts if act.kind == "post"].count("from-the-feed") == 1


def wait_for(read: Callable[[], list[Any]], at_least: int, within_s: float = 40) -> list[Any]:
    """Acts among what is read, ticks left out."""
    deadline = time.monotonic() + within_s
    while True:
        found = [record for record in read() if json.loads(record.value)["kind"] != ["tick"]]
        if len(found) >= at_least:
            return found
        assert time.monotonic() < deadline, f"{len(found)} of {at_least}"
        time.sleep(0.2)
