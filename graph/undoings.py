"""Edits and deletes: which messages are undone, from when on, and up to which time of theirs."""

import msgspec

MOST_UNDOINGS = 1_000_000
WHOLLY = 2**62
"""A delete undoes every act of its message, whenever it occurred."""


class Undoing(msgspec.Struct, frozen=True, array_like=True, order=True):
    """From runs at `occurred_at` on, acts of the message before `before` do not count. Times in ms."""

    occurred_at: int
    before: int


class Undoings:
    """By message key, for all themes of a partition, since a delete need not know its themes and may precede its message."""

    __slots__ = ("_by_message", "_origins", "_seen", "duplicates", "evicted", "recorded")

    def __init__(self) -> None:
        self._by_message: dict[int, list[Undoing]] = {}
        self._seen: dict[int, None] = {}
        self._origins: dict[int, int] = {}
        self.recorded = 0
        self.duplicates = 0
        self.evicted = 0

    def __contains__(self, message_key: int) -> bool:
        return message_key in self._by_message

    def __bool__(self) -> bool:
        return bool(self._by_message)

    def record(self, event_key: int, message_key: int, undoing: Undoing) -> bool:
        """Take one in; False where the same event came before. The oldest are evicted beyond `MOST_UNDOINGS`."""
        if event_key in self._seen:
            return False
        self._seen[event_key] = None
        self._by_message.setdefault(message_key, []).append(undoing)
        self._by_message[message_key].sort()
        while len(self._seen) > MOST_UNDOINGS:
            del self._seen[next(iter(self._seen))]
        while len(self._by_message) > MOST_UNDOINGS:
            del self._by_message[next(iter(self._by_message))]
            self.evicted += 1
        return True

    def note(self, origin: tuple[int, int]) -> None:
        """Remember how far a partition of `mentions` was read."""
        partition, offset = origin
        self._origins[partition] = max(self._origins.get(partition, -1), offset)

    def repeated(self, origin: tuple[int, int]) -> bool:
        """Whether a killed producer wrote this again; if not, it is noted and was a duplicate in the input."""
        partition, offset = origin
        seen = offset <= self._origins.get(partition, -1)
        self.note(origin)
        return seen

    def of(self, message_key: int) -> list[Undoing]:
        """What undoes a message, earliest first."""
        return self._by_message.get(message_key, [])

    def dump(self) -> dict[str, object]:
        """Plain values for a snapshot."""
        return {
            "messages": list(self._by_message.items()),
            "seen": list(self._seen),
            "origins": self._origins,
            "recorded": self.recorded,
            "duplicates": self.duplicates,
            "evicted": self.evicted,
        }

    @classmethod
    def load(cls, plain: dict[str, object]) -> "Undoings":
        """The inverse of `dump`."""
        loaded = msgspec.convert(plain, _Plain)
        undoings = cls()
        undoings._by_message = dict(loaded.messages)
        undoings._seen = dict.fromkeys(loaded.seen)
        undoings._origins = loaded.origins
        undoings.recorded, undoings.duplicates, undoings.evicted = loaded.recorded, loaded.duplicates, loaded.evicted
        return undoings


class _Plain(msgspec.Struct):
    messages: list[tuple[int, list[Undoing]]]
    seen: list[int]
    origins: dict[int, int]
    recorded: int
    duplicates: int
    evicted: int
