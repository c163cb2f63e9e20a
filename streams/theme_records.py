"""Interactions on their way to the log's partitions: a theme's acts to its own, what concerns every theme to all."""

from typing import Protocol

from msgspec.structs import replace

from graph.interaction import EVERY_THEME, Interaction
from graph.log_record import encode_interaction
from graph.packing import Packing
from streams.batch_producer import partition_of


class Outlet(Protocol):
    """The part of a `BatchProducer` that lays records out."""

    def append(self, topic: str, partition: int, key: bytes, value: bytes, /) -> None:
        """Add one record for a partition, in order."""


class ThemeRecords:
    """Lays records out, to be flushed. A theme's acts keep their order, and none passes a record that concerns every theme."""

    def __init__(self, out: Outlet, topic: str, partitions: int) -> None:
        self._out = out
        self._topic = topic
        self._partitions = partitions
        packing = Packing(self._lay_out)
        self.add, self.close = packing.add, packing.close

    def _lay_out(self, act: Interaction, record: bytes) -> None:
        """What concerns every theme counts as one event on one partition, and is a copy on all others."""
        key = act.theme.encode()
        if act.theme != EVERY_THEME:
            self._out.append(self._topic, partition_of(key, self._partitions), key, record)
            return
        copied = encode_interaction(replace(act, copy=True))
        home = act.key % self._partitions
        for partition in range(self._partitions):
            self._out.append(self._topic, partition, key, record if partition == home else copied)
