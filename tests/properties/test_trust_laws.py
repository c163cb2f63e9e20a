"""What cannot be bought: rings, volume, reactions, followers. And what trust is worth: an answer from a seed."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from graph.keys import identity_key
from graph.score_parameters import DEFAULT
from graph.theme_settings import HOUR_MS, MINUTE_MS
from tests.oracles.reference_act import Act
from tests.properties.conversations import SETTINGS, START, conversation
from tests.properties.interaction_records import CoreRun, core_runs

HOURS = 60
END = START + HOURS * HOUR_MS
HONEST = conversation(7, actors=40, acts=1_500, hours=HOURS)
SEED_HISTORY = SETTINGS.window_ms * 3 // 2
ROUNDING = 1 + 1e-9


def act(name: str, at: int, actor: str, kind: str = "reply", **fields: Any) -> Act:  # noqa: ANN401 - any field of an act
    """An act added to a conversation; `name` is its id."""
    named = "" if kind == "reaction" else name
    return Act(
        key=identity_key("s", name), event=name, object=named, at=at, actor=actor, kind=kind, actor_type="person", **fields
    )


def merged(*parts: Iterable[Act]) -> list[Act]:
    """One log in order of time, so that no added act is late."""
    acts = sorted((one for part in parts for one in part), key=lambda one: one.at)
    return [replace(one, offset=n) for n, one in enumerate(acts)]


def row_of(run: CoreRun, actor: str) -> dict[str, Any]:
    """The actor's row; zeros where it is not ranked."""
    missing = dict.fromkeys(("score", "reach", "trusted", "open", "conversion", "lift"), 0.0) | {"rank": len(run.rows) + 1}
    return next((row for row in run.rows if row["actor_id"] == actor), missing)


def ring(size: int, since: int, *, mutual: bool = False) -> list[Act]:
    """A boss who posts 20 times, each time answered by `size` new accounts; `mutual`: they answer each other, too."""
    acts = []
    for post in range(20):
        at = since + post * (END - since) // 21
        acts.append(act(f"boss{post}", at, "boss", "post"))
        acts += [
            act(
                f"puppet{post}/{k}",
                at + 1 + k,
                f"puppet{k}",
                parent=f"boss{post}",
                mentions=(f"puppet{k + 1}",) if mutual else (),
            )
            for k in range(size)
            if post < 5 or (post + k) % 5 == 0
        ]
    return acts


@pytest.mark.parametrize("mutual", [False, True])
@pytest.mark.parametrize("size", [1, 5, 50, 400])
def test_a_fresh_ring_of_any_size_is_worth_at_most_tau(size: int, mutual: bool) -> None:  # noqa: FBT001 - a parameter
    since = END - SETTINGS.window_ms // 2
    assert since - START >= SEED_HISTORY
    runs = core_runs(merged(HONEST, ring(size, since, mutual=mutual)), SETTINGS)
    seen = [row_of(run, "boss") for run in runs if run.closed.window_end > since]
    assert any(row["score"] > 0 for row in seen)
    assert all(row["trusted"] == 0 for row in seen)
    assert all(row["trusted"] + row["open"] <= DEFAULT.tau * ROUNDING for row in seen)


def test_beside_honest_answers_a_ring_adds_what_the_quorum_lets_in_whatever_its_size() -> None:
    """The honest part is T + 1.2 r T~, with the usual ratio r: neither depends on how large the ring is."""
    since = END - SETTINGS.window_ms // 2
    helped = [act(f"honest{k}", since + 30 * MINUTE_MS, f"a{k:02d}", parent="boss0") for k in range(8, 14)]
    alone, small, large = (core_runs(merged(HONEST, ring(size, since), helped), SETTINGS)[-1] for size in (0, 40, 400))
    assert not large.closed.cold_start
    boss, few, many = (row_of(run, "boss") for run in (alone, small, large))
    assert boss["trusted"] == pytest.approx(few["trusted"]) == pytest.approx(many["trusted"])
    assert boss["open"] < few["open"] == pytest.approx(many["open"])
    assert large.rows[0]["actor_id"] != "boss"


def test_a_campaign_that_is_older_than_every_backtest_does_not_switch_trust_off() -> None:
    """It is most of what follows, each time; responders counted alike would have foretold it."""
    hours = 120
    honest = conversation(7, actors=40, acts=2_400, hours=hours)
    posts = [act(f"boss{k}", START + k * HOUR_MS, "boss", "post") for k in range(hours)]
    answers = [
        act(f"puppet{k}/{n}", START + k * HOUR_MS + n * MINUTE_MS // 2, f"puppet{n}", parent=f"boss{k}")
        for k in range(hours)
        for n in range(60)
    ]
    runs = core_runs(merged(honest, posts, answers), SETTINGS)
    assert max(run.closed.backtests["s"] for run in runs) == 8
    assert all(run.closed.plain_sources == [] for run in runs)
    boss = row_of(runs[-1], "boss")
    assert boss["responders"] == 60
    assert boss["trusted"] + boss["open"] <= DEFAULT.tau * ROUNDING


def test_a_ring_does_not_become_the_trust_of_a_community_that_has_fallen_silent() -> None:
    """Nobody in it is answered any more, but who was believed still posts; the ring answers itself for two windows."""
    quiet = 24
    posts = [act(f"still{k}", END + k * HOUR_MS, f"a{k % 40:02d}", "post") for k in range(quiet)]
    applause = [
        act(f"clap{hour}/{k}", END + hour * HOUR_MS + k * MINUTE_MS, f"puppet{k}", target=whom)
        for hour in range(quiet)
        for k in range(20)
        for whom in ("boss", f"puppet{(k + hour) % 20 + 1}")
    ]
    words = [act(f"boss{k}", END + k * HOUR_MS, "boss", "post") for k in range(quiet)]
    runs = core_runs(merged(HONEST, posts, applause, words), SETTINGS)
    boss = row_of(runs[-1], "boss")
    assert runs[-1].closed.cold_start
    assert boss["responders"] == 20
    assert boss["trusted"] + boss["open"] <= DEFAULT.tau * ROUNDING


@pytest.mark.parametrize("times", [2, 10])
def test_posting_more_raises_nothing(times: int) -> None:
    """The same posts, each repeated at once: reach stays what it was, conversion, score and rank never improve."""
    names = {one.actor for one in HONEST}
    expected = core_runs(merged(HONEST), SETTINGS)
    undone = {one.object for one in HONEST if one.kind in ("edit", "delete")}
    for poster in sorted(names)[::8]:
        own = [one for one in HONEST if one.actor == poster and one.kind == "post" and one.object not in undone]
        extra = [
            replace(one, key=identity_key("s", f"again{one.key}/{k}"), event=f"again{one.key}/{k}", object="", at=one.at)
            for one in own
            for k in range(times - 1)
        ]
        assert extra
        for run, before in zip(core_runs(merged(HONEST, extra), SETTINGS), expected, strict=True):
            now, then = row_of(run, poster), row_of(before, poster)
            assert now["reach"] == pytest.approx(then["reach"], rel=1e-9)
            assert now["score"] <= then["score"] * ROUNDING
            assert now["rank"] >= then["rank"]


@pytest.mark.parametrize("spread", [False, True])
def test_thousands_of_reactions_from_accounts_that_never_reply_change_no_score(spread: bool) -> None:  # noqa: FBT001 - a parameter
    targets = ["a00", "a01", "nobody"] if spread else ["a20"]
    likes = [
        act(f"like{k}", START + (k * 37) % (HOURS * HOUR_MS), f"fan{k % 1_500}", "reaction", target=targets[k % len(targets)])
        for k in range(6_000)
    ]
    liked, plain = _same_ends(merged(HONEST, likes), merged(HONEST))
    for run, before in zip(liked, plain, strict=True):
        assert [(row["actor_id"], row["rank"]) for row in run.rows] == [(row["actor_id"], row["rank"]) for row in before.rows]
        assert [row["score"] for row in run.rows] == pytest.approx([row["score"] for row in before.rows], rel=1e-9)


def _same_ends(added: list[Act], plain: list[Act]) -> tuple[list[CoreRun], list[CoreRun]]:
    """Runs at the boundaries that both logs rank: more events may make more runs due, and none fewer."""
    expected = core_runs(plain, SETTINGS)
    ends = {run.closed.window_end for run in expected}
    found = [run for run in core_runs(added, SETTINGS) if run.closed.window_end in ends]
    assert len(found) == len(expected) > HOURS - 2
    return found, expected


def test_accounts_that_only_post_win_no_seats_of_trust_for_others() -> None:
    crowd = [act(f"crowd{k}", START + (k * 41) % (HOURS * HOUR_MS), f"crowd{k}", "post") for k in range(2_000)]
    with_crowd, plain = _same_ends(merged(HONEST, crowd), merged(HONEST))
    assert [run.closed.seeds for run in with_crowd] == [run.closed.seeds for run in plain]
    for run, before in zip(with_crowd, plain, strict=True):
        reach = {row["actor_id"]: row["reach"] for row in run.rows}
        assert reach == pytest.approx({row["actor_id"]: row["reach"] for row in before.rows}, rel=1e-9)


SEEDS = tuple(f"seed{k}" for k in range(4))


@given(
    talk=st.lists(st.tuples(st.integers(0, 3), st.integers(0, 6), st.integers(1, 700)), max_size=30),
    listeners=st.lists(st.tuples(st.integers(0, 5), st.integers(0, 6), st.integers(1, 700)), max_size=30),
    answer=st.tuples(st.integers(0, 3), st.integers(0, 6), st.integers(1, 700)),
)
@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_a_new_answer_from_a_seed_never_lowers_reach(
    talk: list[tuple[int, int, int]], listeners: list[tuple[int, int, int]], answer: tuple[int, int, int]
) -> None:
    """R = T + open of its target, where every other responder is a seed or somebody to whom nobody responds.

    In general it can fall: the seed's word is shared among those it answers, so the others it trusts lose some credibility.
    """
    people = [*SEEDS, "x", "y", "z"]
    said = [(SEEDS[u], people[i], minute) for u, i, minute in talk] + [(f"lurker{u}", people[i], m) for u, i, m in listeners]
    who, whom, minute = SEEDS[answer[0]], people[answer[1]], answer[2]
    acts = [act(f"said{n}", START + at * MINUTE_MS, u, target=i) for n, (u, i, at) in enumerate(said)]
    acts += [act(f"here{n}", START + n, actor, "post") for n, actor in enumerate(people)]
    ends = act("end", START + 13 * HOUR_MS + 15 * MINUTE_MS, "clock", "post")
    picked = replace(SETTINGS, seeds=SEEDS, step_ms=12 * HOUR_MS)
    new = act("answer", START + minute * MINUTE_MS, who, target=whom)
    before = core_runs(merged(acts, [ends]), picked)[-1]
    after = core_runs(merged(acts, [new], [ends]), picked)[-1]
    reach_before, reach_after = (sum(row_of(run, whom)[part] for part in ("trusted", "open")) for run in (before, after))
    assert reach_after >= reach_before - 1e-12


def test_no_field_about_followers_can_reach_the_scorer() -> None:
    """By construction: the arrays that the score reads have no such column."""
    from graph.window import Window

    assert not [name for name in Window.__dataclass_fields__ if "follower" in name]
