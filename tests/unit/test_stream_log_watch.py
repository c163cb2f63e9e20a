"""A log made anew under an app that reads it is noticed; a broker that does not answer is none."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress

import pytest

from streams.halt import OutOfLogError
from streams.kafka_failures import KafkaUnreachableError
from streams.kafka_settings import KafkaSettings
from streams.log_watch import LogWatch

AWAY = KafkaUnreachableError("kafka:9092", "it is away", "wait")


class AskedEnoughError(Exception):
    """The end of a test."""


class FakeBroker:
    """Says, each time it is asked, what comes next; afterwards it has been asked enough."""

    def __init__(self, *answers: str | Exception) -> None:
        self.answers = list(answers)

    def identify(self, _kafka: KafkaSettings, _topic: str, _patience_s: float) -> str:
        if not self.answers:
            raise AskedEnoughError
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer


def watched(answers: Sequence[str | Exception], topics: Sequence[str] = ("interactions",)) -> None:
    broker = FakeBroker(*answers)
    watch = LogWatch(KafkaSettings(), topics, "snapshot", identify=broker.identify, every_s=0)
    with suppress(AskedEnoughError):
        asyncio.run(watch.run())


def test_another_identity_stops_it_and_says_what_to_do() -> None:
    with pytest.raises(OutOfLogError, match=r"Topic interactions was deleted and made anew.* Remove the snapshot"):
        watched(["one", "one", "another"])


def test_what_was_known_outlasts_a_broker_that_is_away() -> None:
    with pytest.raises(OutOfLogError):
        watched(["one", AWAY, "", "another"])


def test_the_same_identity_or_none_is_no_reason() -> None:
    watched(["one", AWAY, "one", ""])
    watched(["", "", AWAY])


def test_topics_are_told_apart() -> None:
    watched(["one", "another", "one", "another"], ["rankings", "mentions.dead"])
    with pytest.raises(OutOfLogError, match=r"Topic mentions\.dead"):
        watched(["one", "another", "one", "third"], ["rankings", "mentions.dead"])
