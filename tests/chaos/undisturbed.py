"""What a feed leads to where nothing goes wrong: the pure core over the same records, without Kafka, processes or faults."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from msgspec.structs import replace

from graph.dead_letter import DeadLetter
from graph.interaction import EVERY_THEME, Interaction
from graph.log_record import encode_interaction
from graph.normalise import Normaliser, Refusal
from graph.partition_state import PartitionState
from graph.theme_settings import ThemeSettings
from sinks.clickhouse.warehouse import Warehouse
from sinks.clickhouse.writer import RankingWriter
from streams.batch_producer import partition_of
from tests.chaos.planted_feed import PARTITIONS, Planted


def store_undisturbed(warehouse: Warehouse, feed: Sequence[Planted], themes: Mapping[str, ThemeSettings], topic: str) -> None:
    """Fill a migrated, empty warehouse with what the pipeline must yield for `feed` on the topic `topic`.

    One partition of `mentions` after the other: whatever the order in which the pipeline reads them, it must not matter.
    """
    logs, letters = logs_of(feed, themes, topic)
    writer = RankingWriter(warehouse)
    writer.write([], letters)
    for partition, values in logs.items():
        state = PartitionState(partition, themes)
        published = [value for _, value in state.apply(range(len(values)), values)]
        writer.write([*published, *(value for _, value in state.tallies())], [])


def logs_of(
    feed: Sequence[Planted], themes: Mapping[str, ThemeSettings], topic: str
) -> tuple[Mapping[int, list[bytes]], list[DeadLetter]]:
    """What `normalise` makes of a feed: the log of each partition of `interactions`, and the dead letters."""
    normaliser = Normaliser(tuple(themes.values()))
    by_partition: dict[int, list[Planted]] = defaultdict(list)
    for record in feed:
        by_partition[record.partition].append(record)
    logs: dict[int, list[bytes]] = defaultdict(list)
    letters: list[DeadLetter] = []
    for partition, records in sorted(by_partition.items()):
        for offset, record in enumerate(records):
            found = normaliser.normalise(record.value, record.stamp_ms, (partition, offset))
            if isinstance(found, Refusal):
                letters.append(
                    DeadLetter(
                        topic=topic,
                        partition=partition,
                        offset=offset,
                        received_at=record.stamp_ms,
                        reason=found.reason,
                        detail=found.detail,
                        payload=record.value,
                    )
                )
                continue
            for interaction in found:
                _append(logs, interaction)
    return logs, letters


def _append(logs: dict[int, list[bytes]], interaction: Interaction) -> None:
    if interaction.theme != EVERY_THEME:
        logs[partition_of(interaction.theme.encode(), PARTITIONS)].append(encode_interaction(interaction))
        return
    home = interaction.key % PARTITIONS
    for partition in range(PARTITIONS):
        logs[partition].append(encode_interaction(interaction if partition == home else replace(interaction, copy=True)))
