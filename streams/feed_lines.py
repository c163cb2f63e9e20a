"""The lines of a feed, in blocks, from plain, .gz or .zst files or a stream: bounded memory, bytes unchanged."""

import gzip
import hashlib
import sys
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, cast

import zstandard

from streams.kafka_failures import FeedError

STDIN = "-"
MAX_LINE_BYTES = 15 << 20
"""Longer lines are not sent: topics take 16 MiB, and a dead letter needs room for its headers."""
CHUNK_BYTES = 1 << 18
ZSTD_CHUNK_BYTES = 1 << 14
HEAD_BYTES = 1 << 16


@dataclass(frozen=True, slots=True)
class TooLong:
    """A line that no message can hold: where it is (first line: 1) and its length in bytes."""

    path: str
    line: int
    length: int


class FeedLines:
    """One file, read once from its start. `blocks()` yields lists of lines without their newline, None for a line too long.

    What follows the last newline is a line only if it is not empty; an empty line elsewhere is a line.
    """

    def __init__(self, path: str, *, stdin: BinaryIO | None = None, max_line_bytes: int = MAX_LINE_BYTES) -> None:
        self.path = path
        self.too_long: list[TooLong] = []
        self._max_line_bytes = max_line_bytes
        try:
            self._raw: BinaryIO = (stdin or sys.stdin.buffer) if path == STDIN else Path(path).open("rb")  # noqa: SIM115 - `close`
            self.total_bytes: int | None = None if path == STDIN else Path(path).stat().st_size
        except OSError as error:
            raise FeedError(f"{path} cannot be read: {(error.strerror or str(error)).lower()}.") from error
        self._read = 0

    @property
    def read_bytes(self) -> int:
        """Bytes of the file read so far, compressed as they are: `total_bytes` at the end."""
        return self._read

    def blocks(self, seen: Callable[[bytes], None] | None = None) -> Iterator[list[bytes | None]]:
        """Lines as they come; `seen` gets the decompressed bytes. Raises `FeedError` on a damaged or truncated file."""
        lines = 0
        try:
            for block in self._split(seen):
                lines += len(block)
                yield block
        except (OSError, EOFError, zlib.error, zstandard.ZstdError) as error:
            where = (
                f"is damaged after line {lines:,}: {error}. What comes before was read" if lines else f"cannot be read: {error}"
            )
            raise FeedError(f"{self.path} {where}.") from error

    def close(self) -> None:
        """Close the file; never stdin."""
        if self.path != STDIN:
            self._raw.close()

    def _split(self, seen: Callable[[bytes], None] | None) -> Iterator[list[bytes | None]]:
        started: list[bytes] = []
        length = count = 0
        for chunk in self._chunks():
            if seen is not None:
                seen(chunk)
            first, *rest = chunk.split(b"\n")
            length += len(first)
            # The beginning of a line too long is forgotten as soon as that is certain.
            started = [*started, first] if length <= self._max_line_bytes else []
            if not rest:
                continue
            block = [self._line(b"".join(started), length, count + 1)]
            whole = rest[:-1]
            if len(chunk) > self._max_line_bytes:
                block += [self._line(line, len(line), count + number) for number, line in enumerate(whole, 2)]
            else:
                block += whole
            started, length = [rest[-1]], len(rest[-1])
            count += len(block)
            yield block
        if length:
            yield [self._line(b"".join(started), length, count + 1)]

    def _line(self, line: bytes, length: int, number: int) -> bytes | None:
        if length <= self._max_line_bytes:
            return line
        self.too_long.append(TooLong(self.path, number, length))
        return None

    def _chunks(self) -> Iterator[bytes]:
        if self.path.endswith(".gz"):
            unzipped = gzip.GzipFile(fileobj=cast("BinaryIO", _Counted(self)))
            yield from iter(lambda: unzipped.read(CHUNK_BYTES), b"")
        elif self.path.endswith(".zst"):
            yield from self._unzstd()
        else:
            yield from iter(lambda: self.take(CHUNK_BYTES), b"")

    def _unzstd(self) -> Iterator[bytes]:
        """Frame after frame, in small steps: one step of a hostile file still unpacks to bounded memory."""
        frame = None
        while chunk := self.take(ZSTD_CHUNK_BYTES):
            while chunk:
                frame = frame or zstandard.ZstdDecompressor().decompressobj()
                yield from filter(None, [frame.decompress(chunk)])
                chunk = frame.unused_data if frame.eof else b""
                frame = None if frame.eof else frame
        if frame is not None:
            raise EOFError("it ends in the middle of a frame")

    def take(self, size: int) -> bytes:
        """The next bytes of the file as it lies on disk."""
        chunk = self._raw.read(size)
        self._read += len(chunk)
        return chunk


class _Counted:
    """The file as gzip wants to see it, every byte counted."""

    def __init__(self, lines: FeedLines) -> None:
        self._lines = lines

    def read(self, size: int = -1) -> bytes:
        return self._lines.take(size)


def identity(path: str) -> str:
    """Names a file by size, time of change and the hash of its head, so that progress in it is found again."""
    stat = Path(path).stat()
    with Path(path).open("rb") as file:
        head = hashlib.blake2b(file.read(HEAD_BYTES), digest_size=16).hexdigest()
    return f"{stat.st_size}-{stat.st_mtime_ns}-{head}"
