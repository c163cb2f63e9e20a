"""One set of Kafka settings in the dialects of the two client libraries used outside the Faust apps."""

import logging
from collections.abc import Callable
from typing import Any

from confluent_kafka import KafkaError

from streams.kafka_settings import KafkaSettings

PATIENCE_S = 10.0
"""How long a command waits for a broker's first answer before it says that there is none."""
PROTOCOL = (2, 3)
"""Kafka 2.3's protocol: Kafka 4 still speaks it, and it is the newest that the local stack's in-memory cluster understands."""


def kafka_python_options(settings: KafkaSettings, patience_s: float = PATIENCE_S) -> dict[str, Any]:
    """Keyword arguments for kafka-python's admin client and consumer."""
    _silence("kafka")
    options: dict[str, Any] = {
        "bootstrap_servers": list(settings.brokers),
        "client_id": settings.group_prefix,
        "api_version": PROTOCOL,
        "security_protocol": settings.security_protocol,
        "bootstrap_timeout_ms": int(patience_s * 1000),
        "request_timeout_ms": int(patience_s * 1000),
    }
    if settings.security_protocol.startswith("SASL"):
        options |= {
            "sasl_mechanism": settings.sasl_mechanism,
            "sasl_plain_username": settings.sasl_username,
            "sasl_plain_password": settings.sasl_password.value,
        }
    if settings.ca_file:
        options["ssl_cafile"] = settings.ca_file
    return options


def librdkafka_options(settings: KafkaSettings, on_error: Callable[[KafkaError], None]) -> dict[str, Any]:
    """Configuration for confluent-kafka. Its own log is silenced; what goes wrong reaches `on_error` from `poll` and `flush`."""
    options: dict[str, Any] = {
        "bootstrap.servers": ",".join(settings.brokers),
        "client.id": settings.group_prefix,
        "security.protocol": settings.security_protocol,
        "error_cb": on_error,
        "log_level": 0,
    }
    if settings.security_protocol.startswith("SASL"):
        options |= {
            "sasl.mechanism": settings.sasl_mechanism,
            "sasl.username": settings.sasl_username,
            "sasl.password": settings.sasl_password.value,
        }
    if settings.ca_file:
        options["ssl.ca.location"] = settings.ca_file
    return options


def _silence(name: str) -> None:
    """Keep a library's warnings off stderr where no log is configured; where one is, they still reach it."""
    logger = logging.getLogger(name)
    if not logger.handlers:
        logger.addHandler(logging.NullHandler())
