"""The record that ends a historical feed, so that its last step is ranked without waiting for an event after it."""

from collections.abc import Iterable

import msgspec
from msgspec import Struct


class CloseRecord(Struct, tag_field="schema", tag="close.v1", omit_defaults=True):
    """As `graph.normalise` reads it: takes effect once it has come from `parts` partitions. No themes means every theme."""

    feed: str
    parts: int
    themes: tuple[str, ...] = ()


def close_record(feed_id: str, parts: int, themes: Iterable[str], *, unnamed: bool) -> bytes | None:
    """The record for a feed that used `parts` partitions, or None where no line could be read, so nothing needs an end.

    `unnamed`: some line named no theme, so that rules decide which themes it reached: then every theme is closed.
    """
    named = tuple(sorted(themes))
    if not parts or not (named or unnamed):
        return None
    return msgspec.json.encode(CloseRecord(feed=feed_id, parts=parts, themes=() if unnamed else named))
