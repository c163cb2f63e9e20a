"""A covering list as people read it: a table of 80 columns and what it comes to, in a sentence."""

from typing import Any

import pytest
from rich.console import Console

from graph.covering import ENOUGH
from prescribers.covering_list import CoveringList
from prescribers.covering_table import RECORDED_SHARE, covering_summary, covering_table


def row(position: int, **changes: Any) -> dict[str, Any]:  # noqa: ANN401 - any field
    """One who adds ten people of a hundred."""
    told = {
        "voices": "all",
        "position": position,
        "rank": position,
        "new_responders": 10,
        "new_credible": 4,
        "reached": 10 * position,
        "everybody": 100,
    }
    told |= {"share": position / 10, "at_most": 12 * position, "fewest": position - (position > 2)}
    return told | {"actor_id": "s:a", "actor_name": "Ada", "source": "s"} | changes


def summary(*rows: dict[str, Any], share: float = 0.1, gone: int = 0) -> list[str]:
    return list(covering_summary(CoveringList("2020-01-06T00:00:00Z", list(rows), gone), share))


def test_a_table_fits_80_columns() -> None:
    console = Console(width=80, record=True, file=None, force_terminal=False)
    rows = [row(100, actor_name="N" * 300, rank=98_765, new_responders=987_654, reached=987_654, at_most=9_876_543)]
    with console.capture() as capture:
        console.print(covering_table(rows, title="lean, as of 2020-01-06T00:00:00Z"))
    text = capture.get()
    assert max(map(len, text.splitlines())) <= 80
    assert "9,876,543" in text


def test_it_is_said_how_many_reach_how_many_and_whether_fewer_could() -> None:
    assert summary(row(1)) == [
        "1 actor reaches 10 of the 100 people who responded to anybody ranked (10%).",
        "No shorter list reaches as many.",
    ]
    assert summary(row(1), row(2), row(3), share=0.3) == [
        "3 actors reach 30 of the 100 people who responded to anybody ranked (30%).",
        "A shorter list could at best do with 1 fewer.",
    ]


def test_it_is_said_what_is_missing() -> None:
    assert summary(row(1), share=0.5)[2] == "The list is recorded no further than its first 1."
    assert summary(row(2), gone=1)[2].startswith("1 of them may no longer be ranked")


def test_it_is_said_who_is_on_the_list_by_unknown_accounts_alone() -> None:
    said = summary(row(1), row(2, new_credible=0), row(3, new_credible=0))
    assert said[2].startswith("Nobody of those added by no. 2, no. 3 is known as credible")
    assert "of the 100 credible people" in summary(row(1, voices="credible"))[0]


def test_the_share_that_can_be_asked_for_is_the_one_recorded() -> None:
    assert pytest.approx(float(ENOUGH)) == RECORDED_SHARE
