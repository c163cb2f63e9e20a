"""Kafka for tests: the in-memory cluster always, a real broker where one is named."""

import os
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import pytest
import structlog
from hypothesis import settings
from kafka import KafkaConsumer, TopicPartition

from prescribers.stack.mock_kafka import MockKafka
from streams import topics
from streams.broker_options import kafka_python_options
from streams.kafka_admin import open_admin
from streams.kafka_settings import KafkaSettings
from streams.topic_layout import partition_counts

settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")
"""No example fails because the machine is busy."""

BROKER_VARIABLE = "PRESCRIBERS_TEST_KAFKA"
HOW = f"no real Kafka: run `make kafka` in another terminal and set {BROKER_VARIABLE}=127.0.0.1:9092"


@pytest.fixture(autouse=True)
def _logs_as_they_were() -> Iterator[None]:
    """A command run inside a test sends the logs to that test's standard error, which is closed afterwards."""
    yield
    structlog.reset_defaults()


@pytest.fixture(scope="module")
def mock_kafka() -> Iterator[KafkaSettings]:
    """A fresh in-memory cluster with all topics, for the tests of one module."""
    with MockKafka() as cluster:
        yield KafkaSettings(brokers=(cluster.start(partition_counts(KafkaSettings())),))


@pytest.fixture(scope="session")
def real_kafka() -> KafkaSettings:
    """The real broker, as named in the environment; its topics are whoever asks' own business."""
    address = os.environ.get(BROKER_VARIABLE, "")
    if not address:
        if os.environ.get("REQUIRE_SERVICES") == "1":
            pytest.fail(HOW)
        pytest.skip(HOW)
    return KafkaSettings(brokers=(address,))


@pytest.fixture(scope="module", params=["in-memory", pytest.param("real", marks=pytest.mark.real_kafka)])
def kafka(request: pytest.FixtureRequest) -> Iterator[KafkaSettings]:
    """Either cluster, with topics and groups that no other module uses."""
    if request.param == "in-memory":
        yield request.getfixturevalue("mock_kafka")
        return
    broker: KafkaSettings = request.getfixturevalue("real_kafka")
    settings = _under_own_names(broker)
    topics.create(settings)
    yield settings
    with open_admin(settings) as admin:
        admin.delete_topics(list(partition_counts(settings)))


@pytest.fixture
def fresh_kafka(kafka: KafkaSettings) -> Iterator[KafkaSettings]:
    """Either cluster, with empty topics for one test."""
    if kafka.mentions == KafkaSettings().mentions:
        with MockKafka() as cluster:
            yield replace(kafka, brokers=(cluster.start(partition_counts(kafka)),))
        return
    settings = _under_own_names(kafka)
    topics.create(settings)
    yield settings
    with open_admin(settings) as admin:
        admin.delete_topics(list(partition_counts(settings)))


@pytest.fixture(scope="session")
def own_names() -> Callable[[KafkaSettings], KafkaSettings]:
    """Gives the same cluster under topic and group names that no other test uses."""
    return _under_own_names


def _under_own_names(settings: KafkaSettings) -> KafkaSettings:
    """The same cluster under names that no other test uses."""
    own = f"test-{uuid.uuid4().hex[:8]}"
    return replace(
        settings,
        group_prefix=own,
        mentions=f"{own}.mentions",
        interactions=f"{own}.interactions",
        rankings=f"{own}.rankings",
        dead=f"{own}.mentions.dead",
        controls=f"{own}.controls",
    )


@dataclass(frozen=True, slots=True)
class Record:
    """A record as another client library reads it."""

    partition: int
    offset: int
    key: bytes | None
    value: bytes | None
    headers: tuple[tuple[str, bytes], ...]


@pytest.fixture
def read_topic() -> Callable[[KafkaSettings, str], list[Record]]:
    """Everything a topic holds, by partition and offset."""
    return _read_topic


def _read_topic(settings: KafkaSettings, topic: str) -> list[Record]:
    found: list[Record] = []
    with KafkaConsumer(
        **kafka_python_options(settings), enable_auto_commit=False, max_partition_fetch_bytes=32 << 20
    ) as consumer:
        partitions = [TopicPartition(topic, number) for number in sorted(consumer.partitions_for_topic(topic))]
        consumer.assign(partitions)
        consumer.seek_to_beginning()
        ends = consumer.end_offsets(partitions)
        while any(consumer.position(at) < ends[at] for at in partitions):
            for at, records in consumer.poll(timeout_ms=500).items():
                found += [Record(at.partition, r.offset, r.key, r.value, tuple(r.headers)) for r in records]
    return sorted(found, key=lambda record: (record.partition, record.offset))
