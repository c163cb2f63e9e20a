"""A dead letter: an input that could not become state, with its original bytes, where it came from and why."""

from collections.abc import Sequence
from dataclasses import dataclass

PLAIN_FIELDS = ("topic", "partition", "offset", "received_at", "reason", "detail")


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadLetter:
    """On `mentions.dead` the value is `payload`, unchanged, and the rest travels in headers of these names (UTF-8 text)."""

    topic: str
    partition: int
    offset: int
    received_at: int
    """The broker's timestamp of the refused record, ms UTC."""
    reason: str
    detail: str
    payload: bytes
    theme: str = ""
    """What the feed said of an event that names no theme itself."""
    key: bytes | None = None
    """Of the refused record: a replay sends it with the same one, so that a theme stays in order."""
    log_id: str = ""
    """Which log of that topic: one made anew under the same name is another, with offsets of its own."""


def to_headers(letter: DeadLetter) -> list[tuple[str, bytes]]:
    """Everything but the payload."""
    headers = [(name, str(getattr(letter, name)).encode()) for name in PLAIN_FIELDS]
    headers += [(name, value.encode()) for name, value in (("theme", letter.theme), ("log_id", letter.log_id)) if value]
    return headers + ([("key", letter.key)] if letter.key is not None else [])


def from_headers(headers: Sequence[tuple[str, bytes]], payload: bytes) -> DeadLetter:
    """The inverse; raises `KeyError` or `ValueError` on a record that `normalise` did not write."""
    given = dict(headers)
    h = {name: given[name].decode() for name in PLAIN_FIELDS}
    return DeadLetter(
        topic=h["topic"],
        partition=int(h["partition"]),
        offset=int(h["offset"]),
        received_at=int(h["received_at"]),
        reason=h["reason"],
        detail=h["detail"],
        payload=payload,
        theme=given.get("theme", b"").decode(),
        key=given.get("key"),
        log_id=given.get("log_id", b"").decode(),
    )
