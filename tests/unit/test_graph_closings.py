"""Ends of historical feeds."""

import pytest

from graph.closings import MOST_CLOSINGS, Closings
from graph.interaction import Interaction, encode_interaction
from graph.partition_state import PartitionState
from graph.theme_settings import DAY_MS


def _close(partition: int, parts: int, theme: str = "t", feed: int = 7) -> Interaction:
    return Interaction(theme=theme, kind="close", occurred_at=DAY_MS, key=feed, origin=(partition, 9), parts=parts, copy=True)


def _reply(number: int) -> Interaction:
    return Interaction(
        theme="t",
        kind="reply",
        occurred_at=DAY_MS + number,
        key=number,
        source="s",
        event_id=f"e{number}",
        actor_id=f"a{number}",
        target_actor_id="a0",
        origin=(0, number),
    )


def test_a_feed_is_closed_with_its_last_part_and_may_be_closed_again() -> None:
    closings = Closings()
    assert [closings.complete(_close(p, 3)) for p in (0, 1, 1, 0, 2)] == [False, False, False, False, True]
    assert closings.waiting == {}
    assert [closings.complete(_close(p, 2)) for p in (0, 1)] == [False, True]


def test_feeds_and_themes_are_closed_apart() -> None:
    closings = Closings()
    closes = (_close(0, 2), _close(1, 2, theme="u"), _close(1, 2, feed=8))
    assert not any(closings.complete(close) for close in closes)
    assert closings.complete(_close(1, 2))


def test_feeds_that_never_end_are_forgotten_oldest_first() -> None:
    closings = Closings()
    for feed in range(MOST_CLOSINGS + 5):
        closings.complete(_close(0, 2, feed=feed))
    assert len(closings.waiting) == MOST_CLOSINGS
    assert "t\0" + str(MOST_CLOSINGS + 4) in closings.waiting


@pytest.mark.parametrize("theme", ["t", ""])
def test_a_part_that_comes_before_the_themes_first_event_counts(theme: str) -> None:
    state = PartitionState(0)
    log = [_close(1, 2, theme), _reply(1), _reply(2), _close(0, 2, theme)]
    runs = state.runs(range(4), [encode_interaction(record) for record in log])
    assert [run.rows["responders"] for run in runs] == [[2]]
