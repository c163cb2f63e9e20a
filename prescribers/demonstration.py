"""The demonstration: a simulated conversation through the whole pipeline on a local stack, stage by stage."""

import time
from collections.abc import Callable
from pathlib import Path

import orjson

from prescribers.conversation_file import truth_file, write_conversation
from prescribers.failures import Failure, RefusedFailure
from prescribers.invocation import Invocation
from prescribers.links import Links
from prescribers.settings import bare_environment
from prescribers.simulation import SimulationSettings, Truth, simulate, truth
from prescribers.warehouse_ranking import WarehouseRanking, warehouse_ranking

THEME = "demo"
STEP = "1d"
"""A ranking a day: 75 days of rankings an hour apart would be 1,800 of them, for nobody to look at."""
CONFIG = f"""# Written by `prescribers demo`.
data_dir = "."

[worker]
normalise_port = 0
rank_port = 0
store_port = 0
checkpoint = "2s"

[themes.{THEME}]
step = "{STEP}"
"""


class Demonstration:
    """One run in a directory. Nothing of the caller's configuration is used; everything stays in the directory."""

    def __init__(self, directory: Path, events: int, seed: int, say: Callable[[str], None]) -> None:
        self.directory = directory.absolute()
        self.config = self.directory / "prescribers.toml"
        self.mentions = self.directory / "mentions.jsonl"
        self._simulation = SimulationSettings(events=events, seed=seed, theme=THEME)
        self._say = say
        self._started = time.monotonic()
        self._links: Links | None = None

    def run(self) -> tuple[WarehouseRanking, Truth]:
        """Simulate, start the stack, feed, drain, read back. Raises `Failure` naming the stage that failed."""
        if self.config.exists():
            raise RefusedFailure(f"{self.directory} holds a demonstration already. Choose another directory, or remove it first")
        try:
            self.directory.mkdir(parents=True, exist_ok=True)
            self.config.write_text(CONFIG, "utf-8")
        except OSError as error:
            raise Failure(
                f"{self.directory} cannot be written: {(error.strerror or str(error)).lower()}. Choose another"
            ) from error
        planted = self._simulate()
        links = self._links = Links(self._invocation().settings(environ={}), lambda _: None)
        self._stage(f"Kafka {', '.join(links.kafka.brokers)} in memory, warehouse {links.warehouse.address} on disk")
        self._feed(links)
        self._drain(links)
        return self._read(links), planted

    def stop(self) -> None:
        """End the stack; its files stay."""
        from prescribers.stack.local_stack import stop_stack

        if self._links is not None:
            stop_stack(self._links.settings.data_dir)

    @property
    def seconds(self) -> float:
        """Time since the start."""
        return time.monotonic() - self._started

    def _invocation(self) -> Invocation:
        return Invocation(config=str(self.config))

    def _simulate(self) -> Truth:
        planted = truth(self._simulation)
        write_conversation(self.mentions, simulate(self._simulation))
        truth_file(self.mentions).write_bytes(orjson.dumps(planted, option=orjson.OPT_INDENT_2))
        self._stage(f"{self._simulation.events:,} events of a simulated conversation")
        return planted

    def _feed(self, links: Links) -> None:
        from streams.feed import feed

        fed = feed([str(self.mentions)], links.kafka, close=True)
        self._stage(f"{fed.sent:,} events fed to Kafka, acknowledged")

    def _drain(self, links: Links) -> None:
        from prescribers.idleness import ORDER
        from prescribers.work import lay_ground, work

        lay_ground(ORDER, links, lambda _: None)
        flags = self._invocation().flags(links.assignments())
        status = work(ORDER, links, flags, until_idle=True, say=lambda _: None, environ=bare_environment())
        if status:
            raise Failure(f"The worker ended with status {status}; its lines above say why. Data: {self.directory}")
        self._stage("normalised, ranked and stored")

    def _read(self, links: Links) -> WarehouseRanking:
        from sinks.clickhouse.warehouse import Warehouse

        warehouse = Warehouse(links.warehouse)
        found = warehouse_ranking(warehouse, THEME, None, None)
        warehouse.close()
        if found is None:
            raise Failure("The pipeline ran, but no ranking reached the warehouse; see the lines above")
        return found

    def _stage(self, done: str) -> None:
        self._say(f"{self.seconds:5.1f} s  {done}")
