"""Where the log is short nobody runs ahead of its reader; where keys go is where every Kafka client would put them."""

from collections.abc import Collection, Mapping

import pytest
from aiokafka import TopicPartition

from streams.batch_producer import partition_of
from streams.pace import Pace

TP0 = TopicPartition("interactions", 0)


class FakeReader:
    def __init__(self, *answers: int) -> None:
        self.answers = list(answers)

    async def committed(self, partitions: Collection[TopicPartition]) -> Mapping[TopicPartition, int]:
        return {tp: self.answers.pop(0) for tp in partitions} if self.answers else {}

    async def close(self) -> None: ...


async def no_sleep(_seconds: float) -> None: ...


async def test_it_admits_up_to_the_limit_and_then_waits_for_the_reader() -> None:
    reader = FakeReader(-1, 0, 10)
    pace = Pace(reader, 100, sleep=no_sleep)
    await pace.admit(TP0, 60)
    pace.sent(TP0, 0, 10, 60)
    await pace.admit(TP0, 40)
    pace.sent(TP0, 10, 10, 40)
    await pace.admit(TP0, 1)
    assert reader.answers == []
    assert not pace.holding


async def test_what_the_log_held_at_the_start_counts_as_the_whole_limit() -> None:
    reader = FakeReader(49, 50)
    pace = Pace(reader, 100, sleep=no_sleep)
    pace.sent(TP0, 50, 1, 5)
    await pace.admit(TP0, 5)
    assert reader.answers == []


async def test_a_batch_larger_than_the_limit_passes_when_nothing_is_ahead() -> None:
    pace = Pace(FakeReader(), 100, sleep=no_sleep)
    await pace.admit(TP0, 1000)


@pytest.mark.parametrize(
    ("key", "expected"),
    # Reference values of org.apache.kafka.common.utils.Utils.murmur2, from Kafka's own UtilsTest.
    [(b"21", -973932308), (b"foobar", -790332482), (b"a-little-bit-long-string", -985981536), (b"abc", 479470107)],
)
def test_keys_go_where_kafkas_default_partitioner_puts_them(key: bytes, expected: int) -> None:
    assert partition_of(key, 1000) == (expected & 0x7FFFFFFF) % 1000
