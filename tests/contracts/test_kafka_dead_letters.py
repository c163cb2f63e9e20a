"""Dead letters read back, on the in-memory cluster and on a real broker alike."""

from graph.dead_letter import DeadLetter, to_headers
from streams.dead_reader import list_dead, show_dead
from streams.feed_producer import FeedProducer
from streams.kafka_settings import KafkaSettings


def test_dead_letters_are_listed_and_shown_as_they_were_written(fresh_kafka: KafkaSettings) -> None:
    letters = [
        DeadLetter(
            topic=fresh_kafka.mentions, partition=n, offset=n, received_at=n, reason=reason, detail="é", payload=b"\xff" * n
        )
        for n, reason in enumerate(("empty", "not_json", "empty"))
    ]
    reports: list[object] = []
    with FeedProducer(fresh_kafka, fresh_kafka.dead) as producer:
        for letter in letters:
            producer.send(letter.payload, None, lambda *report: reports.append(report), [*to_headers(letter)])
        producer.send(b"foreign", None, lambda *report: reports.append(report))
        assert producer.flush(20) == 0
    records = list(list_dead(fresh_kafka))
    assert [record.letter for record in records] == [*letters, None]
    assert [record.letter for record in list_dead(fresh_kafka, reason="empty")] == [letters[0], letters[2]]
    assert show_dead(fresh_kafka, 0, 1) == records[1]
    assert show_dead(fresh_kafka, 0, 4) is None
    assert show_dead(fresh_kafka, 5, 0) is None
