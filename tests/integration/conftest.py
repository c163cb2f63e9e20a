"""Topics of a test's own on the real broker."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from confluent_kafka.admin import AdminClient

from streams import topics
from streams.kafka_settings import KafkaSettings
from streams.topic_layout import partition_counts
from tests.integration.log_ground import Ground


@pytest.fixture
def ground(real_kafka: KafkaSettings, own_names: Callable[[KafkaSettings], KafkaSettings], tmp_path: Path) -> Iterator[Ground]:
    kafka = own_names(real_kafka)
    topics.create(kafka)
    found = Ground(kafka, tmp_path, AdminClient({"bootstrap.servers": kafka.brokers[0], "log_level": 0}), [])
    yield found
    for process in found.running:
        process.kill()
        process.wait()
    for deleted in found.admin.delete_topics(list(partition_counts(kafka))).values():
        deleted.result(20)
