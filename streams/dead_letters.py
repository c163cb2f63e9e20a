"""From a refused record to a dead letter on `mentions.dead`: the bytes unchanged, the reason in the headers."""

from collections.abc import Sequence

from graph.dead_letter import DeadLetter, from_headers, to_headers
from graph.normalise import Refusal
from streams.batch_producer import BatchProducer
from streams.delivery import Delivery, Record


def refuse(delivery: Delivery, record: Record, refusal: Refusal, theme: str = "", log_id: str = "") -> DeadLetter:
    """The dead letter of one record. A tombstone has no bytes, and counts as empty ones.

    `theme`: what the feed said of it; `log_id`: which log it was read from.
    """
    return DeadLetter(
        topic=delivery.tp.topic,
        partition=delivery.tp.partition,
        offset=record.offset,
        received_at=record.timestamp,
        reason=refusal.reason,
        detail=refusal.detail,
        payload=record.value or b"",
        theme=theme,
        key=record.key,
        log_id=log_id,
    )


def bury(letter: DeadLetter, producer: BatchProducer, topic: str, partitions: int) -> None:
    """Queue it, keyed by its source partition, so that the letters of one partition stay in order."""
    key = str(letter.partition).encode()
    producer.append(topic, letter.partition % partitions, key, letter.payload, to_headers(letter))


def exhume(records: Sequence[Record]) -> tuple[list[DeadLetter], int]:
    """The letters among records of the dead-letter topic, and how many records nobody here wrote."""
    letters: list[DeadLetter] = []
    foreign = 0
    for record in records:
        try:
            letters.append(from_headers(list(record.headers), record.value or b""))
        except (KeyError, ValueError):
            foreign += 1
    return letters, foreign
