"""Reaching Kafka with aiokafka and with Faust: credentials in their dialects, and a first connection that gives up in time."""

import asyncio
import ssl
import time
from collections.abc import Collection, Mapping
from contextlib import suppress
from typing import Any

import faust
from aiokafka import AIOKafkaProducer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError
from faust.types.auth import CredentialsT

from streams.batch_producer import BatchProducer
from streams.kafka_failures import cause_of_silence, unreachable
from streams.kafka_settings import KafkaSettings
from streams.lag import topics_of
from streams.pace import Pace
from streams.run_settings import RunSettings

BATCH_BYTES = 512 * 1024
"""Below the 1 MB that a broker takes by default, so that only a record larger than this needs a larger limit."""
REQUEST_BYTES = 16 * 1024 * 1024


async def open_outlet(run: RunSettings, *readers: str) -> BatchProducer:
    """What an app writes through. `readers`: the apps that read it, whom it must not outrun where `run.ahead_bytes` is set.

    Raises `KafkaUnreachableError` where Kafka does not answer within `run.patience_s`.
    """
    producer = await _connect_producer(run.kafka, time.monotonic() + run.patience_s)
    if run.ahead_bytes is None:
        return BatchProducer(producer)
    admin = AIOKafkaAdminClient(bootstrap_servers=list(run.kafka.brokers), **_aiokafka_security(run.kafka))
    await admin.start()
    groups = {topic: run.kafka.group(reader) for reader in readers for topic in topics_of(run.kafka, reader)}
    return BatchProducer(producer, Pace(GroupReader(admin, groups), run.ahead_bytes))


class GroupReader:
    """Reads committed offsets of consumer groups without joining them. `groups`: who reads, by topic."""

    def __init__(self, admin: AIOKafkaAdminClient, groups: Mapping[str, str]) -> None:
        self._admin = admin
        self._groups = groups

    async def committed(self, partitions: Collection[TopicPartition]) -> Mapping[TopicPartition, int]:
        """Nothing where the brokers do not say at the moment: the one who asks will ask again."""
        found: dict[TopicPartition, int] = {}
        for group in set(self._groups.values()):
            wanted = [tp for tp in partitions if self._groups.get(tp.topic) == group]
            with suppress(KafkaError):
                told = await self._admin.list_consumer_group_offsets(group, partitions=wanted) if wanted else {}
                found |= {tp: position.offset for tp, position in told.items()}
        return found

    async def close(self) -> None:
        """Disconnect."""
        await self._admin.close()


async def _connect_producer(kafka: KafkaSettings, deadline: float) -> AIOKafkaProducer:
    while True:
        producer = AIOKafkaProducer(
            bootstrap_servers=list(kafka.brokers),
            client_id=kafka.group_prefix,
            acks="all",
            enable_idempotence=True,
            compression_type="zstd",
            max_batch_size=BATCH_BYTES,
            max_request_size=REQUEST_BYTES,
            **_aiokafka_security(kafka),
        )
        try:
            await asyncio.wait_for(producer.start(), max(1.0, deadline - time.monotonic()))
        except (KafkaError, OSError, TimeoutError) as error:
            await producer.stop()
            if time.monotonic() >= deadline:
                cause = await asyncio.to_thread(cause_of_silence, kafka)
                raise unreachable(kafka.brokers, cause) from error
            await asyncio.sleep(0.5)
        else:
            return producer


def faust_credentials(kafka: KafkaSettings) -> CredentialsT | None:
    """What Faust's setting `broker_credentials` takes; None for a plain connection."""
    if kafka.security_protocol.startswith("SASL"):
        return faust.SASLCredentials(
            username=kafka.sasl_username,
            password=kafka.sasl_password.value,
            mechanism=kafka.sasl_mechanism,
            ssl_context=_tls(kafka),
        )
    return faust.SSLCredentials(_tls(kafka)) if kafka.security_protocol == "SSL" else None


def _aiokafka_security(kafka: KafkaSettings) -> dict[str, Any]:
    options: dict[str, Any] = {"security_protocol": kafka.security_protocol, "ssl_context": _tls(kafka)}
    if kafka.security_protocol.startswith("SASL"):
        options |= {
            "sasl_mechanism": kafka.sasl_mechanism,
            "sasl_plain_username": kafka.sasl_username,
            "sasl_plain_password": kafka.sasl_password.value,
        }
    return options


def _tls(kafka: KafkaSettings) -> ssl.SSLContext | None:
    if not kafka.security_protocol.endswith("SSL"):
        return None
    return ssl.create_default_context(cafile=kafka.ca_file or None)
