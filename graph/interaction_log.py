"""The rows of a theme's graph, in order of arrival: 21 bytes each, found by key, dropped a segment at a time.

A row is one act toward one actor, or an act toward nobody (target -1). An event's first row is its primary one and
stands in the index; the rows of its other targets follow it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec
import numpy as np
from numpy.typing import NDArray

from graph.growing import grown
from graph.key_index import ABSENT, KeyIndex
from graph.references import BLOCK, References
from graph.times import Times

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
        "_alias_index",
        "_alias_keys",
        "_alias_rows",
        "_aliases",
        "_index",
        "dst",
        "first",
        "flags",
        "keys",
        "references",
        "size",
        "src",
        "times",
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
        self._aliases = 0
        self._alias_keys: NDArray[np.uint64] = np.zeros(0, dtype=np.uint64)
        self._alias_rows: NDArray[np.int64] = np.zeros(0, dtype=np.int64)
        self._alias_index = KeyIndex()

    def __len__(self) -> int:
        return self.size - self.first

    @property
    def aliased(self) -> bool:
        """Whether any message goes by another key than that of its event."""
        return self._aliases > 0

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
        known = self._alias_keys[: self._aliases]
        hits = np.flatnonzero(np.isin(known, wanted))
        for key, row in zip(known[hits].tolist(), self._alias_rows[hits].tolist(), strict=True):
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
        for name, values in (("flags", flags), ("src", new.src), ("dst", new.dst), ("keys", new.keys)):
            column = grown(getattr(self, name), end)
            column[start:end] = values
            setattr(self, name, column)
        self.size = end
        primary = np.flatnonzero((new.stamps & SECONDARY) == 0)
        self._index.add(new.keys[primary], primary + start, self.keys)
        self._alias(new, start)
        self.references.extend(new.object_ids, new.urls)
        return start

    def forget(self, cutoff_ms: int) -> int:
        """Drop whole leading segments in which every row is at or before `cutoff_ms`; returns how many rows went."""
        before = self.first
        while self.size - self.first >= SEGMENT and self._newest(self.first) <= cutoff_ms:
            self.first += SEGMENT
            self.references.drop_blocks(SEGMENT // BLOCK)
        dropped = self.first - before
        if self.first > self.size // 4:
            self._compact()
        return dropped

    def reference(self, row: int) -> tuple[str, str]:
        """Id and URL of a row's message: those of its event's primary row where it is a secondary one."""
        while self.flags[row] & SECONDARY:
            row -= 1
        return self.references.get(row - self.first)

    def dump(self) -> dict[str, object]:
        """Plain values for a snapshot: what is kept, none of what it is found by."""
        kept = slice(self.first, self.size)
        aliases = self._alias_rows[: self._aliases] >= self.first
        return {
            "base_ms": self.times.base_ms,
            "times": self.times.at(kept).tobytes(),
            "flags": self.flags[kept].tobytes(),
            "src": self.src[kept].tobytes(),
            "dst": self.dst[kept].tobytes(),
            "keys": self.keys[kept].tobytes(),
            "alias_keys": self._alias_keys[: self._aliases][aliases].tobytes(),
            "alias_rows": (self._alias_rows[: self._aliases][aliases] - self.first).tobytes(),
            "references": self.references.dump(),
        }

    @classmethod
    def load(cls, plain: dict[str, object]) -> "InteractionLog":
        """The inverse of `dump`."""
        loaded = msgspec.convert(plain, _Plain)
        log = cls()
        log.times.base_ms = loaded.base_ms
        log.times.put(0, np.frombuffer(loaded.times, dtype=np.int64))
        log.flags = np.frombuffer(loaded.flags, dtype=np.uint8).copy()
        log.src = np.frombuffer(loaded.src, dtype=np.int32).copy()
        log.dst = np.frombuffer(loaded.dst, dtype=np.int32).copy()
        log.keys = np.frombuffer(loaded.keys, dtype=np.uint64).copy()
        log._alias_keys = np.frombuffer(loaded.alias_keys, dtype=np.uint64).copy()
        log._alias_rows = np.frombuffer(loaded.alias_rows, dtype=np.int64).copy()
        log.references = References.load(loaded.references)
        log.size = log.flags.size
        log._aliases = log._alias_keys.size
        log._reindex()
        return log

    def _newest(self, start: int) -> int:
        return int(self.times.at(slice(start, start + SEGMENT)).max())

    def event_rows(self, head: int) -> range:
        """All rows of the event whose primary row is `head`."""
        end = head + 1
        while end < self.size and self.flags[end] & SECONDARY:
            end += 1
        return range(head, end)

    def _alias(self, new: Rows, start: int) -> None:
        other = np.flatnonzero((new.message_keys != 0) & (new.message_keys != new.keys))
        if not other.size:
            return
        end = self._aliases + other.size
        keys = new.message_keys[other]
        self._alias_keys, self._alias_rows = grown(self._alias_keys, end), grown(self._alias_rows, end)
        self._alias_keys[self._aliases : end] = keys
        self._alias_rows[self._aliases : end] = other + start
        _, earliest = np.unique(keys, return_index=True)
        unseen = np.sort(earliest[self._alias_index.find(keys[earliest], self._alias_keys) == ABSENT])
        self._alias_index.add(keys[unseen], unseen + self._aliases, self._alias_keys)
        self._aliases = end

    def find_others(self, keys: NDArray[np.uint64]) -> NDArray[np.int64]:
        """The first kept row that another event of each message made; -1 where none did."""
        if not self._aliases:
            return np.full(keys.size, ABSENT, dtype=np.int64)
        found = self._alias_index.find(keys, self._alias_keys)
        rows = np.where(found == ABSENT, ABSENT, self._alias_rows[found])
        for k in np.flatnonzero((found != ABSENT) & (rows < self.first)).tolist():
            kept = np.flatnonzero(self._alias_keys[: self._aliases] == keys[k])
            rows[k] = next((row for row in self._alias_rows[kept].tolist() if row >= self.first), ABSENT)
        return rows

    def _compact(self) -> None:
        self.times.keep(slice(self.first, self.size))
        for name in ("flags", "src", "dst", "keys"):
            setattr(self, name, getattr(self, name)[self.first : self.size].copy())
        kept = self._alias_rows[: self._aliases] >= self.first
        self._alias_keys = self._alias_keys[: self._aliases][kept]
        self._alias_rows = self._alias_rows[: self._aliases][kept] - self.first
        self._aliases = self._alias_keys.size
        self.size, self.first = self.size - self.first, 0
        self._reindex()

    def _reindex(self) -> None:
        self._index, self._alias_index = KeyIndex(), KeyIndex()
        primary = np.flatnonzero((self.flags[: self.size] & SECONDARY) == 0)
        self._index.add(self.keys[primary], primary, self.keys)
        _, earliest = np.unique(self._alias_keys, return_index=True)
        self._alias_index.add(self._alias_keys[earliest], earliest, self._alias_keys)


class _Plain(msgspec.Struct):
    base_ms: int | None
    times: bytes
    flags: bytes
    src: bytes
    dst: bytes
    keys: bytes
    alias_keys: bytes
    alias_rows: bytes
    references: dict[str, object]
