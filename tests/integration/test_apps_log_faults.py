"""Nothing is skipped, ever: what happens to a log, or how it is written, ends in a stated fate or a stop. On a real broker."""

import json
import shutil
import signal
import time
from typing import Any

import pytest
from confluent_kafka.admin import (  # type: ignore[attr-defined] # its stubs do not say that these are exported
    AlterConfigOpType,
    ConfigEntry,
    ConfigResource,
    NewPartitions,
    ResourceType,
)

from graph.log_record import decode_interactions
from streams.lag import LagReader, total_lag
from tests.integration.log_ground import Ground, ReadTopic, event
from tests.integration.test_apps_refusals import outcome

pytestmark = [pytest.mark.slow, pytest.mark.real_kafka]
CODECS = ("none", "gzip", "snappy", "lz4", "zstd")
MIB = 1 << 20
DAY_MS = 86_400_000


def now_ms() -> int:
    return time.time_ns() // 1_000_000


def test_however_a_log_is_written_each_record_has_its_fate(ground: Ground, read_topic: ReadTopic) -> None:
    """All codecs, transactions committed, aborted and alone in a partition, a record of 1 MiB, a producer whose clock jumps."""
    now = now_ms()
    numbers = iter(range(1000))
    for codec in CODECS:
        ground.send([event(next(numbers), now - 1000) for _ in range(20)], partition=next(numbers) % 3, codec=codec)
    aborted = [event(next(numbers), now - 900) for _ in range(5)]
    for partition, values, commit in (
        (3, aborted[:3], False),
        (3, [event(next(numbers), now - 800)] * 2, True),
        (4, aborted[3:], False),
    ):
        producer = ground.producer(**{"transactional.id": f"{ground.kafka.group_prefix}-{partition}-{commit}"})
        producer.init_transactions(20)
        producer.begin_transaction()
        for value in values:
            producer.produce(ground.kafka.mentions, value, partition=partition)
        producer.flush(20)
        (producer.commit_transaction if commit else producer.abort_transaction)(20)
    large = event(next(numbers), now, text="x" * MIB)
    ground.send([large], codec="zstd")
    ahead = event(next(numbers), now + DAY_MS)
    ground.send([ahead], stamp=now + DAY_MS)
    ground.send([event(next(numbers), now - 700)], stamp=now - 9000 * DAY_MS)

    ground.drain("normalise", "rank", "store")
    assert ground.letters(read_topic) == sorted([("future", ahead), ("too_large", large)])
    assert ground.tallied(read_topic) == (100 + 1 + 1, 0, 1)
    sent = b"".join(record.value for record in read_topic(ground.kafka, ground.kafka.interactions))
    assert not [value for value in aborted if json.loads(value)["event_id"].encode() + b'"' in sent]


def test_a_transaction_that_stays_open_is_waited_for_without_a_stop(ground: Ground, read_topic: ReadTopic) -> None:
    now = now_ms()
    ground.send([event(0, now)])
    producer = ground.producer(**{"transactional.id": ground.kafka.group_prefix})
    producer.init_transactions(20)
    producer.begin_transaction()
    producer.produce(ground.kafka.mentions, event(1, now), partition=0)
    producer.flush(20)
    normalise = ground.start("normalise")
    time.sleep(7)
    assert normalise.poll() is None
    assert len(read_topic_acts(ground, read_topic)) == 1
    producer.commit_transaction(20)
    with LagReader(ground.kafka, "normalise") as reader:
        deadline = time.monotonic() + 30
        while total_lag(reader.read()):
            assert time.monotonic() < deadline
            time.sleep(0.1)
    normalise.terminate()
    normalise.communicate(timeout=30)
    assert len(read_topic_acts(ground, read_topic)) == 2


def read_topic_acts(ground: Ground, read_topic: ReadTopic) -> list[Any]:
    """Records without ticks; a theme's acts may share one, a line each."""
    records = read_topic(ground.kafka, ground.kafka.interactions)
    return [record for record in records if decode_interactions([record.value])[0].kind != "tick"]


def test_a_compacted_input_has_holes_and_tombstones_and_no_stop(ground: Ground, read_topic: ReadTopic) -> None:
    wanted = {
        "cleanup.policy": "compact",
        "segment.ms": "500",
        "min.cleanable.dirty.ratio": "0.01",
        "delete.retention.ms": "86400000",
    }
    entries = [ConfigEntry(name, value, incremental_operation=AlterConfigOpType.SET) for name, value in wanted.items()]
    resource = ConfigResource(ResourceType.TOPIC, ground.kafka.mentions, incremental_configs=entries)
    for altered in ground.admin.incremental_alter_configs([resource]).values():
        altered.result(20)
    now = now_ms()
    for number in range(30):
        ground.send([event(number, now - 1000)], key=b"k%d" % (number % 3))
        if number % 10 == 9:
            time.sleep(0.6)
    ground.send([None], key=b"k0")
    time.sleep(0.6)
    ground.send([event(40, now - 900)], key=b"last")
    deadline = time.monotonic() + 60
    while len(left := read_topic(ground.kafka, ground.kafka.mentions)) > 12:
        assert time.monotonic() < deadline, "the broker does not compact"
        time.sleep(1)
    assert [record.offset for record in left] != list(range(len(left))), "no holes"
    ground.drain("normalise", "rank")
    left = read_topic(ground.kafka, ground.kafka.mentions)
    dead = ground.letters(read_topic)
    assert dead == [("empty", b"")]
    assert sum(ground.tallied(read_topic)) >= len(left) - len(dead)


def test_records_that_expired_unread_stop_each_app_with_their_offsets(ground: Ground, read_topic: ReadTopic) -> None:
    """A stopped worker that retention overtook, and what brings it back."""
    kafka, now = ground.kafka, now_ms()
    ground.send([event(number, now - 1000) for number in range(10)])
    ground.drain("normalise", "rank")
    ground.send([event(number, now - 900) for number in range(10, 20)])
    ground.forget(kafka.mentions, 0, 15)
    status, line = outcome(ground.start("normalise"))
    assert status == 4
    assert f"{kafka.mentions}[0]: the committed offset goes on at offset 10, but the log now starts at 15: 5 offsets" in line
    for asked in ground.admin.delete_consumer_groups([kafka.group("normalise")]).values():
        asked.result(20)
    ground.drain("normalise")

    home = {record.partition for record in read_topic_acts(ground, read_topic)}.pop()
    end = max(record.offset for record in read_topic(kafka, kafka.interactions) if record.partition == home) + 1
    ground.forget(kafka.interactions, home, end)
    status, line = outcome(ground.start("rank"))
    assert status == 4
    assert f"{kafka.interactions}[{home}]: the snapshot goes on at offset" in line
    assert f"but the log now starts at {end}" in line
    shutil.move(ground.directory / "state" / "rank" / f"{kafka.interactions}-{home}", ground.directory / "moved")
    ground.drain("rank")


@pytest.mark.parametrize("app", ["normalise", "rank"])
def test_retention_that_overtakes_a_slow_worker_stops_it(app: str, ground: Ground, read_topic: ReadTopic) -> None:
    """The log is cut past its position while it runs."""
    kafka, now = ground.kafka, now_ms()
    topic = {"normalise": kafka.mentions, "rank": kafka.interactions}[app]
    ground.send([event(number, now - 1000) for number in range(10)])
    if app == "rank":
        ground.drain("normalise")
    value = read_topic(kafka, topic)[-1].value
    worker = ground.start(app)
    try:
        ground.await_read(app)
        worker.send_signal(signal.SIGSTOP)
        time.sleep(2.5)  # until the broker has answered the fetch that is under way, with nothing
        ground.send([value] * 20, topic=topic)
        end = max(record.offset for record in read_topic(kafka, topic) if record.partition == 0) + 1
        ground.forget(topic, 0, end - 5)
    finally:
        worker.send_signal(signal.SIGCONT)
    status, line = outcome(worker)
    assert status == 4
    assert f"{topic}[0] at offset" in line or f"the log now starts at {end - 5}" in line


def test_a_log_made_anew_is_another_log(ground: Ground, read_topic: ReadTopic) -> None:
    """`mentions`: the broker forgets the group's offsets with it, so all of the new one is read. `interactions`: a stop."""
    kafka, now = ground.kafka, now_ms()
    ground.send([event(number, now - 1000) for number in range(10)])
    ground.drain("normalise", "rank")
    home = {record.partition for record in read_topic_acts(ground, read_topic)}.pop()
    acts = [record.value for record in read_topic_acts(ground, read_topic)]
    ground.make_anew(kafka.mentions)
    ground.send([event(number, now - 900) for number in range(10, 40)])
    ground.drain("normalise", "rank")
    assert ground.tallied(read_topic) == (40, 0, 0)

    ground.make_anew(kafka.interactions)
    ground.send(acts, partition=home, topic=kafka.interactions)
    status, line = outcome(ground.start("rank"))
    assert (status, "is a function of another log" in line) == (4, True), line
    ground.send(acts * 9, partition=home, topic=kafka.interactions)
    status, line = outcome(ground.start("rank"))
    assert (status, "is a function of another log" in line) == (4, True), "longer than before, and yet another"
    shutil.move(ground.directory / "state" / "rank", ground.directory / "moved")
    ground.drain("rank")


@pytest.mark.parametrize("app", ["normalise", "rank"])
def test_a_log_made_anew_under_a_worker_is_noticed_while_it_runs(app: str, ground: Ground, read_topic: ReadTopic) -> None:
    """It is longer than the old one before the worker looks, so that no offset tells, and its records even get read."""
    kafka, now = ground.kafka, now_ms()
    topic = {"normalise": kafka.mentions, "rank": kafka.interactions}[app]
    ground.send([event(number, now - 1000) for number in range(10)])
    ground.drain("normalise", "rank")
    value = read_topic(kafka, topic)[-1].value
    worker = ground.start(app)
    ground.send([value], topic=topic)
    try:
        ground.await_read(app)
        worker.send_signal(signal.SIGSTOP)
        ground.make_anew(topic)
        anew = [event(number, now - 900) for number in range(50, 90)] if app == "normalise" else [value] * 40
        for partition in range(6):
            ground.send(anew, topic=topic, partition=partition)
    finally:
        worker.send_signal(signal.SIGCONT)
    status, line = outcome(worker)
    assert status == 4
    assert f"Topic {topic} was deleted and made anew while it was read" in line
    if app == "rank":
        status, line = outcome(ground.start("rank"))
        assert (status, "is a function of another log" in line) == (4, True), line
        shutil.move(ground.directory / "state" / "rank", ground.directory / "moved")
    for asked in ground.admin.delete_consumer_groups([kafka.group(app)]).values():
        asked.result(20)
    ground.drain(*dict.fromkeys((app, "rank")))
    if app == "normalise":
        assert ground.tallied(read_topic)[0] == 10 + 40


def test_partitions_added_to_a_topic_stop_it_until_the_configuration_says_so(ground: Ground, read_topic: ReadTopic) -> None:
    kafka, now = ground.kafka, now_ms()
    ground.send([event(0, now - 1000)])
    ground.drain("normalise")
    for added in ground.admin.create_partitions([NewPartitions(kafka.mentions, 8)]).values():
        added.result(20)
    deadline = time.monotonic() + 20
    while len(ground.admin.list_topics(kafka.mentions, timeout=10).topics[kafka.mentions].partitions) < 8:
        assert time.monotonic() < deadline
        time.sleep(0.1)
    ground.send([event(1, now - 1000)], partition=7)
    status, line = outcome(ground.start("normalise"))
    assert status == 2
    assert f"Topic {kafka.mentions} has 8 partitions, the configuration wants 6. Set it to 8" in line
    ground.drain("normalise", "rank", mentions_partitions=8)
    assert ground.tallied(read_topic) == (2, 0, 0)
