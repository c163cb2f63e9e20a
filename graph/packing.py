"""Acts on their way to the log: those of one theme share a record, and none passes what concerns every theme."""

from collections.abc import Callable, Iterable

from graph.interaction import EVERY_THEME, Interaction
from graph.log_record import SIGNALS, encode_interaction, encode_interactions

MOST_ACTS = 64
"""Enough that a record costs its reader next to nothing an act, few enough that a reader can stop at any record."""
MOST_BYTES = 128 * 1024
"""Of a record that holds several acts."""
ROOM = 512
"""Most that an act is longer in the log than the event it comes from."""
Emit = Callable[[Interaction, bytes], None]


class Packing:
    """Gives each record to `emit` as it is full, with an act of it; `close` ends those begun. A theme's acts keep their order."""

    def __init__(self, emit: Emit) -> None:
        self._emit = emit
        self._begun: dict[str, list[Interaction]] = {}
        self._bytes: dict[str, int] = {}

    def add(self, act: Interaction, size: int = 0) -> None:
        """One act more. `size`: bytes of the event it comes from, so that no record grows beyond what a broker takes."""
        theme = act.theme
        if theme == EVERY_THEME or act.kind in SIGNALS:
            self.close()
            self._emit(act, encode_interaction(act))
            return
        size += ROOM
        acts = self._begun.get(theme)
        if acts is not None and self._bytes[theme] + size > MOST_BYTES:
            self._end(theme)
            acts = None
        if acts is None:
            acts = self._begun[theme] = []
            self._bytes[theme] = 0
        acts.append(act)
        self._bytes[theme] += size
        if len(acts) == MOST_ACTS:
            self._end(theme)

    def close(self) -> None:
        """End every record begun."""
        for theme in list(self._begun):
            self._end(theme)

    def _end(self, theme: str) -> None:
        acts = self._begun.pop(theme)
        self._emit(acts[0], encode_interactions(acts))


def packed(acts: Iterable[Interaction]) -> list[bytes]:
    """The records of acts that go to no broker, so that nothing bounds their bytes but the number of acts."""
    records: list[bytes] = []
    packing = Packing(lambda _, record: records.append(record))
    for act in acts:
        packing.add(act)
    packing.close()
    return records
