"""Sends a planned feed at a steady rate, acknowledged by all replicas, whatever becomes of the broker meanwhile."""

import threading
import time
from collections import Counter
from collections.abc import Sequence

from confluent_kafka import KafkaError as DeliveryError
from confluent_kafka import Message, Producer

from streams.kafka_settings import KafkaSettings
from tests.chaos.planted_feed import Planted

GIVE_UP_S = 600.0


class Feeder(threading.Thread):
    """`failures` stays empty where every record lies where it was planned: partition by partition, from offset 0 on."""

    def __init__(self, kafka: KafkaSettings, feed: Sequence[Planted], seconds: float) -> None:
        super().__init__(name="feeder", daemon=True)
        self._topic = kafka.mentions
        self._feed = feed
        self._seconds = seconds
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
        start = time.monotonic()
        for number, record in enumerate(self._feed):
            due = start + self._seconds * number / len(self._feed)
            while not self._hurried.is_set() and (early := due - time.monotonic()) > 0:
                self._producer.poll(min(early, 0.1))
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
