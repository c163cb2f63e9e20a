"""What a run stands on: topics, a database and a configuration of its own, on servers that several share."""

import uuid
from collections.abc import Mapping, Sequence
from pathlib import Path

from sinks.clickhouse.migrate import migrate
from sinks.clickhouse.warehouse import Warehouse
from sinks.clickhouse.warehouse_settings import WarehouseSettings
from streams import topics
from streams.kafka_admin import open_admin
from streams.kafka_failures import KafkaUnreachableError
from streams.kafka_settings import KafkaSettings
from streams.lag import group_lag, total_lag
from streams.topic_layout import desired, partition_counts
from tests.chaos.planted_feed import HALF_LIFE_MS, LATENESS_MS, PARTITIONS, SPAN_MS, STEP_MS, WINDOW_MS, theme_settings
from tests.chaos.servers import LOOPBACK

HOUR_MS = 3_600_000


def named_topics(broker: str, name: str) -> KafkaSettings:
    """Topics and groups that nobody else uses."""
    prefix = f"{name}-{uuid.uuid4().hex[:6]}"
    return KafkaSettings(
        brokers=(broker,),
        group_prefix=prefix,
        mentions=f"{prefix}.mentions",
        interactions=f"{prefix}.interactions",
        rankings=f"{prefix}.rankings",
        dead=f"{prefix}.mentions.dead",
        controls=f"{prefix}.controls",
        mentions_partitions=PARTITIONS,
        interactions_partitions=PARTITIONS,
        rankings_partitions=PARTITIONS,
    )


def create_topics(kafka: KafkaSettings) -> None:
    """Create them, to be kept for longer than any run lasts; `mentions` with the feed's own timestamps, which the plan knows."""
    window_ms = WINDOW_MS + SPAN_MS
    mentions = desired(kafka, window_ms=window_ms)[0]
    configs = dict(mentions.configs) | {"message.timestamp.type": "CreateTime"}
    with open_admin(kafka) as admin:
        admin.create_topics({mentions.name: {"num_partitions": PARTITIONS, "replication_factor": 1, "configs": configs}})
    topics.create(kafka, window_ms=window_ms)


def delete_topics(kafka: KafkaSettings) -> None:
    """Leave nothing on the broker."""
    with open_admin(kafka) as admin:
        admin.delete_topics(list(partition_counts(kafka)))


def empty_database(port: int, name: str) -> Warehouse:
    """A migrated, empty database of the engine on `port`."""
    warehouse = Warehouse(WarehouseSettings(host=LOOPBACK, port=port, database=name))
    drop_database(warehouse)
    migrate(warehouse)
    return warehouse


def drop_database(warehouse: Warehouse) -> None:
    """With everything in it."""
    with warehouse.in_database("default") as server:
        server.command(f"DROP DATABASE IF EXISTS {warehouse.settings.database} SYNC")


def write_config(
    directory: Path,
    kafka: KafkaSettings,
    warehouse_port: int,
    database: str,
    worker: Mapping[str, str | int],
    more: Sequence[str] = (),
) -> Path:
    """`prescribers.toml` for the workers of a run; `worker`: settings of that table; `more`: lines before all tables."""
    names = ("group_prefix", "mentions", "interactions", "rankings", "dead", "controls")
    kafka_table: dict[str, str | int] = {name: str(getattr(kafka, name)) for name in names}
    kafka_table |= {f"{topic}_partitions": PARTITIONS for topic in ("mentions", "interactions", "rankings")}
    warehouse_table = {"url": f"clickhouse://{LOOPBACK}:{warehouse_port}/{database}"}
    times = {"window": WINDOW_MS, "half_life": HALF_LIFE_MS, "step": STEP_MS, "lateness": LATENESS_MS}
    theme_table = {name: f"{value // HOUR_MS}h" for name, value in times.items()}
    silent = {"normalise_port": 0, "rank_port": 0, "store_port": 0}
    lines = [f'data_dir = "{directory / "data"}"', *more, "[kafka]", f'brokers = ["{kafka.brokers[0]}"]', *_toml(kafka_table)]
    lines += ["[clickhouse]", *_toml(warehouse_table), "[worker]", *_toml({**silent, **worker})]
    for name, settings in theme_settings().items():
        lines += [f"[themes.{name}]", *_toml(theme_table), f"shadow = {[score.words for score in settings.shadow]}"]
    path = directory / "prescribers.toml"
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path


def lags(kafka: KafkaSettings, apps: Sequence[str]) -> dict[str, int]:
    """Records still to come, of the apps that are behind; -1 where the broker does not say."""
    try:
        found = {app: total_lag(group_lag(kafka, app)) for app in apps}
    except KafkaUnreachableError:
        return dict.fromkeys(apps, -1)
    return {app: lag for app, lag in found.items() if lag}


def _toml(table: Mapping[str, str | int]) -> list[str]:
    return [f'{name} = "{value}"' if isinstance(value, str) else f"{name} = {value}" for name, value in table.items()]
