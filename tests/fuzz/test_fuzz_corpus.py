"""Inputs that once broke something, and bytes near to well-formed ones: each ends in exactly one fate."""

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.interaction import Interaction
from graph.mention import Mention
from graph.refusal import DECIDING_FIELDS
from tests.fuzz.decoders import read_or_refused
from tests.fuzz.fates import exactly_one_fate

CORPUS = sorted((Path(__file__).parent / "corpus").iterdir())
GOOD = b'{"schema":"mention.v1","event_id":"a","source":"s","kind":"post","actor_id":"b","themes":["t"],"occurred_at":1}'
NAMES = st.sampled_from([*Mention.__struct_fields__, *Interaction.__struct_fields__, "type", "feed", "x"])
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**70), 2**70)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=8)
    | st.sampled_from(["mention.v1", "close.v1", "post", "delete", "edit", "private", "2026-01-01T00:00:00Z", "t", "lean"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3),
    max_leaves=6,
)


@pytest.mark.parametrize("path", CORPUS, ids=lambda path: path.name)
def test_what_once_broke_something_ends_in_one_fate(path: Path) -> None:
    value = path.read_bytes()
    assert len(exactly_one_fate(value)) == 2
    read_or_refused(value)


@pytest.mark.parametrize("depth", range(900, 1010, 3))
def test_depth_near_the_parsers_limit_is_a_refusal_and_no_failure(depth: int) -> None:
    deep = b'{"x":' * depth + b"1" + b"}" * depth
    exactly_one_fate(GOOD[:-1] + b',"x":' + deep + b',"y":{"kind":1}}')


def escaped(name: str, at: int) -> str:
    """A field's name with one letter written as an escape."""
    return f"{name[:at]}\\u{ord(name[at]):04x}{name[at + 1 :]}"


@given(st.sampled_from(DECIDING_FIELDS), st.data())
def test_a_deciding_field_given_twice_is_seen_however_it_is_written(name: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(name) - 1))
    written = data.draw(st.sampled_from([name, escaped(name, at)]))
    twice = data.draw(st.sampled_from([name, escaped(name, at)]))
    said = {"schema": '"mention.v1"', "kind": '"post"', "occurred_at": "1", "mentions": "[]", "themes": "[]", "no_rank": "false"}
    said |= {"visibility": '"public"'}
    value = said.get(name, '"z"')
    rest = [
        f'"{one}":{said.get(one, json.dumps("a"))}' for one in ("schema", "event_id", "source", "kind", "actor_id", "occurred_at")
    ]
    fields = [field for field in rest if not field.startswith(f'"{name}"')] + [f'"{written}":{value}', f'"{twice}":{value}']
    order = data.draw(st.permutations(fields))
    assert exactly_one_fate(("{" + ", ".join(order) + "}").encode()) == ["duplicate_field"] * 2


@given(st.dictionaries(NAMES, VALUES, max_size=8), st.booleans())
@settings(max_examples=400, deadline=None)
def test_any_object_of_known_fields_ends_in_one_fate(fields: dict[str, object], well_formed: bool) -> None:  # noqa: FBT001 - drawn
    event = (json.loads(GOOD) | fields) if well_formed else fields
    for value in (json.dumps(event).encode(), json.dumps(event, ensure_ascii=False).encode("utf-8", "surrogatepass")):
        exactly_one_fate(value)
        read_or_refused(value)


@given(st.data())
@settings(max_examples=400, deadline=None)
def test_bytes_near_to_a_well_formed_event_end_in_one_fate(data: st.DataObject) -> None:
    value = data.draw(st.sampled_from(CORPUS)).read_bytes()
    for _ in range(data.draw(st.integers(1, 4))):
        at, length = data.draw(st.integers(0, len(value))), data.draw(st.integers(0, 6))
        value = value[:at] + data.draw(st.binary(max_size=6)) + value[at + length :]
    exactly_one_fate(value)
    read_or_refused(value)
