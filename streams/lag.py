"""How far each app is behind its topics, from what its consumer group has committed."""

import time
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from kafka import TopicPartition
from kafka.errors import CoordinatorLoadInProgressError, CoordinatorNotAvailableError, NotCoordinatorError

from streams.broker_options import PATIENCE_S
from streams.kafka_admin import open_admin, told
from streams.kafka_failures import KafkaUnreachableError
from streams.kafka_settings import KafkaSettings
from streams.topics import TopicMismatchError

__all__ = ["APPS", "KafkaUnreachableError", "Lag", "LagReader", "group_lag", "topics_of", "total_lag"]

EARLIEST, LATEST = -2, -1  # the wire's names for a log's two ends
NO_COORDINATOR_YET = (CoordinatorNotAvailableError, CoordinatorLoadInProgressError, NotCoordinatorError)
PAUSE_S = 0.2
APPS = ("normalise", "rank", "store")


@dataclass(frozen=True, slots=True)
class Lag:
    """One partition. `committed`: the next offset the group reads, None before its first commit; `lag`: records still to come."""

    end: int
    committed: int | None
    lag: int


def topics_of(settings: KafkaSettings, app: str) -> tuple[str, ...]:
    """What an app reads. Raises `KeyError` for an app that does not exist."""
    return {
        "normalise": (settings.mentions,),
        "rank": (settings.interactions,),
        "store": (settings.rankings, settings.dead),
    }[app]


def group_lag(settings: KafkaSettings, app: str, *, patience_s: float = PATIENCE_S) -> dict[tuple[str, int], Lag]:
    """The lag of `normalise`, `rank` or `store`, by topic and partition.

    Raises `KafkaUnreachableError`, and `TopicMismatchError` where a topic does not exist.
    """
    with LagReader(settings, app, patience_s=patience_s) as reader:
        return reader.read()


def total_lag(lags: dict[tuple[str, int], Lag]) -> int:
    """Records still to come in all partitions together; 0 means that the app is idle."""
    return sum(lag.lag for lag in lags.values())


class LagReader:
    """Asks again and again over one connection. It joins no group: asking never disturbs the app asked about."""

    def __init__(self, settings: KafkaSettings, app: str, *, patience_s: float = PATIENCE_S) -> None:
        self._settings = settings
        self._group = settings.group(app)
        self._topics = topics_of(settings, app)
        self._patience_s = patience_s
        self._admin = open_admin(settings, patience_s)

    def read(self) -> dict[tuple[str, int], Lag]:
        """The lag now. Before a group's first commit everything that its topics hold is still to come.

        Holes between offsets (compaction, transactions) count as records: lag is end minus position, and reaches 0 all the same.
        """
        with told(self._settings):
            partitions = self._partitions()
            # Committed before end: a commit in between must not make an app look as if it had drained a longer log.
            committed = self._committed(partitions)
            starts = self._admin.list_partition_offsets(dict.fromkeys(partitions, EARLIEST))
            ends = self._admin.list_partition_offsets(dict.fromkeys(partitions, LATEST))
        lags = {}
        for at in partitions:
            position = max(committed.get(at, 0), starts[at].offset)
            end = ends[at].offset
            lags[at.topic, at.partition] = Lag(end, committed.get(at), max(0, end - position))
        return lags

    def close(self) -> None:
        """Give the connection back."""
        self._admin.close()

    def _partitions(self) -> list[TopicPartition]:
        partitions = []
        for topic in self._admin.describe_topics(list(self._topics)):
            if not topic["partitions"]:
                raise TopicMismatchError(topic["name"], has=0, wants=0)
            numbers = sorted(partition["partition_index"] for partition in topic["partitions"])
            partitions += [TopicPartition(topic["name"], number) for number in numbers]
        return partitions

    def _committed(self, partitions: list[TopicPartition]) -> dict[TopicPartition, int]:
        """Committed offsets; a broker that has just started takes seconds to appoint the group's coordinator."""
        deadline = time.monotonic() + self._patience_s
        while True:
            try:
                found = self._admin.list_group_offsets({self._group: partitions})[self._group]
            except NO_COORDINATOR_YET:
                if time.monotonic() > deadline:
                    raise
                time.sleep(PAUSE_S)
            else:
                return {at: value.offset for at, value in found.items() if value.offset >= 0}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()
