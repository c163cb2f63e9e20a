"""Which snapshots there are, which one counts, and which go: the newest readable one counts, three are kept.

A snapshot is a file named by its offset, and volumes: files named by their content, each of which may belong to several
snapshots. They are written before the snapshot that names them, and go when none that is kept does.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import structlog

from graph.volumes import Shelf, volume_name
from streams.halt import OutOfLogError, RefusedDataError
from streams.snapshot_file import FORMAT, Header, UnreadableSnapshotError, decode_snapshot, encode_snapshot
from streams.snapshot_place import SnapshotPlace

KEEP = 3
"""One being wrong is bad luck, two a bad disk; the third costs little beside the log's retention."""
SUFFIX, VOLUME_SUFFIX = ".snap", ".volume"
_log = structlog.get_logger(__name__)


class ForeignConfigurationError(RefusedDataError):
    """The snapshot was made under another configuration: loading it would mix two rankings in one."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A state, its volumes by name, and the offset of the first record that it has not seen."""

    next_offset: int
    body: bytes
    volumes: Mapping[str, bytes] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SnapshotStore:
    """`place`: where the files are; `topic`: the log that the states are functions of; `log_id`: which of that name, if known.

    Blocking: call it in an executor.

    Two owners at once are harmless: states are functions of the log, so both write the same bytes under the same offset.
    """

    place: SnapshotPlace
    topic: str
    log_id: str = ""
    _named: dict[tuple[str, str], frozenset[str]] = field(default_factory=dict, compare=False)
    """Volumes by folder and name of a snapshot: what was written or read before need not be read again."""

    def where(self, partition: int) -> str:
        """For people: where a partition's snapshots are."""
        return self.place.where(self._folder(partition))

    def volumes(self, partition: int) -> frozenset[str]:
        """Names of the volumes that are durable. Raises `SnapshotPlaceError`."""
        names = self.place.names(self._folder(partition))
        return frozenset(name.removesuffix(VOLUME_SUFFIX) for name in names if name.endswith(VOLUME_SUFFIX))

    def save(self, partition: int, next_offset: int, config_hash: str, body: bytes, shelf: Shelf | None = None) -> None:
        """Durable once it returns, with all volumes on the shelf; then all but the last `KEEP`, and volumes of none, are removed.

        Raises `SnapshotPlaceError`.
        """
        folder, name, shelf = self._folder(partition), f"{next_offset:020d}{SUFFIX}", shelf or Shelf()
        for volume, content in shelf.new.items():
            self.place.write(folder, volume + VOLUME_SUFFIX, [content])
        named = tuple(shelf.named)
        header = Header(FORMAT, self.topic, partition, next_offset, config_hash, len(body), self.log_id, named)
        self.place.write(folder, name, encode_snapshot(header, body))
        self._named[folder, name] = frozenset(named)
        self._prune(folder, partition, name)

    def _prune(self, folder: str, partition: int, saved: str) -> None:
        names = [*self._newest_first(partition)]
        kept = {saved, *names[:KEEP]}
        for old in names[KEEP:]:
            if old != saved:
                self._named.pop((folder, old), None)
                self.place.remove(folder, old)
        present = self.volumes(partition)
        if present:
            for volume in sorted(present - frozenset[str]().union(*(self._volumes_of(folder, name) for name in kept))):
                self.place.remove(folder, volume + VOLUME_SUFFIX)

    def _volumes_of(self, folder: str, name: str) -> frozenset[str]:
        """Those that a snapshot names; none where it cannot be read, and so never will be loaded."""
        if (folder, name) not in self._named:
            try:
                header, _ = decode_snapshot(self.place.read(folder, name))
            except (FileNotFoundError, UnreadableSnapshotError):
                return frozenset()
            self._named[folder, name] = frozenset(header.volumes)
        return self._named[folder, name]

    def load(self, partition: int, config_hash: str) -> Snapshot | None:
        """The newest readable snapshot; an older one, or None, where the newest, or a volume of it, cannot be read.

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
            volumes = self._read_volumes(folder, header.volumes)
            if volumes is None:
                _log.warning(
                    "snapshot passed over and set aside",
                    file=name,
                    partition=partition,
                    cause="a volume of it is damaged or gone",
                )
                self.place.set_aside(folder, name)
                continue
            return Snapshot(header.next_offset, bytes(body), volumes)
        return None

    def count(self, partitions: int) -> int:
        """How many there are of all partitions, readable or not."""
        return sum(1 for partition in range(partitions) for _ in self._newest_first(partition))

    def _read_volumes(self, folder: str, names: tuple[str, ...]) -> dict[str, bytes] | None:
        """None where one is missing or damaged; the damaged one is set aside, so that it is written again."""
        found: dict[str, bytes] = {}
        for name in names:
            try:
                found[name] = self.place.read(folder, name + VOLUME_SUFFIX)
            except FileNotFoundError:
                return None
            if volume_name(found[name]) != name:
                self.place.set_aside(folder, name + VOLUME_SUFFIX)
                return None
        return found

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
