import json

import pytest

from streams.feed_close import close_record
from streams.feed_keys import LineKeys


def test_the_key_is_the_first_theme_else_the_source_else_the_key_before() -> None:
    keys = LineKeys()
    lines = [b"?", b'{"themes":["lean","coq"],"source":"s"}', b"{", b'{"source":"s"}', b"", b'{"themes":[],"source":"t"}', b"{}"]
    assert [keys.key(line) for line in lines] == [b"", b"lean", b"lean", b"s", b"s", b"t", b""]
    assert keys.themes == {"lean", "coq"}
    assert keys.unnamed


def test_a_given_theme_is_every_key_and_stands_in_where_none_is_named() -> None:
    keys = LineKeys("agda")
    assert {keys.key(line) for line in (b'{"themes":["lean"]}', b'{"source":"s"}')} == {b"agda"}
    assert keys.themes == {"agda", "lean"}
    assert not keys.unnamed


@pytest.mark.parametrize(
    "line",
    [
        b"\xff",
        b'{"themes":["\\ud800"]}',
        b'{"themes":{}}',
        b"[" * 1_000_000,
        b'{"a":' * 1_000_000,
        b'{"source":1}',
        b"null",
        b"[]",
        b"17",
    ],
)
def test_no_line_breaks_the_reading_of_keys(line: bytes) -> None:
    keys = LineKeys()
    keys.key(b'{"source":"s"}')
    assert keys.key(line) == b"s"
    assert keys.themes == set()


def test_a_close_names_its_themes_in_order_or_means_all() -> None:
    named = close_record("f", 2, {"b", "a"}, unnamed=False)
    assert named is not None
    assert json.loads(named) == {"schema": "close.v1", "feed": "f", "parts": 2, "themes": ["a", "b"]}
    every = close_record("f", 1, {"a"}, unnamed=True)
    assert every is not None
    assert json.loads(every) == {"schema": "close.v1", "feed": "f", "parts": 1}


def test_a_feed_without_events_has_no_end() -> None:
    assert close_record("f", 0, {"a"}, unnamed=True) is None
    assert close_record("f", 3, (), unnamed=False) is None
