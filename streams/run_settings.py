"""What every app is told besides its work."""

from dataclasses import dataclass
from pathlib import Path

from streams.kafka_settings import KafkaSettings


@dataclass(frozen=True, slots=True, kw_only=True)
class RunSettings:
    """`http_port` None: no health server; 0: any free port. Durations in seconds."""

    kafka: KafkaSettings
    state_dir: Path
    http_host: str = "127.0.0.1"
    http_port: int | None = None
    checkpoint_s: float = 5.0
    stall_s: float = 40.0
    ahead_bytes: int | None = None
    """How far an app may run ahead of its reader, per partition; needed only where the log is short, as in the local stack."""
    instance: str = ""
    """This worker's lasting name in its groups, which no other running worker has: a restart takes its partitions up at once."""
    patience_s: float = 20.0
    """How long the first connection may take before the app says that Kafka is away."""

    @property
    def faust_dir(self) -> Path:
        """Faust wants a directory of its own, and keeps nothing of ours there."""
        return self.state_dir / "faust"
