"""A simple event, as the reference and the generators of the tests see it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """A simple event, as a person would note it down. "" means absent; times in ms."""

    key: int
    at: int
    kind: str = "reply"
    actor: str = ""
    source: str = "s"
    target: str = ""
    event: str = ""
    """The event's own id: the name of its message where `object` is absent."""
    object: str = ""
    parent: str = ""
    mentions: tuple[str, ...] = ()
    actor_type: str = "unknown"
    no_rank: bool = False
    followers: int | None = None
    received_at: int = 0
    feed_parts: int = 0
    """Of a close: from how many partitions it must arrive."""
    feed_part: int = 0
    """Of a close: the partition it came from."""
    offset: int = -1
    """In `mentions`; -1 where it does not matter."""

    @property
    def message(self) -> tuple[str, str]:
        """What the message is called: by its own id, else by the event's."""
        return self.source, self.object or self.event or f"#{self.key}"

    @property
    def names(self) -> tuple[tuple[str, str], ...]:
        """By what a parent or a delete may name it."""
        return tuple((self.source, name) for name in (self.object, self.event) if name)
