"""The Kafka that the apps are measured on: the in-memory cluster, or a real broker whose topics are made and removed."""

import time
from collections.abc import Iterable, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from confluent_kafka import KafkaError, Producer

from prescribers.stack.mock_kafka import MockKafka
from streams.broker_options import librdkafka_options
from streams.kafka_admin import open_admin
from streams.kafka_settings import KafkaSettings
from streams.topic_layout import partition_counts
from streams.topics import create

if TYPE_CHECKING:
    from collections.abc import Iterator

PARTITIONS = 4
"""Enough that a round fits what the in-memory cluster keeps (5 MiB a partition, compressed)."""
FLUSH_S = 60.0


@contextmanager
def kafka_for(roles: Sequence[str], brokers: tuple[str, ...]) -> "Iterator[Mapping[str, KafkaSettings]]":
    """Settings by role, each with topics and a consumer group of its own. Without `brokers`, on the in-memory cluster."""
    run = f"bench{time.time_ns() // 1_000_000}"
    if not brokers:
        settings = {role: settings_of(_prefix(run, role), ("127.0.0.1:0",)) for role in roles}
        topics = {name: count for one in settings.values() for name, count in partition_counts(one).items()}
        with MockKafka() as cluster:
            address = cluster.start(topics)
            yield {role: settings_of(_prefix(run, role), (address,)) for role in roles}
        return
    settings = {role: settings_of(_prefix(run, role), brokers) for role in roles}
    try:
        for one in settings.values():
            create(one)
        yield settings
    finally:
        admin = open_admin(settings_of(run, brokers))
        admin.delete_topics([name for one in settings.values() for name in partition_counts(one)])
        admin.close()


def _prefix(run: str, role: str) -> str:
    """Roles are words for people; the name of a topic has no spaces."""
    return f"{run}-{role.replace(' ', '-')}"


def theme_of(number: int) -> str:
    """The theme that a round keeps in partition `number`."""
    return f"bench{number}"


def settings_of(prefix: str, brokers: tuple[str, ...]) -> KafkaSettings:
    """Topics and groups that begin with `prefix`, so that runs and roles do not meet."""
    return KafkaSettings(
        brokers=brokers,
        mentions=f"{prefix}-mentions",
        interactions=f"{prefix}-interactions",
        rankings=f"{prefix}-rankings",
        dead=f"{prefix}-dead",
        controls=f"{prefix}-controls",
        mentions_partitions=PARTITIONS,
        interactions_partitions=PARTITIONS,
        rankings_partitions=PARTITIONS,
        group_prefix=prefix,
    )


def produce(settings: KafkaSettings, topic: str, values: Iterable[tuple[int, bytes]]) -> None:
    """(partition, value) records, compressed, acknowledged by all replicas. Raises `RuntimeError` where one is not."""
    failures: list[KafkaError] = []
    options = librdkafka_options(settings, failures.append)
    producer = Producer({**options, "compression.type": "lz4", "linger.ms": 20, "queue.buffering.max.messages": 1_000_000})
    for partition, value in values:
        producer.produce(topic, value=value, partition=partition)
        producer.poll(0)  # what is acknowledged leaves the queue, which would be full after a million
    left = producer.flush(FLUSH_S)
    if left:
        raise RuntimeError(f"{left} records were not acknowledged within {FLUSH_S:.0f} s: {failures or 'no reason given'}")
