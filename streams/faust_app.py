"""How each of our Faust apps is made: lifecycle, group and agents are Faust's; offsets, acks and tables are not."""

from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path
from typing import Any

import faust
from faust.types import TP, StreamT
from mode.supervisors import CrashingSupervisor

from streams.batch_scheduler import BatchScheduler
from streams.core_thread import LONGEST_CALL_S
from streams.delivery import Delivery, DeliveryOrder
from streams.halt import Halt
from streams.kafka_connection import faust_credentials
from streams.kafka_settings import KafkaSettings
from streams.positioned_consumer import PositionedConsumer, Restore
from streams.work import Reading, Work

RECORDS_PER_POLL = 5000
QUEUED_BATCHES = 4
"""With the bytes of a fetch these bound what waits in memory; a larger single record still gets through."""
TakeIn = Callable[[Delivery], Awaitable[None]]
Revoked = Callable[[frozenset[TP]], Awaitable[None]]


def build_app(kafka: KafkaSettings, group: str, data: Path, reading: Reading, instance: str = "") -> faust.App:
    """An app without agents. Needs a running event loop; connects to nothing until it is started."""
    return faust.App(
        group,
        broker=[f"kafka://{broker}" for broker in kafka.brokers],
        broker_credentials=faust_credentials(kafka),
        broker_client_id=group,
        datadir=data,
        autodiscover=False,
        web_enabled=False,
        topic_disable_leader=True,
        topic_allow_declare=False,
        key_serializer="raw",
        value_serializer="raw",
        agent_supervisor=CrashingSupervisor,
        ConsumerScheduler=BatchScheduler,
        consumer_auto_offset_reset="none",
        consumer_group_instance_id=instance or None,
        consumer_max_fetch_size=reading.fetch_bytes,
        stream_buffer_maxsize=QUEUED_BATCHES,
        stream_wait_empty=False,
        stream_recovery_delay=0.0,
        broker_max_poll_records=RECORDS_PER_POLL,
        # A session of 10 s notices a killed worker soon. Heartbeats come from the consumer's own thread, whatever the work does.
        broker_session_timeout=10.0,
        broker_heartbeat_interval=2.0,
        broker_rebalance_timeout=60.0,
        broker_request_timeout=90.0,
        # What a hung app would be missed by; `streams.watchdog` does that sooner, and knows a long run from a hang.
        broker_max_poll_interval=LONGEST_CALL_S,
    )


def position_consumer(app: faust.App, restore: Restore, work: Work, order: DeliveryOrder, halt: Halt) -> None:
    """Give the app our consumer instead of Faust's."""
    transport: Any = app.transport
    transport.Consumer = partial(
        PositionedConsumer, restore=restore, keeper=work.keeper, gather=work.reading.gather, order=order, halt=halt
    )


def add_agent(app: faust.App, topics: tuple[str, ...], take_in: TakeIn) -> None:
    """One agent over whole batches. `acks=False`: Faust must not commit what it thinks is done."""
    topic = app.topic(*topics, key_serializer="raw", value_serializer="raw", acks=False)

    async def agent(stream: StreamT[Delivery]) -> None:
        async for event in stream.events():
            await take_in(event.value)

    app.agent(topic, name="batches")(agent)


def on_revoked(app: faust.App, revoked: Revoked) -> None:
    """Call `revoked` while the partitions are still ours: the group waits for it."""

    async def receive(_app: object, partitions: set[TP], **_: object) -> None:
        await revoked(frozenset(partitions))

    connect: Any = app.on_partitions_revoked.connect
    connect(receive, weak=False)
