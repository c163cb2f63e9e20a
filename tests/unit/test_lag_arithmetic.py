from typing import Any

import pytest
from kafka import TopicPartition
from kafka.errors import CoordinatorNotAvailableError, KafkaConnectionError
from kafka.structs import OffsetAndMetadata, OffsetAndTimestamp

from streams import lag as module
from streams.kafka_failures import KafkaUnreachableError
from streams.kafka_settings import KafkaSettings
from streams.lag import EARLIEST, Lag, LagReader, topics_of, total_lag


class FakeAdmin:
    """A cluster with one topic of three partitions; `refusals` are raised first, one a question."""

    def __init__(self, *refusals: Exception) -> None:
        self.refusals = list(refusals)
        self.closed = False
        self.committed = {0: 7, 1: -1, 2: 2}
        self.bounds = {0: (0, 10), 1: (4, 9), 2: (5, 5)}

    def describe_topics(self, names: list[str]) -> list[dict[str, Any]]:
        return [{"name": name, "partitions": [{"partition_index": number} for number in (2, 0, 1)]} for name in names]

    def list_group_offsets(self, wanted: dict[str, list[TopicPartition]]) -> dict[str, dict[TopicPartition, OffsetAndMetadata]]:
        if self.refusals:
            raise self.refusals.pop(0)
        return {g: {at: OffsetAndMetadata(self.committed[at.partition], "", -1) for at in places} for g, places in wanted.items()}

    def list_partition_offsets(self, wanted: dict[TopicPartition, int]) -> dict[TopicPartition, OffsetAndTimestamp]:
        return {at: OffsetAndTimestamp(self.bounds[at.partition][which != EARLIEST], -1, None) for at, which in wanted.items()}

    def close(self) -> None:
        self.closed = True


@pytest.fixture
def settings() -> KafkaSettings:
    return KafkaSettings(brokers=("127.0.0.1:1",))


def reader(monkeypatch: pytest.MonkeyPatch, settings: KafkaSettings, admin: FakeAdmin) -> LagReader:
    monkeypatch.setattr(module, "open_admin", lambda *_arguments: admin)
    monkeypatch.setattr(module, "PAUSE_S", 0)
    return LagReader(settings, "rank")


def test_what_retention_took_is_not_to_come(monkeypatch: pytest.MonkeyPatch, settings: KafkaSettings) -> None:
    admin = FakeAdmin()
    with reader(monkeypatch, settings, admin) as lags:
        found = lags.read()
    assert found == {
        ("interactions", 0): Lag(10, 7, 3),
        ("interactions", 1): Lag(9, None, 5),
        ("interactions", 2): Lag(5, 2, 0),
    }
    assert total_lag(found) == 8
    assert admin.closed


def test_a_coordinator_that_is_not_there_yet_is_waited_for(monkeypatch: pytest.MonkeyPatch, settings: KafkaSettings) -> None:
    refusals = [CoordinatorNotAvailableError(), CoordinatorNotAvailableError()]
    assert total_lag(reader(monkeypatch, settings, FakeAdmin(*refusals)).read()) == 8


def test_a_connection_that_breaks_is_an_unreachable_kafka(monkeypatch: pytest.MonkeyPatch, settings: KafkaSettings) -> None:
    with pytest.raises(KafkaUnreachableError, match="connection refused"):
        reader(monkeypatch, settings, FakeAdmin(KafkaConnectionError())).read()


def test_each_app_reads_what_the_one_before_writes(settings: KafkaSettings) -> None:
    assert [topics_of(settings, app) for app in ("normalise", "rank", "store")] == [
        ("mentions",),
        ("interactions",),
        ("rankings", "mentions.dead"),
    ]
