"""Which snapshots there are, which one counts, and which go: the newest readable one counts, three are kept."""

from collections.abc import Iterator
from dataclasses import dataclass

import structlog

from streams.halt import OutOfLogError, RefusedDataError
from streams.snapshot_file import Header, UnreadableSnapshotError, decode_snapshot, encode_snapshot
from streams.snapshot_place import SnapshotPlace

KEEP = 3
"""One being wrong is bad luck, two a bad disk; the third costs little beside the log's retention."""
SUFFIX = ".snap"
_log = structlog.get_logger(__name__)


class ForeignConfigurationError(RefusedDataError):
    """The snapshot was made under another configuration: loading it would mix two rankings in one."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A state and the offset of the first record that it has not seen."""

    next_offset: int
    body: bytes


@dataclass(frozen=True, slots=True)
class SnapshotStore:
    """`place`: where the files are; `topic`: the log that the states are functions of; `log_id`: which of that name, if known.

    Blocking: call it in an executor.

    Two owners at once are harmless: states are functions of the log, so both write the same bytes under the same offset.
    """

    place: SnapshotPlace
    topic: str
    log_id: str = ""

    def where(self, partition: int) -> str:
        """For people: where a partition's snapshots are."""
        return self.place.where(self._folder(partition))

    def save(self, partition: int, next_offset: int, config_hash: str, body: bytes) -> None:
        """Durable once it returns; then all but the last `KEEP` are removed. Raises `SnapshotPlaceError`."""
        folder, name = self._folder(partition), f"{next_offset:020d}{SUFFIX}"
        self.place.write(folder, name, encode_snapshot(self.topic, partition, next_offset, config_hash, body, self.log_id))
        for old in [*self._newest_first(partition)][KEEP:]:
            if old != name:
                self.place.remove(folder, old)

    def load(self, partition: int, config_hash: str) -> Snapshot | None:
        """The newest readable snapshot; an older one, or None, where the newest cannot be read.

        What cannot be read is set aside, so that it does not push out what is saved after it.
        Raises `ForeignConfigurationError` where it can be read but belongs to another configuration, `OutOfLogError` where to
        another log, `SnapshotPlaceError`.
        """
        folder = self._folder(partition)
        for name in self._newest_first(partition):
            try:
                header, body = decode_snapshot(self.place.read(folder, name))
                self._check(header, partition, name)
            except FileNotFoundError:
                continue
            except UnreadableSnapshotError as error:
                _log.warning("snapshot passed over and set aside", file=name, partition=partition, cause=str(error))
                self.place.set_aside(folder, name)
                continue
            if header.config_hash != config_hash:
                raise ForeignConfigurationError(
                    f"The snapshot of {self.topic}[{partition}] in {self.where(partition)} was made under another configuration "
                    f"({header.config_hash}, now {config_hash}). Restore that configuration, or move the directory away: "
                    "the state is then built anew from the log."
                )
            if "" not in (header.log_id, self.log_id) and header.log_id != self.log_id:
                raise OutOfLogError(
                    f"The snapshot of {self.topic}[{partition}] in {self.where(partition)} is a function of another log: the "
                    "topic was deleted and made anew, or is another cluster's. Connect to the right one, or move the directory "
                    "away: the state is then built anew from the log."
                )
            return Snapshot(header.next_offset, bytes(body))
        return None

    def count(self, partitions: int) -> int:
        """How many there are of all partitions, readable or not."""
        return sum(1 for partition in range(partitions) for _ in self._newest_first(partition))

    def _check(self, header: Header, partition: int, name: str) -> None:
        """A copy from elsewhere, or under another's name, is as unreadable as a broken one."""
        if (header.topic, header.partition) != (self.topic, partition):
            raise UnreadableSnapshotError("of another partition")
        if name != f"{header.next_offset:020d}{SUFFIX}":
            raise UnreadableSnapshotError("of another offset than its name says")

    def _folder(self, partition: int) -> str:
        return f"{self.topic}-{partition}"

    def _newest_first(self, partition: int) -> Iterator[str]:
        names = self.place.names(self._folder(partition))
        yield from sorted((name for name in names if name.endswith(SUFFIX)), reverse=True)
