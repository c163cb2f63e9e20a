"""A broker that is silent is not taken for one that lacks a topic: the first is worth waiting for, the second is not."""

from types import SimpleNamespace
from typing import cast

import pytest
from aiokafka import AIOKafkaProducer

from streams.batch_producer import BatchProducer
from streams.kafka_failures import KafkaUnreachableError
from streams.topics import TopicMismatchError


class UnknowingProducer:
    """Knows no topic. `answers`: what its client hears when it asks the cluster, None for nothing at all."""

    def __init__(self, *, answers: bool | None) -> None:
        self._answers = answers
        cluster = SimpleNamespace(brokers=lambda: [SimpleNamespace(host="kafka-1", port=9092)])
        self.client = SimpleNamespace(cluster=cluster, force_metadata_update=self._ask)

    async def partitions_for(self, topic: str) -> set[int]:
        raise TimeoutError(topic)

    async def _ask(self) -> bool:
        if self._answers is None:
            raise TimeoutError
        return self._answers


def outlet(*, answers: bool | None) -> BatchProducer:
    return BatchProducer(cast("AIOKafkaProducer", UnknowingProducer(answers=answers)))


async def test_a_broker_that_answers_lacks_the_topic() -> None:
    with pytest.raises(TopicMismatchError, match="Topic rankings does not exist"):
        await outlet(answers=True).partitions("rankings", 6)


@pytest.mark.parametrize("answers", [False, None])
async def test_a_broker_that_does_not_answer_is_away(answers: bool | None) -> None:  # noqa: FBT001 - a parameter of the test
    with pytest.raises(KafkaUnreachableError, match="kafka-1:9092 cannot be reached: it accepts connections"):
        await outlet(answers=answers).partitions("rankings", 6)
