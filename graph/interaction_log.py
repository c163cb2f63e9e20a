"""The rows of a theme's graph, in order of arrival: 21 bytes each, found by key, dropped a segment at a time.

A row is one act toward one actor, or an act toward nobody (target -1). An event's first row is its primary one and
stands in the index; the rows of its other targets follow it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import msgspec
import numpy as np
from numpy.typing import NDArray

from graph.aliases import Aliases
from graph.growing import grown
from graph.key_index import ABSENT, KeyIndex
from graph.references import BLOCK, Columns, References
from graph.times import Times
from graph.volumes import VOLUME, Names, RowColumns, Shelf

SEGMENT = 4 * BLOCK
"""Rows are forgotten this many at once, when the newest of them has expired."""
KIND_MASK = 0x0F
FLAGS_MASK = 0xFF
OWN = 0x10
"""The row counts as an own message of its author."""
SECONDARY = 0x20
UNDONE = 0x40
TIME_SHIFT = 8
NOBODY = -1
COLUMNS = ("flags", "src", "dst", "keys")


@dataclass(frozen=True, slots=True)
class Rows:
    """Columns of new rows, shape (n,) each. `message_keys` is 0 where the row is no message, or not its event's primary row."""

    stamps: NDArray[np.int64]
    """ms << 8 | flags | kind."""
    src: NDArray[np.int32]
    dst: NDArray[np.int32]
    keys: NDArray[np.uint64]
    message_keys: NDArray[np.uint64]
    object_ids: list[str]
    urls: list[str]


class InteractionLog:
    """Columns by position. `first` is the position of the oldest row kept; those before it wait for `_compact`."""

    __slots__ = (
        *("_aliases", "_index", "_names", "_origin", "dst", "first", "flags"),
        *("keys", "references", "size", "src", "times"),
    )

    def __init__(self) -> None:
        self.first = 0
        self.size = 0
        self.times = Times()
        self.flags: NDArray[np.uint8] = np.zeros(0, dtype=np.uint8)
        """Kind code and OWN, SECONDARY, UNDONE."""
        self.src: NDArray[np.int32] = np.zeros(0, dtype=np.int32)
        self.dst: NDArray[np.int32] = np.zeros(0, dtype=np.int32)
        self.keys: NDArray[np.uint64] = np.zeros(0, dtype=np.uint64)
        self.references = References()
        self._index = KeyIndex()
        self._aliases = Aliases()
        self._origin = 0
        """How many rows came before position 0: numbers of rows since the theme began are counted so."""
        self._names = Names()

    def __len__(self) -> int:
        return self.size - self.first

    @property
    def aliased(self) -> bool:
        """Whether any message goes by another key than that of its event."""
        return self._aliases.count > 0

    def find_events(self, keys: NDArray[np.uint64]) -> NDArray[np.int64]:
        """Primary rows of events by key, -1 where absent."""
        return self._index.find(keys, self.keys, self.first)

    def find_new_messages(self, keys: NDArray[np.uint64], event_keys: NDArray[np.uint64]) -> NDArray[np.int64]:
        """A row of the message of each event that is absent: most go by the key of their event, so few need a look."""
        rows = np.full(keys.size, ABSENT, dtype=np.int64)
        other = np.flatnonzero(keys != event_keys)
        rows[other] = self.find_events(keys[other])
        return np.where(rows == ABSENT, self.find_others(keys), rows)

    def rows_of_messages(self, keys: Sequence[int]) -> list[NDArray[np.int64]]:
        """Every row, secondary ones included, that the events of each message earned; one pass for all of distinct `keys`."""
        wanted = np.array(keys, dtype=np.uint64)
        heads = {key: [row] if row != ABSENT else [] for key, row in zip(keys, self.find_events(wanted).tolist(), strict=True)}
        for key, row in self._aliases.all_rows(wanted):
            heads[key].append(row)
        return [self._rows_below(heads[key]) for key in keys]

    def _rows_below(self, heads: list[int]) -> NDArray[np.int64]:
        rows = {row for head in heads if head >= self.first for row in self.event_rows(head)}
        return np.array(sorted(rows), dtype=np.int64)

    def append(self, new: Rows) -> int:
        """Add rows whose primary keys are absent and distinct; returns the position of the first."""
        start, end = self.size, self.size + new.stamps.size
        self.times.put(start, new.stamps >> TIME_SHIFT)
        flags = (new.stamps & FLAGS_MASK).astype(np.uint8)
        self._reserve(end)
        for name, values in zip(COLUMNS, (flags, new.src, new.dst, new.keys), strict=True):
            getattr(self, name)[start:end] = values
        self.size = end
        primary = np.flatnonzero((new.stamps & SECONDARY) == 0)
        self._index.add(new.keys[primary], primary + start, self.keys)
        other = np.flatnonzero((new.message_keys != 0) & (new.message_keys != new.keys))
        if other.size:
            self._aliases.add(new.message_keys[other], other + start)
        self.references.extend(new.object_ids, new.urls)
        return start

    def forget(self, cutoff_ms: int) -> int:
        """Drop whole leading segments in which every row is at or before `cutoff_ms`; returns how many rows went."""
        before = self.first
        while self.size - self.first >= SEGMENT and self.times.at(slice(self.first, self.first + SEGMENT)).max() <= cutoff_ms:
            self.first += SEGMENT
            self._names.forget((self._origin + self.first) // VOLUME)
            self.references.drop_blocks(SEGMENT // BLOCK)
        dropped = self.first - before
        if self.first > self.size // 4:
            self._compact()
        return dropped

    def references_of(self, rows: NDArray[np.int64]) -> Columns:
        """Ids and URLs of the messages of some rows: those of their event's primary row where they are secondary ones."""
        heads = rows.copy()
        while (below := np.flatnonzero(self.flags[heads] & SECONDARY)).size:
            heads[below] -= 1
        return self.references.get(heads - self.first)

    def dump(self, shelf: Shelf | None = None) -> dict[str, object]:
        """Plain values for a snapshot: what is kept, none of what it is found by; closed volumes on the shelf, if any."""
        first, start, names = self._origin + self.first, self.first, []
        if shelf is not None:
            numbers = range(first // VOLUME, (self._origin + self.size) // VOLUME)
            names = [self._shelve(number, shelf) for number in numbers]
            start = max(numbers.stop * VOLUME - self._origin, self.first)
            shelf.named.update(dict.fromkeys(names))
        return {
            "base_ms": self.times.base_ms,
            "first": first,
            "volumes": names,
            "rows": self._columns(start, self.size),
            "references": self.references.loose(),
        }

    def _shelve(self, number: int, shelf: Shelf) -> str:
        name = self._names.of(number)
        if name is None or not shelf.holds(name):
            start, stop = max(number * VOLUME - self._origin, self.first), (number + 1) * VOLUME - self._origin
            rows = self._columns(start, stop)
            name = shelf.put(rows)
            self._names.enter(number, name, rows.oldest_ms)
        return name

    def _columns(self, start: int, stop: int) -> RowColumns:
        part = slice(start, stop)
        keys, rows = self._aliases.between(start, stop)
        return RowColumns(
            self.times.at(part).tobytes(),
            [getattr(self, name)[part].tobytes() for name in COLUMNS],
            (keys.tobytes(), rows.tobytes()),
            self.references.blocks(start - self.first, stop - self.first),
        )

    @classmethod
    def load(cls, plain: dict[str, object], volumes: Mapping[str, bytes] | None = None) -> "InteractionLog":
        """The inverse of `dump`. Raises `KeyError` where one of its `volumes`, contents by name, is missing."""
        loaded = msgspec.convert(plain, _Plain)
        log = cls()
        log._origin, log.times.base_ms = loaded.first, loaded.base_ms
        oldest = loaded.first // VOLUME
        log._reserve(max((oldest + len(loaded.volumes)) * VOLUME - loaded.first, 0) + len(loaded.rows.columns[0]))
        for number, name in enumerate(loaded.volumes, oldest):
            rows = msgspec.msgpack.decode((volumes or {})[name], type=RowColumns)
            log._names.enter(number, name, rows.oldest_ms)
            log._put(rows)
        log._put(loaded.rows)
        log.references.extend(*loaded.references)
        log._reindex()
        return log

    def _reserve(self, rows: int) -> None:
        for name in COLUMNS:
            setattr(self, name, grown(getattr(self, name), rows))

    def _put(self, rows: RowColumns) -> None:
        times = np.frombuffer(rows.times, dtype=np.int64)
        if not times.size:
            return
        start, self.size = self.size, self.size + times.size
        self.times.put(start, times)
        self._reserve(self.size)
        for name, values in zip(COLUMNS, rows.columns, strict=True):
            column = getattr(self, name)
            column[start : self.size] = np.frombuffer(values, dtype=column.dtype)
        keys, aliased = rows.aliases
        self._aliases.add(np.frombuffer(keys, dtype=np.uint64), np.frombuffer(aliased, dtype=np.int64) + start)
        self.references.put(rows.blocks)

    def event_rows(self, head: int) -> range:
        """All rows of the event whose primary row is `head`."""
        end = head + 1
        while end < self.size and self.flags[end] & SECONDARY:
            end += 1
        return range(head, end)

    def find_others(self, keys: NDArray[np.uint64]) -> NDArray[np.int64]:
        """The first kept row that another event of each message made; -1 where none did."""
        return self._aliases.first_rows(keys, self.first)

    def touch(self, rows: Iterable[int] | None = None) -> None:
        """To be called when rows (None: any) have been changed: the next snapshot holds them anew."""
        self._names.touch(None if rows is None else (row + self._origin for row in rows))

    def rebase(self, base_ms: int) -> None:
        """Count times from a later base; what lies before it moves up to it."""
        self._names.rebase(base_ms)
        self.times.rebase(base_ms)

    def _compact(self) -> None:
        self.times.keep(slice(self.first, self.size))
        for name in COLUMNS:
            setattr(self, name, getattr(self, name)[self.first : self.size].copy())
        self._aliases.keep_from(self.first)
        self._origin += self.first
        self.size, self.first = self.size - self.first, 0
        self._reindex()

    def _reindex(self) -> None:
        self._index = KeyIndex()
        primary = np.flatnonzero((self.flags[: self.size] & SECONDARY) == 0)
        self._index.add(self.keys[primary], primary, self.keys)


class _Plain(msgspec.Struct):
    base_ms: int | None
    first: int
    volumes: list[str]
    rows: RowColumns
    references: Columns
