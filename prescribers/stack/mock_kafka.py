"""An in-memory Kafka cluster: librdkafka's own test cluster, from the confluent-kafka wheel, on loopback.

What works on it: idempotent producers with acks from all, consumer groups (aiokafka and Faust included), ListOffsets,
OffsetCommit and OffsetFetch, kafka-python at protocol 2.3 (`streams.broker_options.PROTOCOL`), record headers, compression.
What does not: CreateTopics and DescribeConfigs (topics are given to `start`), transactions across restarts, security, disk.
A partition keeps the newest 5 MiB or 100,000 batches, whichever is less, and drops older ones whether they were read or not; a
message over 5 MiB is accepted and may be dropped at once. So whoever produces has to wait for whoever reads.
"""

import ctypes
from collections.abc import Callable, Mapping
from types import TracebackType
from typing import Any, Self

import confluent_kafka.cimpl

from prescribers.failures import Failure

RETAINED_BYTES = 5 << 20
"""What a partition keeps, in bytes as compressed by the producer."""
REBALANCE_DELAY_MS = 200
"""How long a new group waits for further members; the test cluster's own 3 s would be felt at every start."""
_PRODUCER = 0
_pointer, _text, _int, _int32 = ctypes.c_void_p, ctypes.c_char_p, ctypes.c_int, ctypes.c_int32


class MockKafkaError(Failure):
    """The in-memory cluster cannot be had; says why."""


class MockKafka:
    """One broker, in this process. Not for production: what is not read in time, or not at all when the process ends, is gone."""

    def __init__(self) -> None:
        self._client: int | None = None
        self._cluster: int | None = None

    def start(self, topics: Mapping[str, int]) -> str:
        """Open the cluster with these topics (name to number of partitions); returns `127.0.0.1:port`."""
        if self._cluster is not None:
            raise MockKafkaError("The in-memory Kafka cluster is already running.")
        library = _library()
        call = _functions(library)
        reason = ctypes.create_string_buffer(512)
        conf = call("conf_new", _pointer)()
        call("conf_set", _int, _pointer, _text, _text, _text, ctypes.c_size_t)(conf, b"log_level", b"2", reason, len(reason))
        client = call("new", _pointer, _int, _pointer, _text, ctypes.c_size_t)(_PRODUCER, conf, reason, len(reason))
        if not client:
            raise MockKafkaError(f"The in-memory Kafka cluster does not start: {reason.value.decode(errors='replace')}")
        self._client = client
        self._cluster = call("mock_cluster_new", _pointer, _pointer, _int)(client, 1)
        if not self._cluster:
            self.stop()
            raise MockKafkaError("The in-memory Kafka cluster does not start: no port on 127.0.0.1 can be opened.")
        call("mock_group_initial_rebalance_delay_ms", None, _pointer, _int32)(self._cluster, REBALANCE_DELAY_MS)
        for name, partitions in topics.items():
            if call("mock_topic_create", _int, _pointer, _text, _int, _int)(self._cluster, name.encode(), partitions, 1):
                self.stop()
                raise MockKafkaError(f"The in-memory Kafka cluster refuses topic {name} with {partitions} partitions.")
        return str(call("mock_cluster_bootstraps", _text, _pointer)(self._cluster).decode())

    def pause(self) -> None:
        """Take the broker down: connections close, none is accepted. The log stays."""
        self._broker("mock_broker_set_down")

    def resume(self) -> None:
        """Bring the broker back on its address."""
        self._broker("mock_broker_set_up")

    def stop(self) -> None:
        """End the cluster and forget everything in it. Safe to call twice."""
        call = _functions(_library())
        cluster, self._cluster = self._cluster, None
        client, self._client = self._client, None
        if cluster:
            call("mock_cluster_destroy", None, _pointer)(cluster)
        if client:
            call("destroy", None, _pointer)(client)

    def _broker(self, function: str) -> None:
        if self._cluster is None:
            raise MockKafkaError("The in-memory Kafka cluster is not running.")
        _functions(_library())(function, _int, _pointer, _int32)(self._cluster, 1)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.stop()


def _library() -> ctypes.CDLL:
    """The librdkafka that confluent-kafka has loaded: symbols of a module's own libraries are found through the module itself.

    So no path has to be guessed: `confluent_kafka.libs/` on Linux, `.dylibs/` on macOS, the system's after a build from source.
    """
    library = ctypes.CDLL(confluent_kafka.cimpl.__file__)
    if not hasattr(library, "rd_kafka_mock_cluster_new"):
        raise MockKafkaError(
            "This build of confluent-kafka has no in-memory cluster. "
            "Install its wheel (pip install --only-binary :all: confluent-kafka), or name a broker in kafka.brokers."
        )
    return library


def _functions(library: ctypes.CDLL) -> Callable[..., Any]:
    def call(name: str, result: object, *arguments: object) -> Any:  # noqa: ANN401 - a C function of any signature
        function = getattr(library, f"rd_kafka_{name}")
        function.restype, function.argtypes = result, list(arguments)
        return function

    return call
