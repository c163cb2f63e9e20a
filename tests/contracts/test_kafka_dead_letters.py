"""Dead letters read back and sent again, on the in-memory cluster and on a real broker alike."""

from collections.abc import Callable, Sequence
from typing import Any

import pytest

from graph.dead_letter import DeadLetter, to_headers
from graph.normalise import Refusal
from streams.dead_reader import DeadFilter, list_dead, show_dead
from streams.dead_replay import replay_dead
from streams.feed_producer import FeedProducer
from streams.kafka_settings import KafkaSettings

ReadTopic = Callable[[KafkaSettings, str], list[Any]]
REASONS = ("empty", "not_json", "empty")


def letter(kafka: KafkaSettings, number: int, **fields: Any) -> DeadLetter:  # noqa: ANN401 - a letter's
    plain: dict[str, Any] = {"partition": number, "offset": number, "received_at": number}
    plain |= {"topic": kafka.mentions, "reason": REASONS[number % 3], "detail": "é", "payload": b"\xff\n" * number}
    return DeadLetter(**plain | fields)


def bury(kafka: KafkaSettings, letters: Sequence[DeadLetter | bytes]) -> None:
    reports: list[object] = []
    with FeedProducer(kafka, kafka.dead) as producer:
        for one in letters:
            payload, headers = (one, []) if isinstance(one, bytes) else (one.payload, to_headers(one))
            producer.send(payload, None, lambda *report: reports.append(report), [*headers])
        assert producer.flush(20) == 0


def test_dead_letters_are_listed_and_shown_as_they_were_written(fresh_kafka: KafkaSettings) -> None:
    letters = [letter(fresh_kafka, n) for n in range(3)]
    bury(fresh_kafka, [*letters, b"foreign"])
    records = list(list_dead(fresh_kafka))
    assert [record.letter for record in records] == [*letters, None]
    assert show_dead(fresh_kafka, 0, 1) == records[1]
    assert show_dead(fresh_kafka, 0, 4) is None
    assert show_dead(fresh_kafka, 5, 0) is None


@pytest.mark.parametrize(
    ("wanted", "numbers"),
    [
        (DeadFilter(reason="empty"), [0, 2]),
        (DeadFilter(partition=1), [1]),
        (DeadFilter(since_ms=1), [1, 2]),
        (DeadFilter(until_ms=1), [0]),
        (DeadFilter(reason="empty", since_ms=1, until_ms=2), []),
    ],
)
def test_a_filter_takes_what_it_says_and_nothing_foreign(wanted: DeadFilter, numbers: list[int]) -> None:
    letters = [letter(KafkaSettings(), n) for n in range(3)]
    assert [n for n, one in enumerate(letters) if wanted.takes(one)] == numbers
    assert not wanted.takes(None)


def test_a_letter_that_was_written_twice_is_listed_once(fresh_kafka: KafkaSettings) -> None:
    letters = [letter(fresh_kafka, n) for n in range(3)]
    bury(fresh_kafka, [letters[0], letters[1], letters[0], letters[1], letters[2]])
    assert [record.letter for record in list_dead(fresh_kafka)] == letters


def test_letters_of_a_topic_made_anew_stand_beside_those_of_the_log_before(fresh_kafka: KafkaSettings) -> None:
    letters = [letter(fresh_kafka, 1), letter(fresh_kafka, 1, log_id="second")]
    bury(fresh_kafka, letters * 2)
    assert [record.letter for record in list_dead(fresh_kafka)] == letters


def test_a_replay_sends_bytes_key_and_theme_as_they_were(fresh_kafka: KafkaSettings, read_topic: ReadTopic) -> None:
    letters = [
        letter(fresh_kafka, 1, theme="thé", key=b"k\xff"),
        letter(fresh_kafka, 2),
        letter(fresh_kafka, 3, payload=b"no better"),
    ]
    bury(fresh_kafka, [*letters, b"foreign"])

    def judge(one: DeadLetter) -> Refusal | None:
        return Refusal("not_json", "still") if one.payload == b"no better" else None

    tried = replay_dead(list_dead(fresh_kafka), fresh_kafka, judge, dry_run=True)
    assert read_topic(fresh_kafka, fresh_kafka.mentions) == []
    done = replay_dead(list_dead(fresh_kafka), fresh_kafka, judge, max_lag=100)
    assert tried == done
    assert (done.sent, dict(done.still_refused), done.foreign) == (2, {"not_json": 1}, 1)
    found = sorted((r.value, r.key, r.headers) for r in read_topic(fresh_kafka, fresh_kafka.mentions))
    assert found == sorted(
        [
            (letters[0].payload, b"k\xff", (("theme", "thé".encode()),)),
            (letters[1].payload, None, ()),
        ]
    )
    forced = replay_dead(list_dead(fresh_kafka, DeadFilter(partition=3)), fresh_kafka, judge, force=True)
    assert (forced.sent, forced.still_refused) == (1, {})
