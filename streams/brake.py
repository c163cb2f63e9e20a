"""Stops an app whose input has gone bad, before a broken feed turns into a million dead letters."""

from collections import deque
from dataclasses import dataclass, field

from graph.reasons import Reason
from streams.halt import RefusedDataError

UNCOUNTED: frozenset[Reason] = frozenset({"no_theme"})
"""A well-formed event about something else says nothing against its feed."""


class BrakeError(RefusedDataError):
    """Too many dead letters in one partition."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BrakeLimits:
    """`share` of the last `window` records of a partition, or `in_row` in a row. Zero switches a limit off."""

    share: float = 0.01
    window: int = 10_000
    in_row: int = 100


@dataclass(slots=True)
class Brake:
    """Counts one partition's dead letters. Deterministic in the records, so a restart on the same input stops again."""

    where: str
    limits: BrakeLimits
    _seen: int = 0
    _row: int = 0
    _refused: deque[int] = field(default_factory=deque)

    def accepted(self) -> None:
        """A record became an interaction, or was of no theme."""
        self._seen += 1
        self._row = 0

    def refused(self, reason: Reason) -> None:
        """A record became a dead letter. Raises `BrakeError` where that is one too many."""
        if reason in UNCOUNTED:
            self.accepted()
            return
        limits = self.limits
        self._seen += 1
        self._row += 1
        self._refused.append(self._seen)
        while self._refused[0] <= self._seen - limits.window:
            self._refused.popleft()
        if limits.in_row and self._row >= limits.in_row:
            raise self._tripped(f"{self._row} dead letters in a row", reason)
        if limits.share and len(self._refused) > limits.share * limits.window:
            raise self._tripped(f"{len(self._refused)} dead letters among the last {limits.window} records", reason)

    def _tripped(self, found: str, reason: Reason) -> BrakeError:
        return BrakeError(
            f"{self.where}: {found}, the last for {reason}. Nothing is lost: they are in the dead-letter topic. "
            "Mend the feed, or raise worker.brake_run or worker.brake_share, and start again; prescribers dead list shows them."
        )
