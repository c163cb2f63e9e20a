"""Where Kafka is and how the topics are laid out: plain values, filled by `prescribers.settings`."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Secret:
    """A value that never shows in a log, a traceback or a repr."""

    value: str = field(repr=False)

    def __repr__(self) -> str:
        return "***"

    __str__ = __repr__


@dataclass(frozen=True, slots=True, kw_only=True)
class KafkaSettings:
    """Brokers, security, names and partition counts. `interactions` partitions fix which theme lives where: never change them."""

    brokers: tuple[str, ...] = ("localhost:9092",)
    security_protocol: str = "PLAINTEXT"
    sasl_mechanism: str = "PLAIN"
    sasl_username: str = ""
    sasl_password: Secret = Secret("")
    ca_file: str = ""
    mentions: str = "mentions"
    interactions: str = "interactions"
    rankings: str = "rankings"
    dead: str = "mentions.dead"
    controls: str = "controls"
    mentions_partitions: int = 6
    interactions_partitions: int = 6
    rankings_partitions: int = 6
    replication_factor: int = 1
    group_prefix: str = "prescribers"

    def group(self, app: str) -> str:
        """The consumer group of an app: normalise, rank or store."""
        return f"{self.group_prefix}-{app}"
