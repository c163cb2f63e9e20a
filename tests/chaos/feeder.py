"""Sends a planned feed at a given pace, acknowledged by all replicas, whatever becomes of the broker meanwhile."""

import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence

from confluent_kafka import KafkaError as DeliveryError
from confluent_kafka import Message, Producer

from streams.kafka_settings import KafkaSettings
from tests.chaos.planted_feed import Planted

GIVE_UP_S = 600.0
Pace = Callable[[int], bool]
"""Whether the record of this number may go now."""


def steady(records: int, seconds: float) -> Pace:
    """Evenly over so many seconds, from the first question on."""
    begun: list[float] = []

    def may_go(number: int) -> bool:
        begun[:] = begun or [time.monotonic()]
        return time.monotonic() >= begun[0] + seconds * number / records

    return may_go


class Feeder(threading.Thread):
    """`failures` stays empty where every record lies where it was planned: partition by partition, from offset 0 on."""

    def __init__(self, kafka: KafkaSettings, feed: Sequence[Planted], pace: Pace) -> None:
        super().__init__(name="feeder", daemon=True)
        self._topic = kafka.mentions
        self._feed = feed
        self._pace = pace
        self._acknowledged: Counter[int] = Counter()
        self.failures: list[str] = []
        self._hurried = threading.Event()
        self._producer = Producer(
            {
                "bootstrap.servers": ",".join(kafka.brokers),
                "acks": "all",
                "enable.idempotence": True,
                "message.timeout.ms": int(GIVE_UP_S * 1000),
                "linger.ms": 20,
                "log_level": 0,
            }
        )

    def hurry(self) -> None:
        """Send what is left at once."""
        self._hurried.set()

    def run(self) -> None:
        """Until all is acknowledged."""
        for number, record in enumerate(self._feed):
            while not (self._hurried.is_set() or self._pace(number)):
                self._producer.poll(0.01)
            self._producer.produce(
                self._topic, record.value, partition=record.partition, timestamp=record.stamp_ms, on_delivery=self._delivered
            )
        if self._producer.flush(GIVE_UP_S):
            self.failures.append("some records were never acknowledged")

    def _delivered(self, error: DeliveryError | None, message: Message) -> None:
        partition = message.partition() or 0
        if error is not None or message.offset() != self._acknowledged[partition]:
            self.failures.append(f"a record of partition {partition} is at {message.offset()}: {error}")
        self._acknowledged[partition] += 1
