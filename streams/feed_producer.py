"""The producer of a feed: idempotent, acks from all replicas, bounded memory."""

from collections.abc import Callable
from types import TracebackType
from typing import Any, Self

from confluent_kafka import KafkaError, KafkaException, Producer

from streams.broker_options import PATIENCE_S, librdkafka_options
from streams.kafka_failures import FeedError, plain_cause, unreachable
from streams.kafka_settings import KafkaSettings
from streams.topic_layout import MAX_MESSAGE_BYTES
from streams.topics import TopicMismatchError

DELIVERY_TIMEOUT_MS = 120_000
# Public names, for all their underscore: librdkafka's own errors are spelt so.
ALL_DOWN: int = KafkaError._ALL_BROKERS_DOWN  # noqa: SLF001
NO_ANSWER: tuple[int, ...] = (ALL_DOWN, KafkaError._MSG_TIMED_OUT, KafkaError._TRANSPORT, KafkaError._TIMED_OUT)  # noqa: SLF001
Headers = list[tuple[str, str | bytes | None]]
OPTIONS: dict[str, Any] = {
    "enable.idempotence": True,
    "acks": "all",
    "partitioner": "murmur2_random",
    "compression.type": "zstd",
    "linger.ms": 20,
    "batch.size": 1 << 20,
    "batch.num.messages": 20_000,
    "message.max.bytes": MAX_MESSAGE_BYTES,
    "queue.buffering.max.messages": 100_000,
    "queue.buffering.max.kbytes": 128 << 10,
    "message.timeout.ms": DELIVERY_TIMEOUT_MS,
}


class FeedProducer:
    """Sends to one topic. The order within a key is kept, and no retry doubles a message."""

    def __init__(self, settings: KafkaSettings, topic: str, *, patience_s: float = PATIENCE_S) -> None:
        self._settings = settings
        self._topic = topic
        self._said = ""
        self._producer = Producer(librdkafka_options(settings, self._on_error) | OPTIONS)
        self._find(patience_s)

    def send(
        self,
        value: bytes,
        key: bytes | None,
        delivered: Callable[..., None],
        headers: Headers | None = None,
        partition: int = -1,
    ) -> None:
        """Hand a message over, waiting while the buffer is full. `poll` and `flush` call `delivered(error, message)`."""
        while True:
            try:
                self._producer.produce(self._topic, value, key, partition, delivered, headers=headers)
            except BufferError:
                self._producer.poll(0.1)
            except KafkaException as error:
                raise FeedError(f"Kafka refuses a message: {plain_cause(error.args[0].str())}.") from error
            else:
                return

    def poll(self) -> None:
        """Deliver the reports that have come."""
        self._producer.poll(0)

    def flush(self, timeout_s: float) -> int:
        """Wait for reports; returns how many are still missing."""
        return int(self._producer.flush(timeout_s))

    def __len__(self) -> int:
        """Messages handed over and not reported yet."""
        return len(self._producer)

    def undelivered(self, error: KafkaError, what: str) -> Exception:
        """The exception for a message that was given up: nobody answered in time, or the broker does not want it."""
        if error.code() in NO_ANSWER:
            return unreachable(self._settings.brokers, self._said or plain_cause(error.str()))
        return FeedError(f"Kafka refuses {what}: {plain_cause(error.str())}. What was acknowledged before it is kept.")

    def _find(self, patience_s: float) -> None:
        """Ask after the topic, so that a cluster that does not let us in is known before the first line is read."""
        try:
            found = self._producer.list_topics(self._topic, timeout=patience_s).topics[self._topic]
        except KafkaException as error:
            self._producer.poll(0)
            raise unreachable(self._settings.brokers, self._said or plain_cause(error.args[0].str())) from error
        if found.error is not None or not found.partitions:
            raise TopicMismatchError(self._topic, has=0, wants=0)

    def _on_error(self, error: KafkaError) -> None:
        # "All brokers are down" follows the reason and says less than it.
        if error.code() != ALL_DOWN:
            self._said = plain_cause(error.str())

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if error is not None:
            self._producer.purge()
        self._producer.flush(1)
