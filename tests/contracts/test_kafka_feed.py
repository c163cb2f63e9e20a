"""What `feed` does, on the in-memory cluster and on a real broker alike."""

import gzip
import io
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import zstandard
from confluent_kafka import Consumer, TopicPartition

from graph.normalise import Normaliser
from streams.broker_options import librdkafka_options
from streams.feed import THEME_HEADER, feed
from streams.feed_lines import MAX_LINE_BYTES
from streams.feed_pace import Timing
from streams.kafka_failures import FeedError
from streams.kafka_settings import KafkaSettings
from streams.lag import group_lag, total_lag
from streams.topics import TopicMismatchError

ReadTopic = Callable[[KafkaSettings, str], list[Any]]


def event(number: int, **fields: object) -> bytes:
    known = {"schema": "mention.v1", "event_id": str(number), "source": "s", "kind": "post", "actor_id": f"s:{number % 7}"}
    return json.dumps(known | {"occurred_at": 1_700_000_000_000 + number} | fields).encode()


def write(path: Path, lines: list[bytes]) -> str:
    path.write_bytes(b"".join(line + b"\n" for line in lines))
    return str(path)


STRANGE = [
    b"not json",
    b'{"schema":"mention.v1","event_id":"1","sour',
    b"",
    b"   ",
    b"\xff\xfe\x00binary\x00",
    b"\xef\xbb\xbf" + event(1),
    b'{"x":NaN}',
    b'{"themes":"lean"}',
    b'{"themes":["\\ud800"]}',
    b'{"themes":[1]}',
    b'{"source":7}',
    b"[" * 100_000,
    b'{"x":' + b'{"x":' * 50_000,
    b'"text"',
    b"17",
    b"null",
    b"\r",
    event(2, text="a" * 1_000_000),
    event(3) + b"\r",
    b"\x1f\x8b not gzip",
    b"[]" * 3,
]


def test_every_line_arrives_once_with_its_bytes_unchanged(
    fresh_kafka: KafkaSettings, tmp_path: Path, read_topic: ReadTopic
) -> None:
    lines = [line for bad in STRANGE for line in (event(len(bad)), bad)] + [event(9)]
    report = feed([write(tmp_path / "all.jsonl", lines)], fresh_kafka)
    values = [record.value for record in read_topic(fresh_kafka, fresh_kafka.mentions)]
    assert report.sent == len(lines)
    assert sorted(values) == sorted(lines)
    assert None not in values


def test_the_events_of_a_theme_stay_in_order(fresh_kafka: KafkaSettings, tmp_path: Path, read_topic: ReadTopic) -> None:
    themes = ["lean", "coq", "", "agda"]
    lines = [event(n, themes=[name]) if (name := themes[n % 4]) else event(n) for n in range(2000)]
    feed([write(tmp_path / "a.jsonl", lines)], fresh_kafka)
    records = read_topic(fresh_kafka, fresh_kafka.mentions)
    for key, expected in ((b"lean", 0), (b"coq", 1), (b"s", 2), (b"agda", 3)):
        mine = [record for record in records if record.key == key]
        assert [record.value for record in mine] == lines[expected::4]
        assert len({record.partition for record in mine}) == 1


def test_a_line_that_cannot_be_read_follows_the_key_before(
    fresh_kafka: KafkaSettings, tmp_path: Path, read_topic: ReadTopic
) -> None:
    feed([write(tmp_path / "a.jsonl", [event(1, themes=["lean"]), b"?", b"", event(2), b"??"])], fresh_kafka)
    keys = {record.value: record.key for record in read_topic(fresh_kafka, fresh_kafka.mentions)}
    assert (keys[b"?"], keys[b""], keys[b"??"]) == (b"lean", b"lean", b"s")


def test_theme_is_the_key_and_a_header_and_leaves_the_bytes_alone(
    fresh_kafka: KafkaSettings, tmp_path: Path, read_topic: ReadTopic
) -> None:
    lines = [event(1), event(2, themes=["coq"]), b"?"]
    feed([write(tmp_path / "a.jsonl", lines)], fresh_kafka, theme="Théorème")
    records = read_topic(fresh_kafka, fresh_kafka.mentions)
    assert [record.value for record in records] == lines
    assert {record.key for record in records} == {"Théorème".encode()}
    assert {record.headers for record in records} == {((THEME_HEADER, "Théorème".encode()),)}


def test_plain_gzip_zstd_and_stdin_give_the_same_messages(
    fresh_kafka: KafkaSettings, tmp_path: Path, read_topic: ReadTopic
) -> None:
    lines = [event(n, themes=["lean"]) for n in range(300)]
    text = b"\n".join(lines)
    (tmp_path / "a.jsonl").write_bytes(text)
    (tmp_path / "b.jsonl.gz").write_bytes(gzip.compress(text[:1000]) + gzip.compress(text[1000:] + b"\n"))
    compress = zstandard.ZstdCompressor().compress
    (tmp_path / "c.jsonl.zst").write_bytes(compress(text[:500]) + compress(text[500:]))
    paths = [str(tmp_path / name) for name in ("a.jsonl", "b.jsonl.gz", "c.jsonl.zst")]
    seen: list[tuple[int, int, int | None]] = []
    report = feed([*paths, "-"], fresh_kafka, stdin=io.BytesIO(text + b"\n"), progress=lambda *now: seen.append(now))
    assert report.sent == 4 * len(lines)
    assert [record.value for record in read_topic(fresh_kafka, fresh_kafka.mentions)] == 4 * lines
    assert seen[-1][0] == 4 * len(lines)
    assert seen[-1][2] is None


def test_close_ends_the_feed_in_each_partition_it_used(fresh_kafka: KafkaSettings, tmp_path: Path, read_topic: ReadTopic) -> None:
    lines = [event(n, themes=[f"theme{n % 20}"]) for n in range(200)]
    report = feed([write(tmp_path / "a.jsonl", lines)], fresh_kafka, close=True)
    records = read_topic(fresh_kafka, fresh_kafka.mentions)
    used = {record.partition for record in records}
    last = {record.partition: record for record in records}
    assert report.closed
    assert set(report.partitions) == used
    assert len(used) > 1
    closes = [Normaliser().normalise(last[p].value, 1_700_000_900_000, (p, last[p].offset)) for p in sorted(used)]
    for found in closes:
        assert isinstance(found, list)
        assert {item.theme for item in found} == {f"theme{n}" for n in range(20)}
        assert {(item.kind, item.parts) for item in found} == {("close", len(used))}
    assert len(records) == len(lines) + len(used)


def test_a_line_without_theme_closes_every_theme(fresh_kafka: KafkaSettings, tmp_path: Path, read_topic: ReadTopic) -> None:
    feed([write(tmp_path / "a.jsonl", [event(1, themes=["lean"]), event(2)])], fresh_kafka, close=True)
    closes = [json.loads(r.value) for r in read_topic(fresh_kafka, fresh_kafka.mentions) if b"close.v1" in r.value]
    assert closes
    assert all("themes" not in close for close in closes)


def test_the_same_feed_has_the_same_id_however_it_is_packed(fresh_kafka: KafkaSettings, tmp_path: Path) -> None:
    lines = [event(n, themes=["lean"]) for n in range(50)]
    plain = write(tmp_path / "a.jsonl", lines)
    packed = tmp_path / "b.jsonl.gz"
    packed.write_bytes(gzip.compress(Path(plain).read_bytes()))
    ids = [feed([path], fresh_kafka, close=True).feed_id for path in (plain, str(packed))]
    assert ids[0] == ids[1]
    assert ids[0] != feed([plain], fresh_kafka, theme="coq", close=True).feed_id


def test_nothing_readable_needs_no_end(fresh_kafka: KafkaSettings, tmp_path: Path, read_topic: ReadTopic) -> None:
    report = feed([write(tmp_path / "a.jsonl", [b"?", b"!"])], fresh_kafka, close=True)
    assert not report.closed
    assert len(read_topic(fresh_kafka, fresh_kafka.mentions)) == 2


def test_resume_goes_on_at_the_first_line_not_acknowledged(
    fresh_kafka: KafkaSettings, tmp_path: Path, read_topic: ReadTopic
) -> None:
    lines = [event(n, themes=["lean"]) for n in range(5000)]
    path, memory = write(tmp_path / "a.jsonl", lines), tmp_path / "memory"

    def interrupt(sent: int, _read: int, _total: int | None) -> None:
        if sent > 2000:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        feed([path], fresh_kafka, resume_dir=memory, progress=interrupt)
    before = len(read_topic(fresh_kafka, fresh_kafka.mentions))
    assert 2000 < before < len(lines)
    report = feed([path], fresh_kafka, resume_dir=memory, resume=True, close=True)
    assert (report.resumed, report.sent) == (before, len(lines) - before)
    *values, close = [record.value for record in read_topic(fresh_kafka, fresh_kafka.mentions)]
    assert values == lines
    assert json.loads(close)["themes"] == ["lean"]
    again = feed([path], fresh_kafka, resume_dir=memory, resume=True, close=True)
    assert (again.resumed, again.sent, again.closed) == (len(lines), 0, True)
    assert len(read_topic(fresh_kafka, fresh_kafka.mentions)) == len(lines) + 1


def test_without_resume_a_file_is_fed_again(fresh_kafka: KafkaSettings, tmp_path: Path, read_topic: ReadTopic) -> None:
    path = write(tmp_path / "a.jsonl", [event(1)])
    for _ in range(2):
        assert feed([path], fresh_kafka, resume_dir=tmp_path / "memory").sent == 1
    assert len(read_topic(fresh_kafka, fresh_kafka.mentions)) == 2


def test_progress_in_another_file_theme_or_cluster_counts_for_nothing(fresh_kafka: KafkaSettings, tmp_path: Path) -> None:
    path, memory = write(tmp_path / "a.jsonl", [event(1)]), tmp_path / "memory"
    assert feed([path], fresh_kafka, resume_dir=memory).sent == 1
    assert feed([path], fresh_kafka, resume_dir=memory, resume=True, theme="coq").resumed == 0
    write(tmp_path / "a.jsonl", [event(2), event(3)])
    assert feed([path], fresh_kafka, resume_dir=memory, resume=True).resumed == 0


def test_max_lag_waits_until_the_pipeline_has_read(fresh_kafka: KafkaSettings, tmp_path: Path) -> None:
    waits: list[int] = []

    def sleep(_seconds: float) -> None:
        waits.append(total_lag(group_lag(fresh_kafka, "normalise")))
        commit_all(fresh_kafka)

    lines = [event(n, themes=["lean"]) for n in range(3000)]
    feed([write(tmp_path / "a.jsonl", lines)], fresh_kafka, max_lag=1000, timing=Timing(sleep=sleep))
    assert waits
    assert max(waits) <= 1000


def test_a_line_too_long_is_named_and_the_rest_is_sent(fresh_kafka: KafkaSettings, tmp_path: Path, read_topic: ReadTopic) -> None:
    lines = [event(1), b"x" * (MAX_LINE_BYTES + 1), event(2)]
    report = feed([write(tmp_path / "a.jsonl", lines)], fresh_kafka, resume_dir=tmp_path / "memory")
    assert [(line.line, line.length) for line in report.too_long] == [(2, MAX_LINE_BYTES + 1)]
    assert [record.value for record in read_topic(fresh_kafka, fresh_kafka.mentions)] == [event(1), event(2)]
    assert feed([str(tmp_path / "a.jsonl")], fresh_kafka, resume_dir=tmp_path / "memory", resume=True).sent == 0


def test_a_damaged_file_says_where_and_keeps_what_came_before(
    fresh_kafka: KafkaSettings, tmp_path: Path, read_topic: ReadTopic
) -> None:
    path = tmp_path / "a.jsonl.gz"
    path.write_bytes(gzip.compress(b"".join(event(n, text=str(n * n)) + b"\n" for n in range(9000)))[:-2000])
    with pytest.raises(FeedError, match="is damaged after line"):
        feed([str(path)], fresh_kafka, resume_dir=tmp_path / "memory")
    assert len(read_topic(fresh_kafka, fresh_kafka.mentions)) > 1000


def test_an_absent_topic_names_the_remedy(kafka: KafkaSettings, tmp_path: Path) -> None:
    with pytest.raises(TopicMismatchError, match="prescribers topics"):
        feed([write(tmp_path / "a.jsonl", [event(1)])], replace(kafka, mentions="absent"))


def commit_all(settings: KafkaSettings) -> None:
    options = librdkafka_options(settings, print) | {"group.id": settings.group("normalise"), "enable.auto.commit": False}
    consumer = Consumer(options)
    ends = group_lag(settings, "normalise")
    places = [TopicPartition(topic, partition, lag.end) for (topic, partition), lag in ends.items()]
    consumer.commit(offsets=places, asynchronous=False)
    consumer.close()
