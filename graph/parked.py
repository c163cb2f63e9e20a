"""Replies that name only a parent which has not arrived: parked until it does, or counted as unresolved."""

import msgspec

MOST_PARKED = 100_000
MOST_BYTES = 64 * 1024 * 1024
"""Of waiting records together."""


class Waiting(msgspec.Struct, frozen=True, array_like=True):
    """A parked reply: its row, counted from the oldest that the log keeps, and its record, to publish again."""

    row: int
    value: bytes


class Parked:
    """Waiting replies by the key of the parent, oldest first; at most `MOST_PARKED`, and `MOST_BYTES` of them."""

    __slots__ = ("_by_parent", "_bytes", "count", "evicted", "unresolved")

    def __init__(self) -> None:
        self._by_parent: dict[int, list[Waiting]] = {}
        self._bytes = 0
        self.count = 0
        self.unresolved = 0
        self.evicted = 0

    def park(self, parent_key: int, waiting: Waiting) -> None:
        """Keep a reply; the oldest parents' replies give way when the table is full."""
        self._by_parent.setdefault(parent_key, []).append(waiting)
        self.count += 1
        self._bytes += len(waiting.value)
        while self.count > MOST_PARKED or self._bytes > MOST_BYTES:
            gone = len(self.arrived(next(iter(self._by_parent))))
            self.unresolved += gone
            self.evicted += gone

    def arrived(self, message_key: int) -> list[Waiting]:
        """The replies that waited for this message, which wait no more."""
        found = self._by_parent.pop(message_key, [])
        self.count -= len(found)
        self._bytes -= sum(len(waiting.value) for waiting in found)
        return found

    def shift(self, forgotten: int) -> None:
        """The log's oldest `forgotten` rows are gone: rows count from a later start, replies gone stay unresolved."""
        kept: dict[int, list[Waiting]] = {}
        for parent_key, replies in self._by_parent.items():
            left = [Waiting(w.row - forgotten, w.value) for w in replies if w.row >= forgotten]
            self.unresolved += len(replies) - len(left)
            self.count -= len(replies) - len(left)
            if left:
                kept[parent_key] = left
        self._by_parent = kept
        self._bytes = sum(len(waiting.value) for replies in kept.values() for waiting in replies)

    def dump(self) -> dict[str, object]:
        """Plain values for a snapshot."""
        return {"parents": list(self._by_parent.items()), "unresolved": self.unresolved, "evicted": self.evicted}

    @classmethod
    def load(cls, plain: dict[str, object]) -> "Parked":
        """The inverse of `dump`."""
        loaded = msgspec.convert(plain, _Plain)
        parked = cls()
        parked._by_parent = dict(loaded.parents)
        parked.count = sum(len(replies) for _, replies in loaded.parents)
        parked._bytes = sum(len(waiting.value) for _, replies in loaded.parents for waiting in replies)
        parked.unresolved, parked.evicted = loaded.unresolved, loaded.evicted
        return parked


class _Plain(msgspec.Struct):
    parents: list[tuple[int, list[Waiting]]]
    unresolved: int
    evicted: int
