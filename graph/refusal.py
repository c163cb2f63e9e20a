"""Why an input cannot become state: the slow path, taken only for bytes that the fast decoder did not accept."""

import json
import re
from dataclasses import dataclass
from typing import get_args

import msgspec

from graph.mention import Kind, Mention
from graph.reasons import Reason

KINDS = frozenset(get_args(Kind))
REQUIRED = ("event_id", "source", "kind", "actor_id", "occurred_at")
DECIDING_FIELDS = (
    "schema",
    *REQUIRED,
    *("target_actor_id", "object_id", "parent_id", "mentions", "themes", "visibility", "no_rank"),
)
"""Fields that decide what an event means: one of them twice is refused."""
_deciding = re.compile(rb'"(' + "|".join(DECIDING_FIELDS).encode() + rb')"\s*:').findall
_escaped_letter = re.compile(rb"\\u00[4-7]").search
"""A name may be written with escapes; what is no letter has no place in a deciding field's name."""
_encode = msgspec.json.Encoder().encode


@dataclass(frozen=True, slots=True)
class Refusal:
    """`detail` is for the operator: it names fields and limits, and quotes no text, name or id."""

    reason: Reason
    detail: str


def repeated_field(value: bytes, mention: Mention) -> Refusal | None:
    """A refusal where a deciding field stands twice in the top object. Cheap unless one seems to.

    Bytes no longer than the shortest form of what was read from them have no room for a second field.
    """
    if len(_encode(mention)) == len(value):
        return None
    found = _deciding(value)
    if len(found) == len(set(found)) and _escaped_letter(value) is None:
        return None
    try:
        pairs: list[tuple[str, object]] = json.loads(value.decode(errors="replace"), object_pairs_hook=list, parse_int=str)
    except RecursionError:
        return Refusal("too_deep", "nested beyond the parser's limit")
    names = [name for name, _ in pairs]
    twice = sorted({name for name in names if name in DECIDING_FIELDS and names.count(name) > 1})
    return Refusal("duplicate_field", f"field given twice: {', '.join(twice)}") if twice else None


def refusal_of(value: bytes, error: Exception) -> Refusal:
    """The most telling reason for bytes on which the decoder raised `error`."""
    if not value.strip():
        return Refusal("empty", "no content")
    if value.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")):
        return Refusal("not_utf8", "starts with a byte order mark")
    try:
        value.decode()
        document = msgspec.json.decode(value)
    except UnicodeDecodeError as wrong:
        return Refusal("not_utf8", f"invalid byte at {wrong.start}")
    except RecursionError:
        return Refusal("too_deep", "nested beyond the parser's limit")
    except msgspec.DecodeError as wrong:
        reason: Reason = "not_utf8" if _lone_surrogate(value) else "not_json"
        return Refusal(reason, str(wrong))
    return _refusal_of_document(document, error)


def _refusal_of_document(document: object, error: Exception) -> Refusal:
    if not isinstance(document, dict):
        return Refusal("not_an_object", f"expected a JSON object, got {type(document).__name__}")
    if document.get("schema") != "mention.v1":
        return Refusal("unknown_schema", "schema is missing or not mention.v1")
    missing = [name for name in REQUIRED if document.get(name) is None]
    if missing:
        return Refusal("missing_field", f"missing: {', '.join(missing)}")
    if not isinstance(document["kind"], str) or document["kind"] not in KINDS:
        return Refusal("unknown_kind", f"kind is not one of {', '.join(sorted(KINDS))}")
    return Refusal("bad_field", str(error))


def _lone_surrogate(value: bytes) -> bool:
    """True for JSON whose only fault is half a surrogate pair, which Python's own parser lets through."""
    try:
        json.dumps(json.loads(value, parse_int=str), ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return True
    except (ValueError, RecursionError):
        return False
    return False
