"""What an app does, apart from how it runs: the seam between `normalise`, `rank`, `store` and the machinery around them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from faust.types import TP

from streams.delivery import Delivery


@dataclass(frozen=True, slots=True)
class Reading:
    """How an app that lags reads: `fetch_bytes` of a partition at a time, compressed; `gather`: several fetches to a batch."""

    fetch_bytes: int
    gather: bool


MANY_SMALL = Reading(4 * 1024 * 1024, gather=True)
FEW_LARGE = Reading(256 * 1024, gather=False)
"""Ranking rows shrink to a fifteenth when compressed, and a batch of each partition waits decompressed: fetches must be small."""


class Work(Protocol):
    """Called from one event loop. Offsets are always the next one to read."""

    keeper: str
    """What remembers the position, as people know it: `snapshot` or `committed offset`."""
    reading: Reading

    async def open(self) -> None:
        """Connect what it writes to. Raises `KafkaUnreachableError`, `TopicMismatchError`."""

    async def restore(self, committed: Mapping[TP, int | None]) -> Mapping[TP, int | None]:
        """Load what is durable of the partitions now assigned; where reading goes on, None on a first start."""

    async def take_in(self, delivery: Delivery) -> None:
        """Work on one batch. Any exception ends the app: bad input is a value."""

    async def make_durable(self, partitions: frozenset[TP] | None = None) -> Mapping[TP, int]:
        """Save what was done since the last call, of some partitions or of all; the offsets that may be committed now."""

    def reached(self) -> Mapping[TP, int]:
        """How far it has come, durable or not."""

    def drop(self, partitions: frozenset[TP]) -> None:
        """Forget partitions that others own now."""

    async def beat(self) -> None:
        """Called a few times a second while the app owns its partitions: what time alone makes due."""

    def patient(self) -> bool:
        """Whether it waits for another service on purpose, so that standing still is no failure."""

    def computing(self) -> bool:
        """Whether it is in the middle of something that takes long by itself, so that standing still is no failure either."""

    async def close(self) -> None:
        """Disconnect."""
