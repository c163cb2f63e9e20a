"""The limit: aiokafka's `getmany` and msgspec's decode of the same topic, and nothing else."""

import asyncio

from aiokafka import AIOKafkaConsumer

from graph.log_record import decode_records
from streams.kafka_settings import KafkaSettings

RECORDS_PER_POLL = 5_000
WAIT_MS = 100


def run_bare_rank(kafka: KafkaSettings) -> None:
    """Reads and decodes until the process is ended; commits whenever it has caught up."""
    asyncio.run(_read(kafka))


async def _read(kafka: KafkaSettings) -> None:
    consumer = AIOKafkaConsumer(
        kafka.interactions,
        bootstrap_servers=list(kafka.brokers),
        group_id=kafka.group("rank"),
        enable_auto_commit=False,
        auto_offset_reset="earliest",
        max_partition_fetch_bytes=4 << 20,
    )
    await consumer.start()
    ahead = False
    while True:
        batches = await consumer.getmany(timeout_ms=WAIT_MS, max_records=RECORDS_PER_POLL)
        for records in batches.values():
            decode_records([record.value for record in records])
        if batches:
            ahead = True
        elif ahead:
            await consumer.commit()
            ahead = False
