"""All themes of one partition of `interactions`: what `rank` holds, snapshots and restores."""

from collections.abc import Mapping, Sequence

from graph.theme_settings import ThemeSettings


class ForeignSnapshotError(ValueError):
    """The snapshot belongs to another configuration or format; it must not be loaded as if it were ours."""


class PartitionState:
    """A deterministic function of the partition's log. Not thread-safe; `apply` is synchronous, so any await is a consistent cut."""

    next_offset: int
    fates: dict[str, int]
    """Cumulative counts of primary input events: state, late, duplicate (see `graph.publication.Tally`)."""

    def __init__(self, partition: int, themes: Mapping[str, ThemeSettings] | None = None) -> None:
        raise NotImplementedError

    def apply(self, offsets: Sequence[int], values: Sequence[bytes]) -> list[tuple[str, bytes]]:
        """Take in log records in order; offsets below `next_offset` are skipped. Returns (theme, publication) to send, in order."""
        raise NotImplementedError

    def tallies(self) -> list[tuple[str, bytes]]:
        """(theme, Tally publication) of every theme whose counts changed since the last call; send before each snapshot."""
        raise NotImplementedError

    def dump(self) -> bytes:
        """The state as bytes: equal state, equal bytes."""
        raise NotImplementedError

    @classmethod
    def load(cls, body: bytes, partition: int, themes: Mapping[str, ThemeSettings] | None = None) -> "PartitionState":
        """The inverse. Raises `ForeignSnapshotError` where the configuration or the format differs."""
        raise NotImplementedError

    @property
    def config_hash(self) -> str:
        """Names the configuration this state was computed under."""
        raise NotImplementedError
