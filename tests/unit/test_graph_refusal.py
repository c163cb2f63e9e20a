"""Why bytes cannot become state: an input for every reason code, and no input that is worse than a refusal."""

from typing import get_args

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from graph.normalise import MAX_BYTES, Normaliser, Refusal
from graph.reasons import REASONS, Reason

NOW = 1_800_000_000_000
GOOD = b'{"schema":"mention.v1","event_id":"a","source":"s","kind":"post","actor_id":"b","themes":["t"],"occurred_at":1}'


def changed(old: bytes, new: bytes) -> bytes:
    """The good event with one part replaced."""
    assert old in GOOD
    return GOOD.replace(old, new)


def added(field: bytes) -> bytes:
    """The good event with one more field."""
    return GOOD[:-1] + b"," + field + b"}"


CASES: dict[Reason, list[bytes | None]] = {
    "empty": [None, b"", b" \r\n\t"],
    "not_utf8": [
        b"\xff",
        b"\xef\xbb\xbf" + GOOD,
        GOOD.decode().encode("utf-16"),
        added(b'"actor_name":"\xff"'),
        added(b'"unknown":"\xff"'),
        added(b'"\xff":1'),
        changed(b'"b"', b'"\xc3"'),
        added(b'"actor_name":"\\ud800 x xxxxxxx"'),
        added(b'"actor_name":"\\udc00"'),
        added(b'"actor_name":"\\ud800\\u0041"'),
    ],
    "not_json": [
        b"{",
        b"nul",
        b"\x00",
        GOOD[:-1],
        GOOD + b" x",
        GOOD[:-1] + b",}",
        changed(b'"b"', b'"b\n"'),
        changed(b"1}", b"01}"),
        changed(b"1}", b"NaN}"),
        added(b'"sentiment":Infinity'),
        added(b'"sentiment":-NaN'),
        b"event_id,source,kind",
    ],
    "too_large": [b"x" * (MAX_BYTES + 1), added(b'"text":"' + b"x" * 1_000_000 + b'"')],
    "too_deep": [b"[" * 100_000, added(b'"x":' + b"[" * 100_000 + b"]" * 100_000), b'{"a":' * 40_000],
    "not_an_object": [b"null", b"1", b'"a"', b"[]", b"[" + GOOD + b"]", b"true"],
    "duplicate_field": [
        added(b'"event_id":"z"'),
        added(b'"actor_id":"b"'),
        added(b'"themes":[]'),
        added(b'"kind":"reply"'),
        added(b'"occurred_at":2'),
        added(b'"\\u0061ctor_id":"b"'),
        added(b'"ev\\u0065nt\\u005fid":"z"'),
        changed(b'"kind"', b'"k\\u0069nd":"reply","\\u006bind"'),
    ],
    "unknown_schema": [
        b"{}",
        changed(b"mention.v1", b"mention.v2"),
        changed(b'"mention.v1"', b"1"),
        changed(b'"mention.v1"', b"null"),
    ],
    "missing_field": [
        b'{"schema":"mention.v1"}',
        changed(b'"event_id":"a",', b""),
        changed(b'"source":"s",', b""),
        changed(b'"actor_id":"b"', b'"actor_id":null'),
        changed(b',"occurred_at":1', b""),
    ],
    "unknown_kind": [
        changed(b'"post"', b'"like"'),
        changed(b'"post"', b'["post"]'),
        changed(b'"post"', b'"tick"'),
        changed(b'"post"', b'"close"'),
    ],
    "bad_field": [
        changed(b'"a"', b'""'),
        changed(b'"a"', b"5"),
        changed(b'"a"', b'"' + b"x" * 129 + b'"'),
        changed(b'"s"', b'"' + b"x" * 65 + b'"'),
        changed(b"1}", b"1.5}"),
        changed(b"1}", b"true}"),
        changed(b'["t"]', b'"t"'),
        changed(b'["t"]', b'[""]'),
        changed(b'["t"]', b"[" + b",".join([b'"t"'] * 17) + b"]"),
        added(b'"mentions":[' + b",".join([b'"m"'] * 51) + b"]"),
        added(b'"sentiment":1.5'),
        added(b'"trust_level":-0.1'),
        added(b'"followers":-1'),
        added(b'"followers":18446744073709551616'),
        added(b'"text_hash":99999999999999999999999999'),
        added(b'"actor_type":"robot"'),
        added(b'"visibility":"secret"'),
        added(b'"text":"' + b"x" * 20_001 + b'"'),
        added(b'"object_id":"a\\u0000b"'),
    ],
    "bad_time": [
        changed(b"1}", b"-1}"),
        changed(b"1}", b'"yesterday"}'),
        changed(b"1}", b'"2026-01-01T00:00:00"}'),
        changed(b"1}", b'"0001-01-01T00:00:00Z"}'),
        changed(b"1}", b"99999999999999999999999999}"),
    ],
    "future": [
        changed(b"1}", b"%d}" % (NOW + 300_001)),
        changed(b"1}", b'"9999-12-31T23:59:59Z"}'),
    ],
    "missing_object": [
        changed(b'"post"', b'"delete"'),
        changed(b'"post"', b'"edit"'),
        changed(b'"post"', b'"delete","object_id":""'),
    ],
    "private": [added(b'"visibility":"private"')],
    "no_theme": [changed(b'["t"]', b"[]"), changed(b'["t"]', b"null")],
}


def test_every_reason_code_has_an_input_that_provokes_it() -> None:
    assert set(CASES) == set(REASONS) == set(get_args(Reason))


@pytest.mark.parametrize(("reason", "value"), [(reason, value) for reason, values in CASES.items() for value in values])
def test_each_bad_input_has_its_reason(reason: Reason, value: bytes | None) -> None:
    found = Normaliser().normalise(value, NOW, (0, 0))
    assert isinstance(found, Refusal)
    assert found.reason == reason
    assert found.detail


def test_the_good_event_is_good() -> None:
    assert isinstance(Normaliser().normalise(GOOD, NOW, (0, 0)), list)


@pytest.mark.parametrize(
    "value",
    [
        added(b'"x":{"event_id":1}'),
        added(b'"text":"the \\"event_id\\" field"'),
        added(b'"links":["event_id"]'),
        added(b'"x":' + b"1" * 5000 + b',"y":["event_id"]'),
        added(b'"x":{"event_id":' + b"[" * 500 + b"]" * 500 + b"}"),
        added(b'"lang":"fr","lang":"en"'),
    ],
)
def test_a_name_that_stands_twice_in_the_bytes_but_once_in_the_object_is_no_repetition(value: bytes) -> None:
    assert isinstance(Normaliser().normalise(value, NOW, (0, 0)), list)


def test_the_limit_of_size_is_configurable_and_inclusive() -> None:
    assert isinstance(Normaliser(max_bytes=len(GOOD)).normalise(GOOD, NOW, (0, 0)), list)
    found = Normaliser(max_bytes=len(GOOD) - 1).normalise(GOOD, NOW, (0, 0))
    assert isinstance(found, Refusal)
    assert found.reason == "too_large"


@given(st.binary(max_size=300))
@example(b'{"schema":"mention.v1"')
def test_any_bytes_are_refused_with_a_known_reason(value: bytes) -> None:
    found = Normaliser().normalise(value, NOW, (0, 0))
    assert isinstance(found, Refusal)
    assert found.reason in REASONS


@given(at=st.integers(0, len(GOOD) - 1), cut=st.integers(0, 12), put=st.binary(max_size=12))
def test_a_damaged_event_is_state_or_has_a_known_reason(at: int, cut: int, put: bytes) -> None:
    found = Normaliser().normalise(GOOD[:at] + put + GOOD[at + cut :], NOW, (0, 0))
    assert isinstance(found, list) or found.reason in REASONS
