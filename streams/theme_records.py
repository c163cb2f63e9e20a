"""Interactions on their way to the log: acts of one theme share a record, a line each; what concerns every theme goes to all."""

from typing import Protocol

from msgspec.structs import replace

from graph.interaction import EVERY_THEME, Interaction, encode_interaction, pack_lines
from streams.batch_producer import partition_of

MOST_LINES = 64
"""Enough that a record costs its reader next to nothing a line, few enough that a reader can stop at any record."""
MOST_BYTES = 128 * 1024
"""Of a record that holds several lines."""


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
        self._lines: dict[str, list[bytes]] = {}
        self._bytes: dict[str, int] = {}

    def add(self, interaction: Interaction) -> None:
        """To the theme's partition; what concerns every theme to all of them, where it counts as one event on one."""
        theme, line = interaction.theme, encode_interaction(interaction)
        if theme == EVERY_THEME:
            self._broadcast(interaction, line)
            return
        lines = self._lines.setdefault(theme, [])
        size = self._bytes.get(theme, 0) + len(line)
        if lines and size > MOST_BYTES:
            self._send(theme, lines)
            lines, size = self._lines.setdefault(theme, []), len(line)
        lines.append(line)
        self._bytes[theme] = size
        if len(lines) == MOST_LINES:
            self._send(theme, lines)

    def close(self) -> None:
        """End every record begun."""
        for theme, lines in list(self._lines.items()):
            self._send(theme, lines)

    def _send(self, theme: str, lines: list[bytes]) -> None:
        key = theme.encode()
        self._out.append(self._topic, partition_of(key, self._partitions), key, pack_lines(lines))
        del self._lines[theme], self._bytes[theme]

    def _broadcast(self, interaction: Interaction, line: bytes) -> None:
        self.close()
        copied = encode_interaction(replace(interaction, copy=True))
        home = interaction.key % self._partitions
        for partition in range(self._partitions):
            self._out.append(self._topic, partition, EVERY_THEME.encode(), line if partition == home else copied)
