"""`feed`: files of mention events to Kafka, every line unchanged, acknowledged by all replicas, resumable."""

import hashlib
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from streams import topics
from streams.feed_close import close_record
from streams.feed_file import FeedFile
from streams.feed_lines import TooLong
from streams.feed_pace import LagGate, Pace, Timing
from streams.feed_producer import DELIVERY_TIMEOUT_MS, FeedProducer, Headers
from streams.feed_progress import Acknowledged, FeedProgress
from streams.kafka_failures import FeedError, KafkaUnreachableError
from streams.kafka_settings import KafkaSettings
from streams.lag import APPS, LagReader, total_lag

THEME_HEADER = "theme"
"""The record header, UTF-8, that says which theme an event is for that names none itself."""
SAVE_EVERY_S = 1.0
GOODBYE_S = 5.0
Progress = Callable[[int, int, int | None], None]
"""Called with events sent, bytes read, and bytes in all (None for a stream), both as the files are: compressed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedReport:
    """What a feed did: `sent` events are acknowledged, `resumed` were before, `too_long` were not sent."""

    sent: int
    resumed: int
    seconds: float
    partitions: tuple[int, ...]
    themes: tuple[str, ...]
    too_long: tuple[TooLong, ...]
    feed_id: str
    closed: bool
    """Whether it is ended, now or earlier."""


def feed(  # noqa: PLR0913 - one keyword for each flag of the command
    paths: Sequence[str],
    settings: KafkaSettings,
    *,
    theme: str = "",
    rate: float | None = None,
    close: bool = False,
    max_lag: int | None = None,
    max_lag_bytes: int | None = None,
    resume_dir: Path | None = None,
    resume: bool = False,
    progress: Progress | None = None,
    stdin: BinaryIO | None = None,
    timing: Timing | None = None,
) -> FeedReport:
    """Send every line of `paths` (plain, .gz, .zst, or "-" for stdin) as one message, and wait for all acknowledgements.

    `theme`: for events that name none, and the key of all. `rate`: events a second. `close`: end the feed, so that its last step
    is ranked. `max_lag`: records the pipeline may be behind; `max_lag_bytes`: their compressed bytes, besides. What is
    acknowledged is remembered in `resume_dir`; with `resume` each file goes on at its first line that is not.
    Raises `FeedError`, `KafkaUnreachableError`, `TopicMismatchError`; what was acknowledged before is remembered.
    """
    timing = timing or Timing()
    with ExitStack() as stack:
        pace = Pace(rate, timing)
        files = [FeedFile(path, settings, theme, resume_dir, resume=resume, stdin=stdin) for path in paths]
        for file in files:
            stack.callback(file.close)
        topics.check(settings, only=(settings.mentions,))
        producer = stack.enter_context(FeedProducer(settings, settings.mentions))
        gate = None
        if max_lag is not None:
            lag = pipeline_lag(stack, settings, producer)
            gate = LagGate(max_lag, lag=lag, in_flight=lambda: len(producer), timing=timing, limit_bytes=max_lag_bytes)
        return _Run(producer, pace, gate, files, timing).all_files(theme, progress, close=close)


def pipeline_lag(stack: ExitStack, settings: KafkaSettings, producer: FeedProducer) -> Callable[[], int]:
    """Asks how far the app that is furthest behind is behind."""
    readers = [stack.enter_context(LagReader(settings, app)) for app in APPS]

    def lag() -> int:
        producer.poll()
        return max(total_lag(reader.read()) for reader in readers)

    return lag


class _Run:
    """One call of `feed`."""

    def __init__(
        self, producer: FeedProducer, pace: Pace, gate: LagGate | None, files: Sequence[FeedFile], timing: Timing
    ) -> None:
        self._producer = producer
        self._pace = pace
        self._gate = gate
        self._files = files
        self._timing = timing
        self._sent = 0
        self._saved = self._started = timing.clock()
        self._content = hashlib.blake2b(digest_size=16)

    def all_files(self, theme: str, progress: Progress | None, *, close: bool) -> FeedReport:
        headers: Headers | None = [(THEME_HEADER, theme.encode())] if theme else None
        self._content.update(theme.encode() + b"\n")
        totals = [file.lines.total_bytes for file in self._files]
        total = None if None in totals else sum(size or 0 for size in totals)
        try:
            for file in self._files:
                for block in file.unsent(self._content.update if close else None):
                    self._block(file, block, headers)
                    if progress is not None:
                        progress(self._sent, sum(each.lines.read_bytes for each in self._files), total)
            self._finish()
            closed = close and self._close()
        except KafkaUnreachableError as error:
            done = sum(file.acknowledged.lines for file in self._files)
            remedy = f"{error.remedy} {done} events are acknowledged; feed --resume goes on after them."
            raise KafkaUnreachableError(error.address, error.cause, remedy) from error
        except BaseException:
            self._producer.flush(GOODBYE_S)
            raise
        finally:
            self._save()
        return self._report(closed=closed)

    def _block(self, file: FeedFile, block: Sequence[bytes | None], headers: Headers | None) -> None:
        send, key, report = self._producer.send, file.keys.key, file.acknowledged.report
        size = min(self._pace.chunk, self._gate.chunk) if self._gate is not None else self._pace.chunk
        for start in range(0, len(block), size):
            chunk = block[start : start + size]
            if self._gate is not None:
                self._gate.admit(chunk)
            for line in chunk:
                if line is None:
                    file.acknowledged.skip(file.position)
                else:
                    send(line, key(line), report(file.position), headers)
                    self._sent += 1
                file.position += 1
            self._producer.poll()
            self._refuse_failures()
            if self._timing.clock() - self._saved > SAVE_EVERY_S:
                self._save()
            self._pace.wait(len(chunk))

    def _finish(self) -> None:
        """Wait until every message has its report. They all come: as acknowledgement, or as failure when their time is up."""
        left = self._producer.flush(DELIVERY_TIMEOUT_MS / 1000 + GOODBYE_S)
        self._refuse_failures()
        if left:
            raise FeedError(f"Kafka has not acknowledged {left} events. Start the feed again with --resume.")

    def _refuse_failures(self) -> None:
        for file in self._files:
            if file.acknowledged.failed is not None:
                line, error = file.acknowledged.failed
                raise self._producer.undelivered(error, f"line {line + 1} of {file.lines.path}")

    def _close(self) -> bool:
        """End the feed in every partition that it used; False where nothing could be read, so nothing has to end."""
        partitions = self._partitions()
        unnamed = any(file.keys.unnamed for file in self._files)
        record = close_record(self._content.hexdigest(), len(partitions), self._themes(), unnamed=unnamed)
        if record is None:
            return False
        if not self._sent and all(file.closed for file in self._files):
            return True
        ends = Acknowledged(FeedProgress())
        for number, partition in enumerate(partitions):
            self._producer.send(record, None, ends.report(number), partition=partition)
        self._producer.flush(DELIVERY_TIMEOUT_MS / 1000 + GOODBYE_S)
        if ends.lines < len(partitions):
            if ends.failed is not None:
                raise self._producer.undelivered(ends.failed[1], "the end of the feed")
            raise FeedError("Kafka has not acknowledged the end of the feed. Start it again with --resume.")
        for file in self._files:
            file.closed = True
        return True

    def _save(self) -> None:
        self._saved = self._timing.clock()
        for file in self._files:
            file.save()

    def _partitions(self) -> list[int]:
        return sorted(set().union(*(file.acknowledged.partitions for file in self._files)))

    def _themes(self) -> list[str]:
        return sorted(set().union(*(file.keys.themes for file in self._files)))

    def _report(self, *, closed: bool) -> FeedReport:
        return FeedReport(
            sent=self._sent,
            resumed=sum(file.start.lines for file in self._files),
            seconds=self._timing.clock() - self._started,
            partitions=tuple(self._partitions()),
            themes=tuple(self._themes()),
            too_long=tuple(line for file in self._files for line in file.lines.too_long),
            feed_id=self._content.hexdigest(),
            closed=closed,
        )
