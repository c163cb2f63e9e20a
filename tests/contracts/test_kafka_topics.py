"""What topics, offsets and lags do, on the in-memory cluster and on a real broker alike."""

import asyncio
from collections.abc import Callable
from dataclasses import replace

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from confluent_kafka import Consumer, TopicPartition

from streams import topics
from streams.broker_options import librdkafka_options
from streams.kafka_failures import KafkaUnreachableError, TopicRefusedError
from streams.kafka_settings import KafkaSettings
from streams.lag import APPS, Lag, LagReader, group_lag, total_lag
from streams.topic_layout import desired, partition_counts
from streams.topics import TopicMismatchError


def commit(settings: KafkaSettings, app: str, topic: str, partition: int, offset: int) -> None:
    consumer = Consumer(librdkafka_options(settings, print) | {"group.id": settings.group(app), "enable.auto.commit": False})
    consumer.commit(offsets=[TopicPartition(topic, partition, offset)], asynchronous=False)
    consumer.close()


def produce(settings: KafkaSettings, topic: str, partition: int, values: list[bytes]) -> None:
    async def send() -> None:
        producer = AIOKafkaProducer(bootstrap_servers=list(settings.brokers), acks="all", enable_idempotence=True)
        async with producer:
            for value in values:
                await producer.send_and_wait(topic, value, partition=partition)

    asyncio.run(send())


def test_a_cluster_with_every_topic_as_wanted_has_no_differences(kafka: KafkaSettings) -> None:
    assert topics.plan(kafka) == ()
    topics.check(kafka)
    assert topics.create(kafka) == ()


def test_a_missing_topic_is_a_difference_and_stops_the_check(kafka: KafkaSettings) -> None:
    other = replace(kafka, controls=f"{kafka.controls}.other")
    (difference,) = topics.plan(other)
    assert (difference.topic.name, difference.missing, difference.mismatch) == (other.controls, True, False)
    with pytest.raises(TopicMismatchError, match="does not exist"):
        topics.check(other)


def test_a_dry_run_creates_nothing(kafka: KafkaSettings) -> None:
    other = replace(kafka, controls=f"{kafka.controls}.dry")
    assert len(topics.create(other, dry_run=True)) == 1
    assert len(topics.plan(other)) == 1


def test_a_wrong_partition_count_names_topic_has_wants_and_remedy(kafka: KafkaSettings) -> None:
    wrong = replace(kafka, interactions_partitions=7)
    with pytest.raises(TopicMismatchError) as caught:
        topics.create(wrong)
    assert (caught.value.topic, caught.value.has, caught.value.wants) == (kafka.interactions, 6, 7)
    assert f"{kafka.interactions} has 6 partitions" in str(caught.value)
    assert "delete the topic" in str(caught.value)


@pytest.mark.real_kafka
def test_topics_are_created_as_wanted(real_kafka: KafkaSettings, own_names: Callable[[KafkaSettings], KafkaSettings]) -> None:
    settings = own_names(real_kafka)
    assert [difference.topic for difference in topics.create(settings)] == list(desired(settings))
    assert topics.plan(settings) == ()
    (difference,) = topics.plan(settings, window_ms=1)[:1]
    assert "retention.ms" in difference.configs
    assert not difference.mismatch


@pytest.mark.real_kafka
def test_a_refused_topic_says_why(real_kafka: KafkaSettings, own_names: Callable[[KafkaSettings], KafkaSettings]) -> None:
    with pytest.raises(TopicRefusedError, match=r"(?i)replication"):
        topics.create(replace(own_names(real_kafka), replication_factor=3))


def test_the_in_memory_cluster_says_that_it_creates_no_topics(mock_kafka: KafkaSettings) -> None:
    with pytest.raises(TopicRefusedError, match="made when it starts"):
        topics.create(replace(mock_kafka, controls="another"))


def test_before_the_first_commit_everything_is_still_to_come(kafka: KafkaSettings) -> None:
    produce(kafka, kafka.rankings, 3, [b"a", b"b"])
    lags = group_lag(kafka, "store")
    assert set(lags) == {(kafka.rankings, number) for number in range(6)} | {(kafka.dead, 0)}
    assert lags[kafka.rankings, 3] == Lag(end=2, committed=None, lag=2)
    assert total_lag(lags) == 2


def test_lag_is_end_minus_committed(kafka: KafkaSettings) -> None:
    produce(kafka, kafka.interactions, 1, [b"a", b"b", b"c"])
    with LagReader(kafka, "rank") as reader:
        for committed, left in ((1, 2), (3, 0)):
            commit(kafka, "rank", kafka.interactions, 1, committed)
            assert reader.read()[kafka.interactions, 1] == Lag(end=3, committed=committed, lag=left)
    assert total_lag(group_lag(kafka, "rank")) == 0


def test_every_app_has_a_lag_and_nothing_else_has(kafka: KafkaSettings) -> None:
    for app in APPS:
        assert group_lag(kafka, app)
    with pytest.raises(KeyError):
        group_lag(kafka, "nobody")


def test_the_lag_of_a_missing_topic_is_an_error(kafka: KafkaSettings) -> None:
    with pytest.raises(TopicMismatchError, match="does not exist"):
        group_lag(replace(kafka, interactions="absent"), "rank")


def test_a_consumer_group_reads_what_an_idempotent_producer_wrote_in_order(kafka: KafkaSettings) -> None:
    written = [str(number).encode() for number in range(500)]

    async def through_a_group() -> list[bytes | None]:
        consumer = AIOKafkaConsumer(
            kafka.mentions,
            bootstrap_servers=list(kafka.brokers),
            group_id=kafka.group("contract"),
            auto_offset_reset="earliest",
            enable_auto_commit=False,
        )
        async with consumer:
            read = [(await consumer.getone()).value for _ in written]
            await consumer.commit()
            return read

    produce(kafka, kafka.mentions, 0, written)
    assert asyncio.run(asyncio.wait_for(through_a_group(), 30)) == written


@pytest.mark.parametrize("broker", ["127.0.0.1:1", "no-such-host.invalid:9092"])
def test_an_absent_broker_is_one_line_with_address_cause_and_remedy(broker: str) -> None:
    settings = KafkaSettings(brokers=(broker,))
    for ask in (lambda: topics.plan(settings, patience_s=0.5), lambda: group_lag(settings, "rank", patience_s=0.5)):
        with pytest.raises(KafkaUnreachableError) as caught:
            ask()
        assert broker in str(caught.value)
        assert "kafka.brokers" in caught.value.remedy
        assert "\n" not in str(caught.value)


def test_the_layout_keeps_what_can_still_be_needed() -> None:
    layout = {topic.name: topic for topic in desired(KafkaSettings())}
    kept = {name: int(topic.configs["retention.ms"]) for name, topic in layout.items() if "retention.ms" in topic.configs}
    assert kept["mentions"] == 2 * kept["interactions"]
    assert layout["controls"].configs["cleanup.policy"] == "compact"
    assert partition_counts(KafkaSettings()) == {
        "mentions": 6,
        "interactions": 6,
        "rankings": 6,
        "mentions.dead": 1,
        "controls": 1,
    }
