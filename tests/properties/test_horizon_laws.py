"""The horizon, one and a half windows, at its edge: a repetition is a duplicate before it, and late from it on."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.partition_state import PartitionState
from graph.theme_settings import HOUR_MS, MINUTE_MS
from tests.oracles.reference_act import Act
from tests.properties.conversations import SETTINGS, START, conversation
from tests.properties.interaction_records import THEME, apply_in_batches, core_runs, to_records
from tests.properties.publications import tables

HORIZON, LATENESS = SETTINGS.horizon_ms, SETTINGS.lateness_ms


def fates(acts: list[Act], cuts: tuple[int, ...] = ()) -> dict[str, int]:
    state = PartitionState(0, {THEME: SETTINGS})
    apply_in_batches(state, to_records(replace(act, offset=n) for n, act in enumerate(acts)), cuts)
    return state.fates


def said(number: int, at: int) -> Act:
    return Act(key=number, at=at, kind="reply", actor="ada", target="bob", event=f"e{number}")


@pytest.mark.parametrize(("beyond_ms", "fate"), [(-HOUR_MS, "duplicate"), (-1, "duplicate"), (0, "late"), (HOUR_MS, "late")])
@pytest.mark.parametrize("cuts", [(), (1,), (2,), (1, 2)])
def test_a_repetition_at_the_edge_of_the_horizon(beyond_ms: int, fate: str, cuts: tuple[int, ...]) -> None:
    """Whichever it is, it counts once, and never as a second act."""
    first = said(1, START)
    ahead = said(2, START + HORIZON + LATENESS + beyond_ms)
    assert fates([first, ahead, first], cuts) == {"state": 2, "late": 0, "duplicate": 0} | {fate: 1}
    assert fates([first, ahead, first, first], cuts)[fate] == 2


@given(st.lists(st.integers(-90, 90), min_size=1, max_size=12), st.integers(1, 3))
@settings(max_examples=60, deadline=None)
def test_no_repetition_around_the_edge_becomes_state(minutes: list[int], times: int) -> None:
    """Many acts, all repeated when the watermark stands near the edge of their horizon."""
    acts = [said(n, START + minute * MINUTE_MS) for n, minute in enumerate(sorted(minutes), start=1)]
    found = fates([*acts, said(99, START + HORIZON + LATENESS), *acts * times])
    assert found["state"] == len(acts) + 1
    assert found["late"] + found["duplicate"] == times * len(acts)


def test_a_repetition_is_known_after_thousands_of_rows_were_forgotten() -> None:
    """Rows go by the segment, keys with them: what is inside the horizon is still known."""
    acts = sorted(conversation(5, actors=30, acts=9_000, hours=80), key=lambda act: act.at)
    acts = [act for act in acts if act.kind not in ("edit", "delete")]
    edge = acts[-1].at - LATENESS - HORIZON
    again = [act for act in acts if act.at > edge]
    expired = [act for act in acts if act.at <= edge]
    assert min(len(again), len(expired)) > 1000
    before = fates(acts)
    assert fates([*acts, *again, *expired]) == {
        "state": before["state"],
        "late": before["late"] + len(expired),
        "duplicate": before["duplicate"] + len(again),
    }


@pytest.mark.parametrize("kind", ["edit", "delete"])
@pytest.mark.parametrize("hours", [1, 11, 17, 19, 31])
def test_an_undoing_that_comes_when_the_window_has_slid_takes_back_what_is_left(kind: str, hours: int) -> None:
    """Half of a message's acts have expired, half have not: runs after the undoing are those of a log without the message."""
    words = [replace(said(n, START + n * HOUR_MS), object="m1" if n % 2 else "", event=f"e{n}") for n in range(1, 18)]
    steps = [Act(key=500 + n, at=START + n * HOUR_MS + 11 * MINUTE_MS, kind="post", actor="cy", event=f"c{n}") for n in range(56)]
    at = START + 17 * HOUR_MS + hours * HOUR_MS
    undoing = Act(key=900, at=at, kind=kind, actor="ada", event="u", object="m1")
    log = sorted([*words, *steps, undoing], key=lambda act: act.at)
    # An edit is a new statement of its own time, of a kind without a target.
    statement = [replace(undoing, kind="post", key=901, event="u2")] if kind == "edit" else []
    without = sorted([*(act for act in words if act.object != "m1"), *steps, *statement], key=lambda act: act.at)
    found, expected = tables(core_runs(log, SETTINGS)), tables(core_runs(without, SETTINGS))
    after = [boundary for boundary in found if boundary >= at]
    assert after
    assert {b: _answered(found[b]) for b in after} == {b: _answered(expected[b]) for b in after}


def _answered(rows: list[dict[str, object]]) -> list[tuple[object, object]]:
    return [(row["actor_id"], row["responders"]) for row in rows]
