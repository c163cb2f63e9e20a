"""The score in closed form: conversations so small that every number follows by hand. docs/ranking.md, sections 2 to 8."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from graph.kinds import preset_weights
from graph.reach import usual_ratios
from graph.score_parameters import DEFAULT, ScoreParameters
from graph.theme_settings import HOUR_MS, ThemeSettings
from tests.oracles.reference_act import Act
from tests.properties.conversations import SETTINGS, START
from tests.properties.interaction_records import core_runs

T = START
"""Everything occurs at a boundary, so that nothing has aged at the run there."""
WROTE_ONCE = 1 / 12 + 0.04


def says(actor: str, target: str = "", *, kind: str = "reply", ago: float = 0, **fields: Any) -> Act:  # noqa: ANN401 - any field of an act
    """An act `ago` hours before the run."""
    return Act(key=0, at=T - round(ago * HOUR_MS), kind=kind, actor=actor, target=target, **fields)


def ranked(*acts: Act, rules: ThemeSettings = SETTINGS) -> dict[str, dict[str, Any]]:
    """Rows by actor of the run at T."""
    log = [replace(act, key=n + 1) for n, act in enumerate(sorted(acts, key=lambda act: act.at))]
    runs = core_runs([*log, Act(key=99_999, at=T + 2 * HOUR_MS, kind="post", actor="clock")], rules)
    (run,) = [run for run in runs if run.closed.window_end == T]
    return {row["actor_id"]: row for row in run.rows}


def picked(*seeds: str) -> ThemeSettings:
    return replace(SETTINGS, seeds=seeds)


def test_answers_of_strangers_are_worth_tau() -> None:
    x = ranked(*(says(f"u{k}", "x") for k in range(10)))["x"]
    assert (x["trusted"], x["open"], x["responders"], x["messages"]) == (0, pytest.approx(0.05), 10, 0)
    assert x["regularity"] == pytest.approx((0.04 * WROTE_ONCE / 1.04**2) ** (1 / 3))
    assert (x["conversion"], x["lift"]) == (0, 1)
    assert x["score"] == x["reach"] == pytest.approx(0.05 * x["regularity"])


def test_three_who_answer_each_other_are_seeds_and_equals() -> None:
    rows = ranked(*(says(u, i) for u in "abc" for i in "abc" if u != i))
    for row in rows.values():
        assert (row["rank"], row["rank_low"], row["rank_high"], row["tier"]) == (1, 1, 3, 1)
        assert (row["trusted"], row["open"], row["messages"], row["solicited_share"]) == (2, 0, 2, 0)
        assert row["regularity"] == pytest.approx((WROTE_ONCE / 1.04) ** (2 / 3))
        assert (row["conversion"], row["lift"]) == (pytest.approx(1), pytest.approx(1))
        assert row["score"] == pytest.approx(2 * row["regularity"])
    assert list(rows) == ["a", "b", "c"]


def test_an_answer_is_worth_half_after_a_half_life_and_only_the_best_counts() -> None:
    here = says("s", kind="post")
    once = ranked(here, says("s", "x", ago=5), rules=picked("s"))["x"]
    often = ranked(here, *(says("s", "x", ago=hours) for hours in (5, 6, 7, 8)), rules=picked("s"))["x"]
    assert once["trusted"] == often["trusted"] == pytest.approx(0.5)
    assert (often["responders"], often["open"]) == (1, 0)


@pytest.mark.parametrize(
    ("kind", "worth"),
    [("reply", 1), ("quote", 1), ("accept", 1), ("vouch", 1), ("repost", 0.5), ("mention", 0.5), ("post", 0), ("action", 0)],
)
def test_each_kind_has_its_weight(kind: str, worth: float) -> None:
    row = ranked(says("s", "x", kind=kind), says("s", "y"), rules=picked("s")).get("x", {"trusted": 0})
    assert row["trusted"] == pytest.approx(worth)


def test_a_reaction_counts_only_from_those_who_also_engage() -> None:
    idle = ranked(says("s", "x", kind="reaction"), rules=picked("s"))
    engaged = ranked(says("s", "x", kind="reaction"), says("s", "y"), rules=picked("s"))
    assert "x" not in idle
    assert engaged["x"]["trusted"] == pytest.approx(0.05)


def test_trust_travels_along_answers_and_fades() -> None:
    """S is the only seed: r = .3, .21 and .147 along s, v, w after eight steps, and q25 = .3."""
    rows = ranked(says("s", "v", ago=1e-3), says("v", "w", ago=1e-3), says("w", "x", ago=1e-3), rules=picked("s"))
    fresh = 0.5 ** (1e-3 / 5)
    assert rows["v"]["trusted"] == pytest.approx(fresh, rel=1e-6)
    assert rows["w"]["trusted"] == pytest.approx(fresh * 0.21 / (0.21 + 0.03), rel=1e-6)
    assert rows["x"]["trusted"] == pytest.approx(fresh * 0.147 / (0.147 + 0.03), rel=1e-6)


def test_the_quorum_lets_unknown_answers_in_by_the_ratio_of_the_source() -> None:
    """U = 6, 2, 9 and T~ = 2, 0, 1 of x, y, z: x may have as many as z's 9 for 1 allow, z as many as x's 3 for 1, y but tau."""
    seeds = [says("s1", "x"), says("s2", "x"), says("s2", "z")]
    crowds = [says(f"{whom}{k}", whom) for whom, size in (("x", 6), ("y", 2), ("z", 9)) for k in range(size)]
    rows = ranked(*seeds, *crowds, rules=picked("s1", "s2"))
    assert (rows["x"]["trusted"], rows["x"]["open"]) == (2, pytest.approx(0.6 * 6))
    assert (rows["y"]["trusted"], rows["y"]["open"]) == (0, pytest.approx(0.05))
    assert (rows["z"]["trusted"], rows["z"]["open"]) == (1, pytest.approx(1.2 * 3 + 0.05))


def test_the_usual_ratio_is_that_of_the_others_with_most_of_the_credible_answers() -> None:
    """T~ = 4, 3, 2, 1, 0 at 1, 2, 5, 20 for 1: of all but oneself three quarters are reached at the third, or the second."""
    backed = np.array([4.0, 3.0, 2.0, 1.0, 0.0])
    unknown = backed * [1, 2, 5, 20, 0] + [0, 0, 0, 0, 900]
    assert usual_ratios(unknown, backed, DEFAULT).tolist() == [5, 5, 2, 2, 5]
    assert usual_ratios(unknown * 100, backed, DEFAULT).tolist() == [10] * 5
    assert usual_ratios(unknown / 100, backed, DEFAULT).tolist() == [0.25] * 5
    assert usual_ratios(unknown, np.zeros(5), DEFAULT).tolist() == [0.25] * 5
    assert usual_ratios(np.array([3.0, 8.0]), np.array([1.0, 0.0]), DEFAULT).tolist() == [0.25, 3]


def test_a_hand_picked_seed_s_vouch_makes_a_seed_and_that_one_s_does_not() -> None:
    """V is a seed by s's word; w, for whom only v speaks, is believed no more than v's answer makes it."""
    acts = [says("s", "v", kind="vouch"), says("v", "w", kind="vouch"), says("v", "x"), says("w", "y")]
    rows = ranked(*acts, rules=picked("s"))
    assert rows["x"]["trusted"] == 1
    assert 0 < rows["y"]["trusted"] < 1
    assert 0 < ranked(*acts[1:], rules=picked("s"))["x"]["open"] <= 0.05, "s is not there"


@pytest.mark.parametrize(("calls", "answers", "kept"), [(2, 1, 1), (3, 2, 1 / 2), (4, 3, 1 / 3), (5, 4, 1 / 4), (6, 3, 0)])
def test_answers_bought_by_cold_calls_carry_no_trust_on(calls: int, answers: int, kept: float) -> None:
    """Some whom i calls answer, u0 among them, the only seed (of the seed window): what i passes on to x is what is kept."""
    history = [says(f"h{k}", "u0", ago=15) for k in range(2)]
    called = [says("i", f"u{k}", ago=2e-6) for k in range(calls - 1)]
    replies = [says(f"u{k}", "i", ago=1e-6) for k in range(answers)]
    rows = ranked(*called, says("i", "x", ago=2e-6), *replies, *history)
    seed, caller, other = 1.0, 0.0, 0.0
    for _ in range(8):
        seed, caller, other = 0.3 + 0.7 * caller / calls, 0.7 * kept * (seed + (answers - 1) * other), 0.7 * caller / calls
    assert rows["i"]["solicited_share"] == 1
    assert rows["x"]["trusted"] == pytest.approx(caller / (caller + seed / 10), rel=1e-5)


@pytest.mark.parametrize(("calls", "kept"), [(15, 1), (17, 1 - 2 / 10), (24, 1 - 9 / 10), (30, 0)])
def test_answers_to_more_than_fifteen_contacts_do_not_count(calls: int, kept: float) -> None:
    """Ten of those whom i calls answer, u0 among them, the only seed: each contact beyond fifteen has bought one of the ten."""
    history = [says(f"h{k}", "u0", ago=15) for k in range(2)]
    called = [says("i", f"u{k}", ago=2e-6) for k in range(calls)]
    row = ranked(*called, *(says(f"u{k}", "i", ago=1e-6) for k in range(10)), *history)["i"]
    assert row["responders"] == 10
    assert row["trusted"] == pytest.approx(kept, abs=1e-5), "i, whose calls carry no trust on, makes nobody credible"


def test_who_calls_first_solicits() -> None:
    rows = ranked(says("i", "u", ago=2), says("u", "i", ago=1), says("v", "i", ago=1), says("i", "v", ago=0.5))
    assert rows["i"]["solicited_share"] == pytest.approx(0.5)
    assert (rows["u"]["solicited_share"], rows["v"]["solicited_share"]) == (0, 1)


@pytest.mark.parametrize(("called", "solicited"), [(17.9, 1), (18.1, 0)])
def test_a_call_before_the_window_still_solicits_as_long_as_it_is_known(called: float, solicited: int) -> None:
    rows = ranked(says("i", "u", ago=called), says("u", "i", ago=11.9), says("now", kind="post"))
    assert rows["i"]["solicited_share"] == solicited


def test_regularity_counts_twelfths_not_acts() -> None:
    slices = (0, 1, 2, 3)
    spread = [act for hour in slices for act in (says("x", kind="post", ago=hour), says("u", "x", ago=hour))]
    crowd = [says("x", kind="post", ago=k / 100) for k in range(50)]
    assert ranked(*spread)["x"]["regularity"] == pytest.approx((4 / 12 + 0.04) ** (2 / 3) / 1.04 ** (2 / 3))
    assert ranked(*spread, *crowd)["x"]["regularity"] == ranked(*spread)["x"]["regularity"]


def test_conversion_is_responders_per_own_message_shrunk_to_the_mean() -> None:
    """x: R' = 1 with one post; y: R' = 1 with nine. m = 2 / 12 over x, y and the two answers of s; k = 20."""
    acts = [says("s", "x"), says("s", "y"), says("x", kind="post"), *(says("y", kind="post") for _ in range(9))]
    rows = ranked(*acts, rules=picked("s"))
    m = 2 / 12
    spread = (1 * (1 - m) ** 2 + 9 * (1 / 9 - m) ** 2 + 2 * m**2) / 12
    k = min(max(m / max(spread - m * 3 / 12, 1e-3 * m * m), 5), 20)
    assert rows["x"]["conversion"] == pytest.approx((1 + k * m) / (1 + k))
    assert rows["y"]["conversion"] == pytest.approx((1 + k * m) / (9 + k))


def test_lift_is_the_share_of_reach_from_people_met_of_late_over_the_usual() -> None:
    """Three seeds answer now; only s had nothing to do before with whom it answers: new 1 of R = 3, the mean stands for 2."""
    met = [says("s2", "y", ago=6.5), says("z", "s3", kind="mention", ago=6.5)]
    rows = ranked(says("s", "x"), says("s2", "y"), says("s3", "z"), *met, rules=picked("s", "s2", "s3"))
    heard = sum(rows[name]["trusted"] + rows[name]["open"] for name in rows)
    assert (rows["x"]["lift"], rows["y"]["lift"]) == (pytest.approx((heard + 2) / 3), pytest.approx(2 / 3))
    assert rows["z"]["lift"] == pytest.approx(rows["y"]["lift"])
    assert rows["x"]["score"] == pytest.approx(rows["x"]["reach"] * rows["x"]["lift"] ** (1 / 3))


def test_who_has_only_reacted_is_no_new_voice() -> None:
    rows = ranked(says("s", "x"), says("s", "y", kind="reaction"), rules=picked("s"))
    assert rows["y"]["lift"] == pytest.approx(2 / (0.05 + 2))


@pytest.mark.parametrize("met", [6.5, 0])
def test_strangers_move_lift_no_further_than_they_move_reach(met: float) -> None:
    """A hundred accounts that nobody knows, new to x or not: they open what the quorum lets in, and nothing else."""
    crowd = [says(f"u{k}", "x", ago=ago) for k in range(100) for ago in {met, 0}]
    alone, crowded = (ranked(says("s", "x"), says("s", "y"), *more, rules=picked("s")) for more in ([], crowd))
    opened = crowded["x"]["open"]
    assert opened == pytest.approx(1.2 * 0.25 + DEFAULT.tau)
    new = 1 + (0 if met else opened)
    usual = (1 + new) / (2 + opened)
    assert crowded["x"]["lift"] == pytest.approx((new / usual + 2) / (1 + opened + 2))
    assert crowded["x"]["score"] > alone["x"]["score"]


@pytest.mark.parametrize("kind", ["staff", "brand", "bot"])
def test_staff_brands_and_bots_are_not_listed(kind: str) -> None:
    rows = ranked(
        says("u", "x"), says("u", "y"), says("x", kind="post", actor_type=kind), says("y", kind="post", actor_type="org")
    )
    assert list(rows) == ["y"]


def test_who_objected_once_is_not_listed() -> None:
    rows = ranked(says("u", "x"), says("u", "y"), says("x", kind="post", no_rank=True, ago=1), says("x", kind="post"))
    assert list(rows) == ["y"]


def test_answers_of_bots_are_left_out() -> None:
    rows = ranked(says("robot", "x", actor_type="bot"), says("u", "y"))
    assert list(rows) == ["y"]


def test_ranks_are_shared_by_equals_and_tiers_follow_ranks() -> None:
    acts = [says("s", f"x{k:02d}") for k in range(90)] + [says("s2", "x00"), says("s2", "x01")]
    rows = ranked(*acts, rules=picked("s", "s2"))
    assert [rows[f"x{k:02d}"]["rank"] for k in (0, 1, 2, 89)] == [1, 1, 3, 3]
    assert (rows["x02"]["rank_low"], rows["x02"]["rank_high"], rows["x02"]["tier"]) == (1, 90, 1)
    ladder = [says(f"s{n}", f"x{k:02d}", ago=k / 100) for k in range(90) for n in range(3)]
    tiers = [row["tier"] for row in ranked(*ladder, rules=picked("s0", "s1", "s2")).values()]
    assert tiers == [1] * 5 + [2] * 15 + [3] * 60 + [4] * 10


def test_followers_are_shown_with_their_rank() -> None:
    acts = [says("u", f"x{k}") for k in range(4)]
    acts += [says(f"x{k}", kind="post", followers=count) for k, count in enumerate((10, 500, 500))]
    rows = ranked(*acts)
    assert [(rows[f"x{k}"]["followers"], rows[f"x{k}"]["followers_rank"]) for k in range(4)] == [
        (10, 3),
        (500, 1),
        (500, 1),
        (None, None),
    ]


def test_a_score_version_names_parameters_and_preset() -> None:
    assert DEFAULT.version("recommend") == ScoreParameters().version("recommend")
    assert DEFAULT.version("recommend") != ScoreParameters(tau=0.5).version("recommend")
    with pytest.raises(KeyError):
        preset_weights("no such preset")
