"""Each cause of a receipt, made to happen alone."""

from dataclasses import replace

import pytest

from graph.partition_state import PartitionState
from graph.receipts.ledger import Ledger
from graph.receipts.periods import period_of
from graph.run import RankingRun
from graph.theme_settings import DAY_MS, HOUR_MS, MINUTE_MS, ThemeSettings
from tests.oracles.reference_act import Act
from tests.properties.interaction_records import THEME, to_records
from tests.properties.receipts_checked import Part, checked_pairs, parts_of

START = 490_008 * HOUR_MS
RULES = ThemeSettings(
    name=THEME,
    window_ms=12 * HOUR_MS,
    half_life_ms=5 * HOUR_MS,
    step_ms=HOUR_MS,
    lateness_ms=10 * MINUTE_MS,
    seeds=tuple(f"{letter}{number}" for letter in "uv" for number in range(10)),
)
"""Responders are believed, so that each response counts for itself and no quorum is in the way."""


def act(number: int, hours: float, actor: str, target: str = "", **fields: object) -> Act:
    """A reply to `target`, or a post."""
    values: dict[str, object] = {"kind": "reply" if target else "post", "event": f"e{number}", "object": f"e{number}"}
    at = START + round(hours * HOUR_MS)
    return Act(key=number, at=at, actor=actor, target=target, offset=number, **(values | fields))  # type: ignore[arg-type] # plain


BEFORE = [act(1, 0.5, "u1", "ada"), act(2, 1.0, "u2", "ada"), act(3, 2.5, "u3", "bob"), act(4, 3.5, "bob"), act(5, 3.6, "ada")]
FIRST = 4


def runs_of(*later: Act, until: float, earlier: list[Act] = BEFORE, first: float = FIRST) -> list[RankingRun]:
    """Two runs: `first` and `until` hours after the start; posts of a passer-by make each due."""
    wanted = {START + round(first * HOUR_MS), START + round(until * HOUR_MS)}
    clock = [act(1000 + k, k / 2 + 0.24, "passer-by") for k in range(2 * int(until) + 1)]
    log = sorted([*earlier, *later, *clock], key=lambda each: each.received_at or each.at)
    records = to_records([*log, act(9999, until, "", kind="close", feed_parts=1)])
    state = PartitionState(0, {THEME: RULES}, lambda _, boundary: boundary in wanted, whole_evidence=True)
    found = [run for run in state.runs(range(len(records)), records) if run.window_end in wanted]
    assert len(found) == 2
    checked_pairs(found)
    return found


def receipt(actor: str, *later: Act, until: float = 5, earlier: list[Act] = BEFORE, first: float = FIRST) -> dict[str, Part]:
    """An actor's parts at the later run, by cause."""
    parts = parts_of(runs_of(*later, until=until, earlier=earlier, first=first)[1])[actor]
    return {part["cause"]: part for part in parts}


def test_where_nothing_happens_responses_fade() -> None:
    parts = receipt("ada")
    assert parts["decay"]["points"] < 0
    assert not parts.keys() & {"gained", "renewed", "expired", "withdrawn", "credibility", "half_life", "listing"}


def test_a_new_responder_is_gained_and_counted() -> None:
    parts = receipt("ada", act(10, 4.5, "u9", "ada"))
    assert (parts["gained"]["points"] > 0, parts["gained"]["people"]) == (True, 1)
    assert not parts.keys() & {"renewed", "expired", "withdrawn"}


def test_the_same_responder_again_is_renewed() -> None:
    parts = receipt("ada", act(10, 4.5, "u1", "ada"))
    assert (parts["renewed"]["points"] > 0, parts["renewed"]["people"]) == (True, 1)
    assert "gained" not in parts


def test_a_deleted_response_is_withdrawn() -> None:
    parts = receipt("ada", act(10, 4.2, "u2", kind="delete", object="e2"))
    assert (parts["withdrawn"]["points"] < 0, parts["withdrawn"]["people"]) == (True, -1)
    assert "expired" not in parts


def test_what_never_counted_and_is_deleted_changes_nothing() -> None:
    """Its author is in neither run: what a bot says is no response."""
    said = act(6, 3.0, "machine", "ada", actor_type="bot")
    parts = receipt("ada", act(10, 4.2, "machine", kind="delete", object="e6"), earlier=[*BEFORE, said])
    assert not parts.keys() & {"gained", "renewed", "expired", "withdrawn"}


def test_a_responder_who_turns_out_a_bot_is_withdrawn() -> None:
    parts = receipt("ada", act(10, 4.2, "u2", actor_type="bot"))
    assert parts["withdrawn"]["people"] == -1


def test_responses_that_leave_the_window_expire() -> None:
    parts = receipt("ada", act(10, 4.5, "u2", "ada"), until=13)
    assert (parts["expired"]["points"] < 0, parts["expired"]["people"]) == (True, -2)
    assert parts["gained"]["people"] == 1, "the one whose responses had all expired, and who came back"


def test_a_response_that_arrived_late_is_gained_and_not_kept_secret() -> None:
    late = act(10, 3.9, "u9", "ada", received_at=START + round(4.5 * HOUR_MS))
    assert receipt("ada", late)["gained"]["people"] == 1


def test_a_reply_whose_parent_came_later_is_gained() -> None:
    reply = act(10, 3.0, "u9", parent="late", kind="reply")
    parent = act(11, 2.9, "ada", event="late", object="late", received_at=START + round(4.5 * HOUR_MS))
    assert receipt("ada", parent, earlier=[*BEFORE, reply])["gained"]["people"] == 1


def test_who_objects_leaves_the_list_with_all_of_its_score() -> None:
    runs = runs_of(act(10, 4.2, "ada", no_rank=True), until=5)
    parts = {part["cause"]: part for part in parts_of(runs[1])["ada"]}
    assert (
        parts["listing"]["points"]
        == -sum(part["points"] for cause, part in parts.items() if cause != "listing") - (parts["listing"]["score_before"])
    )
    assert (parts["listing"]["score_after"], parts["listing"]["rank_after"]) == (0.0, len(runs[1].rows["rank"]) + 1)
    assert {part["cause"]: part["places"] for part in parts_of(runs[1])["bob"]}["left"] == 1


def test_who_was_staff_and_is_no_more_enters_with_all_of_its_score() -> None:
    staff = act(10, 3.7, "ada", actor_type="staff")
    parts = receipt("ada", act(11, 4.2, "ada", actor_type="person"), earlier=[*BEFORE, staff])
    assert parts["listing"]["score_before"] == 0.0
    assert parts["listing"]["points"] > 0


def test_a_newcomer_s_score_is_told_by_who_responded() -> None:
    parts = receipt("eve", act(10, 4.5, "u1", "eve"), act(11, 4.6, "eve"))
    assert parts["gained"]["points"] == parts["gained"]["score_after"]
    assert parts["gained"]["rank_before"] == 3


def test_who_is_passed_loses_places_to_rivals_and_not_by_its_own_doing() -> None:
    rivals = [act(10 + k, 4.1 + k / 10, f"v{k}", "bob") for k in range(5)]
    parts = receipt("ada", *rivals)
    assert (parts["rivals"]["places"], parts["rivals"]["points"]) == (-1, 0.0)
    assert sum(part["places"] for part in parts.values()) == -1


def test_newcomers_ahead_are_told_apart_from_rivals() -> None:
    parts = receipt("ada", *(act(10 + k, 4.1 + k / 10, f"v{k}", "eve") for k in range(6)))
    assert parts["entered"]["places"] == -1
    assert "rivals" not in parts


def test_a_source_that_has_fallen_silent_and_one_that_begins() -> None:
    other = [act(20, 1.0, "z1", "zoe", source="z"), act(21, 1.1, "zoe", source="z")]
    begun = [act(30, 22.5, "y1", "yan", source="y"), act(31, 22.6, "yan", source="y")]
    runs = runs_of(*begun, act(40, 22.7, "u1", "ada"), until=23, earlier=[*BEFORE, *other])
    parts = {actor: {part["cause"]: part for part in found} for actor, found in parts_of(runs[1]).items()}
    assert parts["zoe"]["expired"]["people"] == -1
    assert parts["zoe"]["expired"]["points"] == -parts["zoe"]["expired"]["score_before"]
    assert parts["yan"]["gained"]["points"] == parts["yan"]["gained"]["score_after"]


def test_runs_are_compared_weekly_from_monday_or_twice_a_window() -> None:
    monday = 18_260 * DAY_MS + 3 * DAY_MS - (18_260 + 3) % 7 * DAY_MS + 4 * DAY_MS
    monday -= (monday // DAY_MS + 3) % 7 * DAY_MS
    long, short = ThemeSettings(name="t"), replace(RULES, name="t")
    assert period_of(monday, long) == period_of(monday - 1, long) + 1 == period_of(monday + 7 * DAY_MS - 1, long)
    assert period_of(START, short) == period_of(START - 1, short) + 1 == period_of(START + 6 * HOUR_MS - 1, short)


def test_a_ledger_is_read_back_as_written() -> None:
    records = to_records([*BEFORE, act(50, 7, "x")])
    state = PartitionState(0, {THEME: RULES})
    state.runs(range(len(records)), records)
    ledger = state.themes[THEME]._versions.own.ledger
    assert ledger is not None
    again = Ledger.load(ledger.dump())
    assert again.dump() == ledger.dump()
    assert again.pages["s"].of("headline", again.actors()).max() > 0


@pytest.mark.parametrize("gap", [30, 60])
def test_after_a_long_silence_everybody_has_left_and_is_still_named(gap: int) -> None:
    runs = runs_of(act(10, gap - 0.5, "u1", "new"), until=gap)
    assert {"ada", "bob", "new"} <= parts_of(runs[1]).keys()
