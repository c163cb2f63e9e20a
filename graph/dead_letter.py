"""A dead letter: an input that could not become state, with its original bytes, where it came from and why."""

from dataclasses import dataclass


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


def to_headers(letter: DeadLetter) -> list[tuple[str, bytes]]:
    """Everything but the payload."""
    fields = ("topic", "partition", "offset", "received_at", "reason", "detail")
    return [(name, str(getattr(letter, name)).encode()) for name in fields]


def from_headers(headers: list[tuple[str, bytes]], payload: bytes) -> DeadLetter:
    """The inverse; raises `KeyError` or `ValueError` on a record that `normalise` did not write."""
    h = {name: value.decode() for name, value in headers}
    return DeadLetter(
        topic=h["topic"],
        partition=int(h["partition"]),
        offset=int(h["offset"]),
        received_at=int(h["received_at"]),
        reason=h["reason"],
        detail=h["detail"],
        payload=payload,
    )
