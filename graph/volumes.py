"""What a snapshot holds of a log's rows: closed volumes, written once under the name of their content, and the rows after them.

Volumes are cut by the number of a row since the theme began, so they are the same whenever, and by whomever, a snapshot is taken.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

import msgspec
import numpy as np

from graph.keys import digest_hex

VOLUME = 65_536
"""Rows: about 2 MB, so that few files hold a large window, and a change of an old row costs little to write again."""
_NAME_BYTES = 16


class RowColumns(msgspec.Struct, array_like=True):
    """Neighbouring rows: `times` (int64, ms), `columns` of the log as bytes, `aliases` (keys, rows from the first of these)."""

    times: bytes
    columns: list[bytes]
    aliases: tuple[bytes, bytes]
    blocks: list[bytes]

    @property
    def oldest_ms(self) -> int:
        """Time of the oldest of them; there is one."""
        return int(np.frombuffer(self.times, dtype=np.int64).min())


@dataclass(slots=True)
class Shelf:
    """The volumes of one snapshot: `named` all of them, `new` the content of those that are not among the `present` ones."""

    present: frozenset[str] = frozenset()
    named: dict[str, None] = field(default_factory=dict)
    new: dict[str, bytes] = field(default_factory=dict)

    def holds(self, name: str | None) -> bool:
        """Whether a volume need not be written."""
        return name is not None and name in self.present

    def put(self, rows: RowColumns) -> str:
        """The name of these rows, which are to be written where they are not there yet."""
        content = msgspec.msgpack.encode(rows)
        name = volume_name(content)
        if name not in self.present:
            self.new[name] = content
        return name


class Names:
    """Names of volumes, by number, whose rows have not changed since they were named; of each the time of its oldest row, ms."""

    __slots__ = ("_known",)

    def __init__(self) -> None:
        self._known: dict[int, tuple[str, int]] = {}

    def of(self, number: int) -> str | None:
        """None where it must be named anew."""
        return self._known.get(number, (None, 0))[0]

    def enter(self, number: int, name: str, oldest_ms: int) -> None:
        """A volume was named, or loaded."""
        self._known[number] = name, oldest_ms

    def touch(self, rows: Iterable[int] | None) -> None:
        """Some rows, by number since the theme began, have changed; None: any may have."""
        numbers = list(self._known) if rows is None else {row // VOLUME for row in rows}
        for number in numbers:
            self._known.pop(number, None)

    def forget(self, number: int) -> None:
        """The rows of all volumes before this one are gone, and perhaps some of its own."""
        for known in [known for known in self._known if known <= number]:
            del self._known[known]

    def rebase(self, base_ms: int) -> None:
        """Times before the base read as the base from now on."""
        for known in [known for known, (_, oldest_ms) in self._known.items() if oldest_ms < base_ms]:
            del self._known[known]


def volume_name(content: bytes) -> str:
    """By which a volume is known, and by which it is known to be whole."""
    return digest_hex(content, _NAME_BYTES)
