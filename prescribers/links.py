"""Where Kafka and the warehouse are for this call: as configured, or else the local stack, started if none runs."""

from collections.abc import Callable
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from prescribers.settings import Settings
from sinks.clickhouse.warehouse_settings import WarehouseSettings, parse_warehouse_url
from streams.kafka_settings import KafkaSettings

if TYPE_CHECKING:
    from prescribers.stack.stack_addresses import StackAddresses


SHORT_LOG_BYTES = 2 << 20
SHORT_LOG_RECORDS = 40_000
"""How far a writer to the in-memory Kafka may be ahead of its reader: a partition keeps 5 MiB, compressed, and drops the rest."""


class Links:
    """Both addresses, each looked for when first asked: a command that needs only Kafka starts no warehouse.

    What is configured is taken as it is; for the rest the local stack serves, announced in one line through `say`.
    """

    def __init__(self, settings: Settings, say: Callable[[str], None]) -> None:
        self.settings = settings
        self._say = say

    @cached_property
    def kafka(self) -> KafkaSettings:
        """The brokers, and how to speak to them."""
        configured = self.settings.kafka
        return configured if configured.brokers else replace(configured, brokers=tuple(self._stack.brokers))

    @cached_property
    def warehouse(self) -> WarehouseSettings:
        """The warehouse."""
        return self.settings.warehouse or parse_warehouse_url(self._stack.clickhouse_url)

    @property
    def short_log(self) -> bool:
        """Whether Kafka is the local stack's, which forgets what is not read soon."""
        return not self.settings.kafka.brokers

    @property
    def own_warehouse(self) -> bool:
        """Whether it is the local stack's: ours to migrate without asking."""
        return self.settings.warehouse is None

    @property
    def state_dir(self) -> Path:
        """For snapshots. The in-memory Kafka forgets its log when it ends, so its readers' snapshots live and die with it."""
        return self.settings.state_dir if self.settings.kafka.brokers else self._stack.state_dir

    @property
    def snapshot_url(self) -> str:
        """Where snapshots go instead; empty for the state directory, as where they die with the log."""
        return "" if self.short_log else self.settings.snapshot_url

    def stack_missing(self) -> bool:
        """Whether the local stack would be needed and does not run; unlike asking for an address, this starts nothing."""
        from prescribers.stack.local_stack import find_stack

        settings = self.settings
        return not (settings.kafka.brokers and settings.warehouse) and find_stack(settings.data_dir) is None

    def assignments(self) -> tuple[str, ...]:
        """What tells a child process of the links that were used: settings that are not in its file or environment."""
        found: list[str] = []
        if "kafka" in self.__dict__ and not self.settings.kafka.brokers:
            found += [f"kafka.brokers={','.join(self.kafka.brokers)}", f"state_dir={self.state_dir}"]
            found += ["snapshot_url="]
            found += [f"worker.ahead_bytes={SHORT_LOG_BYTES}"]
        if "warehouse" in self.__dict__ and self.own_warehouse:
            found.append(f"clickhouse.url={self._stack.clickhouse_url}")
        return tuple(found)

    @cached_property
    def _stack(self) -> "StackAddresses":
        from prescribers.stack.local_stack import ensure_stack

        return ensure_stack(self.settings.data_dir, self.settings.kafka, say=self._say)
