"""Ends of historical feeds: when a close takes effect, and what is forgotten."""

import pytest

import graph.closings
from graph.closings import Closings
from graph.interaction import Interaction
from graph.theme_settings import ThemeSettings
from graph.theme_state import ThemeState
from graph.undoings import Undoings


def close(feed: int, part: int, parts: int = 2, theme: str = "") -> Interaction:
    return Interaction(theme=theme, kind="close", occurred_at=0, key=feed, parts=parts, origin=(part, 0))


def test_a_close_takes_effect_with_the_last_part_and_may_come_again() -> None:
    closings = Closings()
    heard = [closings.complete(one) for one in (close(1, 0), close(1, 0), close(1, 1), close(1, 1), close(1, 0))]
    assert heard == [False, False, True, False, True]
    assert closings.waiting == {}


def test_feeds_and_themes_end_apart() -> None:
    closings = Closings()
    assert not closings.complete(close(1, 0))
    assert not closings.complete(close(2, 1))
    assert not closings.complete(close(1, 1, theme="lean"))
    assert closings.complete(close(3, 0, parts=1))
    assert len(closings.waiting) == 3


def test_feeds_that_never_end_are_forgotten_oldest_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(graph.closings, "MOST_CLOSINGS", 2)
    closings = Closings()
    assert [closings.complete(close(feed, 0)) for feed in (1, 2, 3)] == [False] * 3
    assert [closings.complete(close(feed, 1)) for feed in (3, 2, 1)] == [True, True, False]


def test_a_theme_without_events_has_no_last_step() -> None:
    assert ThemeState(ThemeSettings(name="t"), Undoings()).close() == []
