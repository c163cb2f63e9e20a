"""The wanted topics compared with those a cluster has, and created where they are missing."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import structlog
from kafka.admin import ConfigResource, ConfigResourceType, KafkaAdminClient
from kafka.errors import BrokerResponseError, KafkaConnectionError, TopicAlreadyExistsError, UnknownBrokerIdError

from streams.broker_options import PATIENCE_S
from streams.kafka_admin import open_admin, told
from streams.kafka_failures import TopicRefusedError
from streams.kafka_settings import KafkaSettings
from streams.topic_layout import OUTAGE_MS, SIZE_CONFIG, WINDOW_MS, Topic, desired

REFUSED_CONFIG = (40, 44)
"""Kafka's INVALID_CONFIG and POLICY_VIOLATION: managed clusters cap the size of a message."""
_log = structlog.get_logger(__name__)


class TopicMismatchError(ValueError):
    """A topic is missing or has another number of partitions than configured; says which, has, wants, and the remedy."""

    def __init__(self, topic: str, *, has: int, wants: int) -> None:
        if has:
            remedy = f"Set it to {has} in the section [kafka], or delete the topic and run `prescribers topics`."
            message = f"Topic {topic} has {has} partitions, the configuration wants {wants}. {remedy}"
        else:
            message = f"Topic {topic} does not exist. Run `prescribers topics`, which creates it."
        super().__init__(message)
        self.topic, self.has, self.wants = topic, has, wants


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicDifference:
    """What separates a topic from what is wanted. `has` is 0 for a missing topic; `configs` maps a key to (has, wants)."""

    topic: Topic
    has: int
    configs: Mapping[str, tuple[str, str]] = field(default_factory=dict)

    @property
    def missing(self) -> bool:
        """Whether the topic has to be created."""
        return self.has == 0

    @property
    def mismatch(self) -> bool:
        """Whether the number of partitions is wrong: no command may go on, since it fixes which theme lives where."""
        return self.has not in {0, self.topic.partitions}


def plan(
    settings: KafkaSettings, *, window_ms: int = WINDOW_MS, outage_ms: int = OUTAGE_MS, patience_s: float = PATIENCE_S
) -> tuple[TopicDifference, ...]:
    """What is missing or different; empty when all is well. Raises `KafkaUnreachableError`."""
    with _admin(settings, patience_s) as admin:
        return _compare(admin, desired(settings, window_ms=window_ms, outage_ms=outage_ms))


def check(settings: KafkaSettings, *, only: Sequence[str] = (), patience_s: float = PATIENCE_S) -> None:
    """Raise `TopicMismatchError` unless every topic, or those of `only`, exists with the configured number of partitions.

    Asking creates nothing, which a producer's first question does where the cluster allows it.
    """
    for difference in plan(settings, patience_s=patience_s):
        wanted = difference.topic
        if (difference.missing or difference.mismatch) and (not only or wanted.name in only):
            raise TopicMismatchError(wanted.name, has=difference.has, wants=wanted.partitions)


def create(
    settings: KafkaSettings,
    *,
    dry_run: bool = False,
    window_ms: int = WINDOW_MS,
    outage_ms: int = OUTAGE_MS,
    patience_s: float = PATIENCE_S,
) -> tuple[TopicDifference, ...]:
    """Create what is missing; returns the differences found before. With `dry_run` nothing is changed.

    A wrong number of partitions raises `TopicMismatchError` before anything is created: what to do is a person's decision.
    Other settings of existing topics are reported, never changed. Raises `TopicRefusedError` where the cluster says no.
    """
    with _admin(settings, patience_s) as admin:
        differences = _compare(admin, desired(settings, window_ms=window_ms, outage_ms=outage_ms))
        for difference in differences:
            if difference.mismatch:
                raise TopicMismatchError(difference.topic.name, has=difference.has, wants=difference.topic.partitions)
        missing = [difference.topic for difference in differences if difference.missing]
        if missing and not dry_run:
            for topic in missing:
                _create(admin, topic, settings.replication_factor)
            admin.wait_for_topics([topic.name for topic in missing], timeout_ms=int(patience_s * 1000))
    return differences


@contextmanager
def _admin(settings: KafkaSettings, patience_s: float) -> Iterator[KafkaAdminClient]:
    admin = open_admin(settings, patience_s)
    try:
        with told(settings):
            yield admin
    finally:
        admin.close()


def _compare(admin: KafkaAdminClient, wanted: Sequence[Topic]) -> tuple[TopicDifference, ...]:
    described = admin.describe_topics([topic.name for topic in wanted])
    has = {topic["name"]: len(topic["partitions"]) for topic in described if topic["error_code"] == 0}
    configs = _configs(admin, [topic.name for topic in wanted if topic.name in has])
    found = []
    for topic in wanted:
        actual = configs.get(topic.name, {})
        differing = {key: (actual[key], want) for key, want in topic.configs.items() if actual.get(key, want) != want}
        if has.get(topic.name) != topic.partitions or differing:
            found.append(TopicDifference(topic=topic, has=has.get(topic.name, 0), configs=differing))
    return tuple(found)


def _configs(admin: KafkaAdminClient, names: Sequence[str]) -> dict[str, dict[str, str]]:
    """Settings by topic; nothing where the cluster does not tell: the in-memory one hangs up on this request."""
    if not names:
        return {}
    resources = [ConfigResource(ConfigResourceType.TOPIC, name) for name in names]
    try:
        answer: dict[str, Any] = admin.describe_configs(resources, config_filter="all")
    except KafkaConnectionError:
        return {}
    return {name: {key: value["value"] for key, value in config.items()} for name, config in answer.get("topic", {}).items()}


def _create(admin: KafkaAdminClient, topic: Topic, replication_factor: int) -> None:
    wish = {"num_partitions": topic.partitions, "replication_factor": replication_factor}
    try:
        try:
            admin.create_topics({topic.name: wish | {"configs": dict(topic.configs)}})
        except BrokerResponseError as error:
            if error.errno not in REFUSED_CONFIG:
                raise
            _log.warning("the cluster refuses the message size wanted, creating with its own", topic=topic.name)
            configs = {key: value for key, value in topic.configs.items() if key != SIZE_CONFIG}
            admin.create_topics({topic.name: wish | {"configs": configs}})
    except TopicAlreadyExistsError:
        _log.info("somebody else created the topic meanwhile", topic=topic.name)
    except UnknownBrokerIdError as error:
        raise TopicRefusedError(topic.name, "it has no controller; the local stack's topics are made when it starts") from error
    except BrokerResponseError as error:
        raise TopicRefusedError(topic.name, f"{error.message or type(error).__name__}: {error.description or ''}") from error
