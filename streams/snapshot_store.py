"""Snapshots in a local directory, one subdirectory per partition, one file per offset; the newest readable one counts."""

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import structlog

from streams.failpoints import durable
from streams.halt import RefusedDataError
from streams.snapshot_file import UnreadableSnapshotError, decode_snapshot, encode_snapshot

KEEP = 3
"""One being wrong is bad luck, two a bad disk; the third costs little beside the log's retention."""
_SUFFIX = ".snap"
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
    """`root`: the directory; `topic`: the log that the states are functions of. Blocking: call it in an executor."""

    root: Path
    topic: str

    def directory(self, partition: int) -> Path:
        """Where a partition's snapshots are."""
        return self.root / f"{self.topic}-{partition}"

    def save(self, partition: int, next_offset: int, config_hash: str, body: bytes) -> Path:
        """Durable once it returns: written aside, fsync, renamed, directory fsync; then all but the last `KEEP` are removed."""
        directory = self.directory(partition)
        directory.mkdir(parents=True, exist_ok=True)
        path = directory / f"{next_offset:020d}{_SUFFIX}"
        aside = directory / f".{next_offset:020d}.{os.getpid()}.tmp"
        _write_durably(aside, encode_snapshot(self.topic, partition, next_offset, config_hash, body))
        with durable("snapshot_rename"):
            aside.replace(path)
        _sync_directory(directory)
        for old in [*self._newest_first(partition)][KEEP:]:
            with durable("snapshot_removal"):
                old.unlink(missing_ok=True)
        _sweep(directory)
        return path

    def load(self, partition: int, config_hash: str) -> Snapshot | None:
        """The newest readable snapshot; an older one, or None, where the newest cannot be read.

        Raises `ForeignConfigurationError` where it can be read but belongs to another configuration.
        """
        for path in self._newest_first(partition):
            try:
                header, body = decode_snapshot(path.read_bytes())
            except (UnreadableSnapshotError, OSError) as error:
                _log.warning("snapshot passed over", file=path.name, partition=partition, cause=str(error))
                continue
            if (header.topic, header.partition) != (self.topic, partition):
                _log.warning("snapshot passed over", file=path.name, partition=partition, cause="of another partition")
                continue
            if header.config_hash != config_hash:
                raise ForeignConfigurationError(
                    f"The snapshot of {self.topic}[{partition}] in {path.parent} was made under another configuration "
                    f"({header.config_hash}, now {config_hash}). Restore that configuration, or move the directory away: "
                    "the state is then built anew from the log."
                )
            return Snapshot(header.next_offset, bytes(body))
        return None

    def _newest_first(self, partition: int) -> Iterator[Path]:
        directory = self.directory(partition)
        yield from sorted(directory.glob(f"*{_SUFFIX}"), reverse=True) if directory.is_dir() else ()


def _write_durably(path: Path, parts: Sequence[bytes]) -> None:
    with path.open("wb") as file:
        with durable("snapshot_write"):
            for part in parts:
                file.write(part)
            file.flush()
        with durable("snapshot_fsync"):
            os.fsync(file.fileno())


def _sync_directory(directory: Path) -> None:
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        with durable("directory_fsync"):
            os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _sweep(directory: Path) -> None:
    """Remove what killed processes left half written."""
    for path in directory.glob(".*.tmp"):
        owner = path.name.split(".")[2]
        if not (owner.isdigit() and _alive(int(owner))):
            with durable("leftover_removal"):
                path.unlink(missing_ok=True)


def _alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
