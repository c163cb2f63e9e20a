"""A feed whose broker goes away, or which is killed, loses nothing."""

import gzip
import json
import os
import random
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from confluent_kafka import Consumer, TopicPartition
from kafka import TopicPartition as PythonPartition

from prescribers.stack.mock_kafka import MockKafka, MockKafkaError
from streams import feed_producer
from streams.broker_options import librdkafka_options
from streams.feed import feed
from streams.feed_pace import Timing
from streams.kafka_admin import open_admin
from streams.kafka_failures import KafkaUnreachableError
from streams.kafka_settings import KafkaSettings
from streams.lag import EARLIEST, group_lag
from streams.topic_layout import partition_counts

ReadTopic = Callable[[KafkaSettings, str], list[Any]]
FEED = """
import sys
from pathlib import Path
from streams.feed import feed
from streams.kafka_settings import KafkaSettings
feed([sys.argv[2]], KafkaSettings(brokers=(sys.argv[1],)), rate=4000, resume_dir=Path(sys.argv[3]))
"""


def write(path: Path, count: int) -> list[bytes]:
    lines = [json.dumps({"source": "s", "themes": ["lean"], "event_id": str(number)}).encode() for number in range(count)]
    path.write_bytes(b"\n".join(lines) + b"\n")
    return lines


def test_a_broker_that_comes_back_gets_everything_once(tmp_path: Path, read_topic: ReadTopic) -> None:
    lines = write(tmp_path / "a.jsonl", 20_000)
    with MockKafka() as cluster:
        settings = KafkaSettings(brokers=(cluster.start(partition_counts(KafkaSettings())),))
        back = threading.Timer(1.0, cluster.resume)
        broken: list[int] = []

        def break_once(sent: int, _read: int, _total: int | None) -> None:
            if sent > 5000 and not broken:
                broken.append(sent)
                cluster.pause()
                back.start()

        feed([str(tmp_path / "a.jsonl")], settings, progress=break_once)
        back.join()
        assert broken
        assert [record.value for record in read_topic(settings, "mentions")] == lines


def test_a_broker_that_stays_away_is_one_line_and_resume_goes_on(
    tmp_path: Path, read_topic: ReadTopic, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(feed_producer.OPTIONS, "message.timeout.ms", 2000)
    lines = write(tmp_path / "a.jsonl", 20_000)
    path, memory = str(tmp_path / "a.jsonl"), tmp_path / "memory"
    with MockKafka() as cluster:
        settings = KafkaSettings(brokers=(cluster.start(partition_counts(KafkaSettings())),))
        with pytest.raises(KafkaUnreachableError, match=r"refused.*feed --resume") as caught:
            feed([path], settings, resume_dir=memory, progress=lambda *_now: cluster.pause())
        assert "\n" not in str(caught.value)
        cluster.resume()
        report = feed([path], settings, resume_dir=memory, resume=True)
        assert report.resumed + report.sent == len(lines)
        assert set(lines) == {record.value for record in read_topic(settings, "mentions")}


def test_a_killed_feed_resumes_and_repeats_little(tmp_path: Path, read_topic: ReadTopic) -> None:
    lines = write(tmp_path / "a.jsonl", 30_000)
    path, memory = str(tmp_path / "a.jsonl"), tmp_path / "memory"
    with MockKafka() as cluster:
        settings = KafkaSettings(brokers=(cluster.start(partition_counts(KafkaSettings())),))
        environment = os.environ | {"PYTHONPATH": str(Path(feed_producer.__file__).parents[1])}
        command = [sys.executable, "-c", FEED, settings.brokers[0], path, str(memory)]
        with subprocess.Popen(command, env=environment) as process:
            while not list(memory.glob("*.json")):
                assert process.poll() is None
                time.sleep(0.05)
            process.kill()
        report = feed([path], settings, resume_dir=memory, resume=True)
        assert report.resumed > 0
        records = [record.value for record in read_topic(settings, "mentions")]
        assert set(records) == set(lines)
        assert list(dict.fromkeys(records)) == lines
        assert len(records) - len(lines) <= 6000


def test_real_conversations_arrive_byte_for_byte(tmp_path: Path, read_topic: ReadTopic) -> None:
    data = Path(__file__).parents[3] / "shared" / "data" / "user2019.jsonl.gz"
    if not data.exists():
        pytest.skip("no real conversations: place user2019.jsonl.gz in ../shared/data")
    with MockKafka() as cluster:
        settings = KafkaSettings(brokers=(cluster.start(partition_counts(KafkaSettings())),))
        feed([str(data)], settings, resume_dir=tmp_path)
        expected = gzip.decompress(data.read_bytes()).splitlines()
        assert sorted(record.value for record in read_topic(settings, "mentions")) == sorted(expected)


def test_the_in_memory_cluster_starts_once_and_stops_as_often_as_one_likes() -> None:
    cluster = MockKafka()
    address = cluster.start({"a": 1})
    assert address.startswith("127.0.0.1:")
    with pytest.raises(MockKafkaError, match="already running"):
        cluster.start({"a": 1})
    cluster.stop()
    cluster.stop()
    with pytest.raises(MockKafkaError, match="not running"):
        cluster.pause()
    assert cluster.start({"a": 1}).startswith("127.0.0.1:")
    cluster.stop()


def test_a_log_that_forgets_forgets_nothing_that_is_bounded_in_bytes(tmp_path: Path) -> None:
    """The in-memory cluster keeps 5 MiB a partition; twice as much passes through it, read as slowly as allowed."""
    chance = random.Random(1)
    lines = [b'{"themes":["lean"],"n":%d,"text":"%s"}' % (n, chance.randbytes(2000).hex().encode()) for n in range(10_000)]
    with MockKafka() as cluster:
        short = KafkaSettings(brokers=(cluster.start(partition_counts(KafkaSettings())),))

        worker = Consumer(librdkafka_options(short, print) | {"group.id": short.group("normalise")})

        def sleep(_seconds: float) -> None:
            lags = group_lag(short, "normalise")
            assert all(lag.lag == lag.end - (lag.committed or 0) for lag in lags.values())
            places = [TopicPartition(topic, partition, lag.end) for (topic, partition), lag in lags.items()]
            worker.commit(offsets=places, asynchronous=False)

        (tmp_path / "a.jsonl").write_bytes(b"\n".join(lines))
        feed([str(tmp_path / "a.jsonl")], short, max_lag=40_000, max_lag_bytes=2 << 20, timing=Timing(sleep=sleep))
        worker.close()
        with open_admin(short) as admin:
            places = [PythonPartition(short.mentions, partition) for partition in range(6)]
            starts = admin.list_partition_offsets(dict.fromkeys(places, EARLIEST))
        assert max(start.offset for start in starts.values()) > 0
        assert sum(lag.end for lag in group_lag(short, "normalise").values()) == len(lines)
