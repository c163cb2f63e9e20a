"""`dead replay`: refused records once more to `mentions`, bytes, key and theme as they were."""

from collections import Counter
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from dataclasses import dataclass, field

from confluent_kafka import KafkaError

from graph.dead_letter import DeadLetter
from graph.normalise import Refusal
from streams.dead_reader import DeadRecord
from streams.feed import GOODBYE_S, THEME_HEADER, pipeline_lag
from streams.feed_pace import LagGate, Timing
from streams.feed_producer import DELIVERY_TIMEOUT_MS, FeedProducer
from streams.kafka_failures import FeedError
from streams.kafka_settings import KafkaSettings

Judge = Callable[[DeadLetter], Refusal | None]
"""What the present release and configuration say of a letter: a refusal, or None where it would be taken in."""


@dataclass(slots=True)
class DeadReplay:
    """What became of the letters: sent again, or left where they are, by the reason for which they would be refused again."""

    sent: int = 0
    still_refused: Counter[str] = field(default_factory=Counter)
    foreign: int = 0
    """Records of the topic that `normalise` did not write."""


def replay_dead(
    records: Iterable[DeadRecord],
    settings: KafkaSettings,
    judge: Judge,
    *,
    force: bool = False,
    dry_run: bool = False,
    max_lag: int | None = None,
    timing: Timing | None = None,
) -> DeadReplay:
    """Send every letter that `judge` lets through (with `force`: every letter), and wait until all replicas have it.

    A letter sent twice counts once: its event's key is the same. `max_lag`: records that the pipeline may be behind.
    Raises `FeedError`, `KafkaUnreachableError`, `TopicMismatchError`; what was sent before may be sent again.
    """
    done = DeadReplay()
    with ExitStack() as stack:
        outlet = None if dry_run else _Outlet(stack, settings, max_lag, timing or Timing())
        for record in records:
            letter = record.letter
            if letter is None:
                done.foreign += 1
            elif (refusal := judge(letter)) is not None and not force:
                done.still_refused[refusal.reason] += 1
            else:
                done.sent += 1
                if outlet is not None:
                    outlet.send(letter)
        if outlet is not None:
            outlet.finish()
    return done


class _Outlet:
    """The producer, the gate before it, and the first failure that it reports."""

    def __init__(self, stack: ExitStack, settings: KafkaSettings, max_lag: int | None, timing: Timing) -> None:
        self._producer = producer = stack.enter_context(FeedProducer(settings, settings.mentions))
        self._failed: KafkaError | None = None
        self._gate = None
        if max_lag is not None:
            lag = pipeline_lag(stack, settings, producer)
            self._gate = LagGate(max_lag, lag=lag, in_flight=lambda: len(producer), timing=timing)

    def send(self, letter: DeadLetter) -> None:
        if self._gate is not None:
            self._gate.admit([letter.payload])
        headers = [(THEME_HEADER, letter.theme.encode())] if letter.theme else None
        self._producer.send(letter.payload, letter.key, self._delivered, [*headers] if headers else None)
        self._producer.poll()
        self._refuse_failure()

    def finish(self) -> None:
        left = self._producer.flush(DELIVERY_TIMEOUT_MS / 1000 + GOODBYE_S)
        self._refuse_failure()
        if left:
            raise FeedError(f"Kafka has not acknowledged {left} letters. Replay them again: repeats count once.")

    def _delivered(self, error: KafkaError | None, _message: object) -> None:
        self._failed = self._failed or error

    def _refuse_failure(self) -> None:
        if self._failed is not None:
            raise self._producer.undelivered(self._failed, "a replayed letter")
