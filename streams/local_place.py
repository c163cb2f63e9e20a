"""Snapshots in a local directory, or one shared by several machines: written aside, fsynced, renamed, directory fsynced."""

import errno
import fcntl
import os
import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from streams.failpoints import durable
from streams.snapshot_place import cannot

ASIDE, LEFTOVER = ".damaged", ".tmp"
DAMAGED = (errno.EIO, errno.EISDIR)
"""A file that the disk cannot give back is as good as a damaged one."""
TRIES = 3


def make_state_directory(path: Path) -> None:
    """So that what cannot be made is told before anything is read. Raises `SnapshotPlaceError`."""
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise cannot("written", str(path), error) from error


@dataclass(frozen=True, slots=True)
class LocalPlace:
    """`root`: the directory that holds a folder for each partition."""

    root: Path

    def names(self, folder: str) -> list[str]:
        """Files that have their final name."""
        with self._telling("read", folder), suppress(FileNotFoundError):
            names = [path.name for path in (self.root / folder).iterdir()]
            return [name for name in names if not name.endswith((ASIDE, LEFTOVER))]
        return []

    def read(self, folder: str, name: str) -> bytes:
        """All of it, or nothing where the disk is damaged there."""
        with self._telling("read", folder):
            try:
                return (self.root / folder / name).read_bytes()
            except OSError as error:
                if error.errno in DAMAGED:
                    return b""
                raise

    def write(self, folder: str, name: str, parts: Sequence[bytes]) -> None:
        """As the port says."""
        directory = self.root / folder
        with self._telling("written", folder):
            directory.mkdir(parents=True, exist_ok=True)
            _sweep(directory)
            _write_patiently(directory, name, parts)
            _sync_directory(directory)

    def remove(self, folder: str, name: str) -> None:
        """Its bytes are free when nobody reads it any more."""
        with self._telling("written", folder), durable("snapshot_removal"):
            (self.root / folder / name).unlink(missing_ok=True)

    def set_aside(self, folder: str, name: str) -> None:
        """Where the directory can be read only, it stays: nothing is saved there either, so it is in nobody's way."""
        path = self.root / folder / name
        with suppress(OSError), durable("snapshot_set_aside"):
            path.replace(path.with_name(name + ASIDE))

    def where(self, folder: str) -> str:
        """The path."""
        return str(self.root / folder)

    @contextmanager
    def _telling(self, do: str, folder: str) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            if do == "read" and isinstance(error, FileNotFoundError):
                raise
            raise cannot(do, self.where(folder), error) from error


def _write_patiently(directory: Path, name: str, parts: Sequence[bytes]) -> None:
    """Once more where another owner swept the file aside in the instant before it was locked."""
    for _ in range(TRIES - 1):
        with suppress(FileNotFoundError):
            _write_and_rename(directory, name, parts)
            return
    _write_and_rename(directory, name, parts)


def _write_and_rename(directory: Path, name: str, parts: Sequence[bytes]) -> None:
    """The file aside has a name that nobody else has; its lock, which dies with the process, tells others that it is written."""
    aside = directory / f".{name}.{secrets.token_hex(4)}{LEFTOVER}"
    with aside.open("xb") as file:
        with suppress(OSError):  # a file system without locks: there nothing is swept either
            fcntl.flock(file, fcntl.LOCK_EX)
        with durable("snapshot_write"):
            for part in parts:
                file.write(part)
            file.flush()
        with durable("snapshot_fsync"):
            os.fsync(file.fileno())
        with durable("snapshot_rename"):
            aside.replace(directory / name)


def _sync_directory(directory: Path) -> None:
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        with durable("directory_fsync"):
            os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _sweep(directory: Path) -> None:
    """Remove what killed or failed writes left: what nobody holds the lock of. Before a write, which may need the room."""
    for path in directory.glob(f".*{LEFTOVER}"):
        with suppress(OSError), path.open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            with durable("leftover_removal"):
                path.unlink(missing_ok=True)
