"""What is still to come: acts that earlier ones set off, or that a habit plans, by the time they are due."""

from dataclasses import dataclass
from heapq import heappop, heappush
from typing import Literal, NamedTuple

from prescribers.simulation.cast import Actor

Deed = Literal["post", "mention", "reply", "answer", "thanks", "quote", "repost", "reaction", "accept", "vouch", "edit", "delete"]


@dataclass(slots=True, eq=False)
class Message:
    """Something said, as long as somebody may still respond to it."""

    object_id: str
    actor: Actor
    root_id: str
    parent: "Message | None"
    depth: int
    question: bool
    addressed: Actor | None = None
    deleted: bool = False


class Intent(NamedTuple):
    """A deed that is due. Without `actor`, who does it is found out at the time; `message` is what it is about."""

    due_ms: int
    order: int
    deed: Deed
    actor: Actor | None
    message: Message | None


class Agenda:
    """A queue by due time; among equals, first planned, first done."""

    def __init__(self) -> None:
        self._queue: list[Intent] = []
        self._order = 0

    def add(self, due_ms: int, deed: Deed, *, actor: Actor | None = None, message: Message | None = None) -> None:
        """Plan a deed."""
        self._order += 1
        heappush(self._queue, Intent(due_ms, self._order, deed, actor, message))

    def take(self, now_ms: int) -> Intent | None:
        """The earliest deed that is due, or None; deeds about a message deleted meanwhile are forgotten."""
        while self._queue and self._queue[0].due_ms <= now_ms:
            intent = heappop(self._queue)
            if intent.message is None or not intent.message.deleted:
                return intent
        return None
