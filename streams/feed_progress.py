"""How far each file of a feed has come: what is acknowledged, and where that is remembered."""

import hashlib
import os
from functools import partial
from pathlib import Path
from typing import Protocol

import msgspec
from confluent_kafka import KafkaError
from msgspec import Struct


class Delivered(Protocol):
    """The part of a delivery report that counts."""

    def partition(self) -> int | None:
        """Where the message went."""


class FeedProgress(Struct, kw_only=True, forbid_unknown_fields=True):
    """What is remembered of one file: `lines` are acknowledged without a gap, and what they used."""

    lines: int = 0
    partitions: tuple[int, ...] = ()
    themes: tuple[str, ...] = ()
    unnamed: bool = False
    closed: bool = False


class Acknowledged:
    """The first line of a file that is not acknowledged yet. Lines are numbered from 0; acknowledgements come in any order."""

    def __init__(self, start: FeedProgress) -> None:
        self.lines = start.lines
        self.partitions = set(start.partitions)
        self.failed: tuple[int, KafkaError] | None = None
        self._ahead: set[int] = set()

    def report(self, line: int) -> partial[None]:
        """The delivery callback for a line."""
        return partial(self._delivered, line)

    def skip(self, line: int) -> None:
        """A line that is not sent at all counts as done."""
        self._done(line)

    def _delivered(self, line: int, error: KafkaError | None, message: Delivered) -> None:
        if error is not None:
            if self.failed is None or line < self.failed[0]:
                self.failed = (line, error)
            return
        partition = message.partition()
        if partition is not None:
            self.partitions.add(partition)
        self._done(line)

    def _done(self, line: int) -> None:
        if line != self.lines:
            self._ahead.add(line)
            return
        self.lines += 1
        while self.lines in self._ahead:
            self._ahead.remove(self.lines)
            self.lines += 1


class ProgressFile:
    """Progress in one file, towards one topic of one cluster, under one `--theme`; remembered nowhere without a directory."""

    def __init__(self, directory: Path | None, *identity: str) -> None:
        name = hashlib.blake2b("\n".join(identity).encode(), digest_size=16).hexdigest()
        self._path = directory / f"{name}.json" if directory else None

    def load(self) -> FeedProgress:
        """What was remembered; nothing done where there is none, or what is there cannot be read."""
        if self._path is None:
            return FeedProgress()
        try:
            return msgspec.json.decode(self._path.read_bytes(), type=FeedProgress)
        except (FileNotFoundError, msgspec.MsgspecError):
            return FeedProgress()

    def save(self, progress: FeedProgress) -> None:
        """Replace what was remembered, all or nothing."""
        if self._path is None:
            return
        self._path.parent.mkdir(parents=True, exist_ok=True)
        written = self._path.with_suffix(".tmp")
        with written.open("wb") as file:
            file.write(msgspec.json.encode(progress))
            file.flush()
            os.fsync(file.fileno())
        written.replace(self._path)
