"""Which topics Prescribers needs, with how many partitions, kept for how long."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from streams.kafka_settings import KafkaSettings

DAY_MS = 86_400_000
WINDOW_MS = 28 * DAY_MS
OUTAGE_MS = 7 * DAY_MS
"""How long every app may be away without a log losing what it still has to read."""
MAX_MESSAGE_BYTES = 16 << 20
SIZE_CONFIG = "max.message.bytes"
BROKERS_CLOCK = {"message.timestamp.type": "LogAppendTime"}
"""What is in the future is judged by the broker's clock, so that a producer whose clock has jumped closes no window."""


@dataclass(frozen=True, slots=True)
class Topic:
    """One topic as wanted; `configs` are Kafka's own keys and values."""

    name: str
    partitions: int
    configs: Mapping[str, str] = field(default_factory=dict)


def desired(settings: KafkaSettings, *, window_ms: int = WINDOW_MS, outage_ms: int = OUTAGE_MS) -> tuple[Topic, ...]:
    """The topics, with retention for a theme window of `window_ms` and outages of `outage_ms`.

    `interactions` is kept for the horizon behind which an event is late, 3/2 of the window, and two outages; `mentions` twice
    as long, so that `interactions` can be computed again.
    """
    horizon = window_ms * 3 // 2 + 2 * outage_ms
    return (
        Topic(settings.mentions, settings.mentions_partitions, _kept(2 * horizon) | BROKERS_CLOCK),
        Topic(settings.interactions, settings.interactions_partitions, _kept(horizon)),
        Topic(settings.rankings, settings.rankings_partitions, _kept(14 * DAY_MS)),
        Topic(settings.dead, 1, _kept(30 * DAY_MS)),
        Topic(settings.controls, 1, {"cleanup.policy": "compact", SIZE_CONFIG: str(MAX_MESSAGE_BYTES)}),
    )


def partition_counts(settings: KafkaSettings) -> dict[str, int]:
    """Topic name to number of partitions: what the in-memory cluster is started with."""
    return {topic.name: topic.partitions for topic in desired(settings)}


def _kept(milliseconds: int) -> dict[str, str]:
    return {"cleanup.policy": "delete", "retention.ms": str(milliseconds), SIZE_CONFIG: str(MAX_MESSAGE_BYTES)}
