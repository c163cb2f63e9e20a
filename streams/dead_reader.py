"""Dead letters as they lie on their topic, for people who want to know what was refused and why."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from confluent_kafka import OFFSET_BEGINNING, Consumer, KafkaError, KafkaException, Message, TopicPartition

from graph.dead_letter import DeadLetter, from_headers
from streams.broker_options import PATIENCE_S, librdkafka_options
from streams.kafka_failures import plain_cause, unreachable
from streams.kafka_settings import KafkaSettings
from streams.topics import TopicMismatchError


@dataclass(frozen=True, slots=True)
class DeadRecord:
    """One record of the dead-letter topic: where it lies there, and the letter, None where `normalise` did not write it."""

    partition: int
    offset: int
    letter: DeadLetter | None
    payload: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadFilter:
    """Which letters: by reason, by partition of the refused record, by the broker's time of it (ms UTC, `until_ms` excluded)."""

    reason: str = ""
    partition: int | None = None
    since_ms: int | None = None
    until_ms: int | None = None

    def takes(self, letter: DeadLetter | None) -> bool:
        """Whether a letter is wanted; what is no letter is, where nothing is asked for."""
        if letter is None:
            return self == DeadFilter()
        return (
            self.reason in ("", letter.reason)
            and self.partition in (None, letter.partition)
            and (self.since_ms is None or letter.received_at >= self.since_ms)
            and (self.until_ms is None or letter.received_at < self.until_ms)
        )


EVERY_LETTER = DeadFilter()


def list_dead(
    settings: KafkaSettings, wanted: DeadFilter = EVERY_LETTER, *, patience_s: float = PATIENCE_S
) -> Iterator[DeadRecord]:
    """Every wanted dead letter there is now, oldest first in each partition; one that a killed `normalise` wrote twice, once.

    Ends at what was the end of the log when it began. Raises `KafkaUnreachableError`, `TopicMismatchError`.
    """
    told: set[tuple[str, str, int, int]] = set()
    with _consumer(settings) as (consumer, causes):
        try:
            ends = _ends(consumer, settings.dead, patience_s)
            for partition, (start, end) in ends.items():
                if start < end:
                    for record in _read(consumer, settings.dead, partition, end, patience_s):
                        if wanted.takes(record.letter) and _first(record.letter, told):
                            yield record
        except KafkaException as error:
            cause = causes[-1] if causes else plain_cause(error.args[0].str())
            raise unreachable(settings.brokers, cause) from error


def show_dead(settings: KafkaSettings, partition: int, offset: int, *, patience_s: float = PATIENCE_S) -> DeadRecord | None:
    """The record at one place of the dead-letter topic, or None where there is none (any more)."""
    with _consumer(settings) as (consumer, causes):
        try:
            start, end = _ends(consumer, settings.dead, patience_s).get(partition, (0, 0))
            if not start <= offset < end:
                return None
            record = next(_read(consumer, settings.dead, partition, offset + 1, patience_s, offset), None)
        except KafkaException as error:
            cause = causes[-1] if causes else plain_cause(error.args[0].str())
            raise unreachable(settings.brokers, cause) from error
    return record if record is not None and record.offset == offset else None


def _first(letter: DeadLetter | None, told: set[tuple[str, str, int, int]]) -> bool:
    """Whether a letter was not told before; it is from now on."""
    if letter is None:
        return True
    origin = (letter.topic, letter.log_id, letter.partition, letter.offset)
    new = origin not in told
    told.add(origin)
    return new


@contextmanager
def _consumer(settings: KafkaSettings) -> Iterator[tuple[Consumer, Sequence[str]]]:
    """A consumer that joins no group and commits nothing, with what it has heard of failures."""
    causes: list[str] = []
    options = librdkafka_options(settings, lambda error: causes.append(plain_cause(error.str())))
    consumer = Consumer(
        options | {"group.id": settings.group("dead-reader"), "enable.auto.commit": False, "enable.partition.eof": True}
    )
    try:
        yield consumer, causes
    finally:
        consumer.close()


def _ends(consumer: Consumer, topic: str, patience_s: float) -> dict[int, tuple[int, int]]:
    found = consumer.list_topics(topic, timeout=patience_s).topics[topic]
    if found.error is not None or not found.partitions:
        raise TopicMismatchError(topic, has=0, wants=0)
    ends = {}
    for partition in sorted(found.partitions):
        low, high = consumer.get_watermark_offsets(TopicPartition(topic, partition), timeout=patience_s)
        ends[partition] = (low, high)
    return ends


def _read(
    consumer: Consumer, topic: str, partition: int, end: int, patience_s: float, start: int = OFFSET_BEGINNING
) -> Iterator[DeadRecord]:
    """Records up to `end`. The log's own end closes it too: the last offsets may be holes."""
    consumer.assign([TopicPartition(topic, partition, start)])
    while True:
        message = consumer.poll(patience_s)
        if message is None:
            raise KafkaException(KafkaError(KafkaError._TIMED_OUT))  # noqa: SLF001 - a public name, for all its underscore
        error = message.error()
        if error is not None:
            if error.code() == KafkaError._PARTITION_EOF:  # noqa: SLF001 - the same
                return
            raise KafkaException(error)
        offset = message.offset()
        if offset is None or offset >= end:
            return
        yield _record(message, partition, offset)
        if offset + 1 == end:
            return


def _record(message: Message, partition: int, offset: int) -> DeadRecord:
    payload = message.value() or b""
    found = message.headers() or []
    pairs = found.items() if isinstance(found, dict) else found
    try:
        letter = from_headers([(name, value) for name, value in pairs if isinstance(value, bytes)], payload)
    except (KeyError, ValueError):
        letter = None
    return DeadRecord(partition, offset, letter, payload)
