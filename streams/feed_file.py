"""One file on its way to Kafka: its lines, their keys, what is acknowledged, and the memory of it."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO

from streams.feed_keys import LineKeys
from streams.feed_lines import STDIN, FeedLines, identity
from streams.feed_progress import Acknowledged, FeedProgress, ProgressFile
from streams.kafka_settings import KafkaSettings


class FeedFile:
    """`position` is the number, from 0, of the next line to send; the caller moves it."""

    def __init__(
        self, path: str, settings: KafkaSettings, theme: str, resume_dir: Path | None, *, resume: bool, stdin: BinaryIO | None
    ) -> None:
        self.lines = FeedLines(path, stdin=stdin)
        remembered = path != STDIN and resume_dir is not None
        where = (*sorted(settings.brokers), settings.mentions, theme, identity(path)) if remembered else ()
        self._memory = ProgressFile(resume_dir if remembered else None, *where)
        self.start = self._memory.load() if resume else FeedProgress()
        self.acknowledged = Acknowledged(self.start)
        self.keys = LineKeys(theme)
        self.keys.themes |= set(self.start.themes)
        self.keys.unnamed = self.start.unnamed
        self.closed = self.start.closed
        self.position = self.start.lines
        self._saved = self.start

    def unsent(self, seen: Callable[[bytes], None] | None) -> Iterator[list[bytes | None]]:
        """Blocks of lines from `position` on; `seen` gets all the bytes of the file, those sent earlier too."""
        number = 0
        for block in self.lines.blocks(seen):
            rest = block[max(0, self.start.lines - number) :]
            number += len(block)
            if rest:
                yield rest

    def save(self) -> None:
        """Remember what is acknowledged now."""
        now = FeedProgress(
            lines=self.acknowledged.lines,
            partitions=tuple(sorted(self.acknowledged.partitions)),
            themes=tuple(sorted(self.keys.themes)),
            unnamed=self.keys.unnamed,
            closed=self.closed,
        )
        if now != self._saved:
            self._memory.save(now)
            self._saved = now

    def close(self) -> None:
        """Close the file."""
        self.lines.close()
