"""Recorded conversations as `replay` reads them: the lines of files, as often as they are asked for."""

import shutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from prescribers.progress import Report
from streams.feed_lines import STDIN, FeedLines, TooLong


class Recording:
    """Files in the order given, read line by line; what is too long for a message is left out, as `feed` does, and noted."""

    def __init__(self, paths: Sequence[str], report: Report) -> None:
        self._paths = paths
        self._report = report
        self.too_long: list[TooLong] = []

    def lines(self) -> Iterator[bytes]:
        """Every line, from the first file's first on. Raises `FeedError` on a damaged file."""
        self.too_long = []
        events = read_before = 0
        total = None if STDIN in self._paths else sum(Path(path).stat().st_size for path in self._paths)
        for path in self._paths:
            file = FeedLines(path)
            try:
                for block in file.blocks():
                    events += len(block)
                    self._report(events, read_before + file.read_bytes, total)
                    yield from (line for line in block if line is not None)
            finally:
                file.close()
            read_before += file.read_bytes
            self.too_long += file.too_long


@contextmanager
def rereadable(paths: Sequence[str]) -> Iterator[list[str]]:
    """The same paths, with standard input kept in a temporary file: a recording may be read twice."""
    with tempfile.TemporaryDirectory(prefix="prescribers-") as directory:
        kept = Path(directory) / "stdin.jsonl"
        if STDIN in paths:
            with kept.open("wb") as copy:
                shutil.copyfileobj(sys.stdin.buffer, copy)
        yield [str(kept) if path == STDIN else path for path in paths]
