"""kafka-python's admin connection, opened with bounded patience, its failures told in our words."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from kafka.admin import KafkaAdminClient
from kafka.errors import KafkaError

from streams.broker_options import PATIENCE_S, kafka_python_options
from streams.kafka_failures import cause_of_silence, knock, unreachable
from streams.kafka_settings import KafkaSettings

KNOCK_PAUSE_S = 0.2


def open_admin(settings: KafkaSettings, patience_s: float = PATIENCE_S) -> KafkaAdminClient:
    """A connection that has found a broker. Raises `KafkaUnreachableError` after `patience_s`."""
    # Its constructor leaves a thread and sockets behind when it fails, so a closed port is found out without it.
    deadline = time.monotonic() + patience_s
    while silence := knock(settings):
        if time.monotonic() > deadline:
            raise unreachable(settings.brokers, silence)
        time.sleep(KNOCK_PAUSE_S)
    try:
        return KafkaAdminClient(**kafka_python_options(settings, patience_s))
    except KafkaError as error:
        raise unreachable(settings.brokers, cause_of_silence(settings)) from error


@contextmanager
def told(settings: KafkaSettings) -> Iterator[None]:
    """Turn what kafka-python raises inside into `KafkaUnreachableError`."""
    try:
        yield
    except KafkaError as error:
        refused = "refused" in (silence := cause_of_silence(settings))
        raise unreachable(settings.brokers, silence if refused else str(error)) from error
