"""A contest of scores: what they are handed, what counts as the truth, and that nobody sees past a cut date."""

from collections.abc import Mapping, Sequence

import numpy as np
import pytest
from msgspec.structs import replace
from numpy.typing import NDArray

from graph.evaluation.act_table import NEVER, act_table
from graph.evaluation.baselines import baselines
from graph.evaluation.blindness import LeakError, check_blind, leaks, planted_future, scores_at
from graph.evaluation.contest import Contestant, DateMarks, Known, LeftOut, contest
from graph.evaluation.cut_dates import Plan, shown
from graph.evaluation.outcomes import distinct_responders, endorsers
from graph.evaluation.own_scores import OwnScores
from graph.interaction import Interaction
from graph.normalise import Normaliser
from graph.replay import replay
from graph.theme_settings import DAY_MS, HOUR_MS, ThemeSettings
from prescribers.simulation import SimulationSettings, simulate
from tests.unit.evaluation_acts import act, by_name

PLAN = Plan(window_ms=10 * DAY_MS, half_life_ms=4 * DAY_MS, outcome_ms=5 * DAY_MS, every_ms=5 * DAY_MS)
SETTINGS = ThemeSettings(name="demo", window_ms=PLAN.window_ms, half_life_ms=PLAN.half_life_ms)
NOW = 2_000_000_000_000


def lines() -> list[bytes]:
    return list(simulate(SimulationSettings(events=4000, days=40)))


LINES = lines()


def interactions(values: Sequence[bytes] = LINES) -> list[Interaction]:
    normaliser = Normaliser()
    found: list[Interaction] = []
    for offset, line in enumerate(values):
        acts = normaliser.normalise(line, NOW, (0, offset))
        assert isinstance(acts, list)
        found += acts
    return sorted(found, key=lambda act: act.occurred_at)


ACTS = interactions()


def own() -> Sequence[Contestant]:
    return OwnScores(SETTINGS), baselines


def test_scores_are_those_of_a_replay_as_of_each_cut_date() -> None:
    dates = PLAN.dates(ACTS[0].occurred_at, ACTS[-1].occurred_at)
    runs = list(replay(lambda: LINES, {"demo": SETTINGS}, normaliser=Normaliser(), received_at=NOW, at=dates))
    seen: list[dict[str, float]] = []

    def watch(known: Known) -> Mapping[str, NDArray[np.float64]]:
        found = ours(known)
        seen.append(by_name(known.acts.ids, found["headline"]))
        return found

    ours = OwnScores(SETTINGS)
    assert all(isinstance(one, DateMarks) for one in contest(ACTS, PLAN, lambda: [watch], 1, ["Y1"]))
    assert len(seen) == len(dates) == len(runs)
    for values, run in zip(seen, runs, strict=True):
        assert values == {actor: score for actor, score in zip(run.rows["actor_id"], run.rows["score"], strict=True) if score}


def test_nothing_handed_out_is_later_than_the_cut_date() -> None:
    handed: list[Known] = []

    def watch(known: Known) -> Mapping[str, NDArray[np.float64]]:
        handed.append(known)
        return {"nothing": np.zeros(len(known.acts.ids))}

    assert list(contest(ACTS, PLAN, lambda: [watch], 1))
    acted: dict[str, int] = {}
    for one in ACTS:
        for name in (one.actor_id, one.target_actor_id, *one.mentions):
            acted.setdefault(name, one.occurred_at)
    for known in handed:
        for column in (known.acts.time, known.acts.src, known.window.dst):
            assert column.base is None, "a view would let a score read on past its end"
        assert known.acts.time.max() <= known.at_ms
        assert set(known.acts.gone_at.tolist()) <= {NEVER}
        assert all(one.occurred_at <= known.at_ms for one in known.fresh)
        assert all(acted[name] <= known.at_ms for name in known.acts.ids)


def test_our_scores_and_the_baselines_do_not_see_the_future() -> None:
    check_blind(ACTS, PLAN, own)


class Peeker:
    """Knows the whole conversation, and scores by who will be responded to."""

    def __init__(self, whole: Sequence[Interaction]) -> None:
        self._whole = act_table(whole)

    def __call__(self, known: Known) -> Mapping[str, NDArray[np.float64]]:
        after = self._whole.between(known.at_ms, known.at_ms + PLAN.outcome_ms)
        future = dict(zip(after.ids, distinct_responders(after).tolist(), strict=True))
        return {"peeker": np.array([future[name] for name in known.acts.ids]), "honest": np.zeros(len(known.acts.ids))}


def test_a_score_that_peeks_is_caught() -> None:
    at_ms = PLAN.dates(ACTS[0].occurred_at, ACTS[-1].occurred_at)[0]
    assert leaks(ACTS, at_ms, lambda log: scores_at(log, at_ms, PLAN.window_ms, [Peeker(log)])) == ["peeker"]


def test_a_score_that_drifts_between_two_looks_at_the_same_past_stops_the_evaluation() -> None:
    calls = iter(range(10))

    def drifting(known: Known) -> Mapping[str, NDArray[np.float64]]:
        return {"drifting": np.full(len(known.acts.ids), float(next(calls)))}

    with pytest.raises(LeakError, match="drifting"):
        check_blind(ACTS, PLAN, lambda: [drifting])


def test_a_score_that_rates_people_who_come_later_is_caught() -> None:
    true: dict[str, Mapping[str, float]] = {"s": {"a": 1.0}}
    planted: dict[str, Mapping[str, float]] = {"s": {"a": 1.0, "b": 0.0}}
    answers = iter([true, planted])
    assert leaks(ACTS, ACTS[0].occurred_at, lambda _: next(answers)) == ["s"]


def test_a_planted_future_leaves_the_past_alone_and_deletes_it_afterwards() -> None:
    past = [act(1, 10, "a"), act(2, 11, "b", "a"), act(3, 12, "c", object_key=0)]
    planted = planted_future([*past, act(4, 20, "a", "c")], 15)
    assert planted[:3] == past
    assert {one.kind for one in planted[3:]} == {"reply", "delete"}
    assert {one.object_key for one in planted if one.kind == "delete"} == {1, 2}
    assert planted_future([act(4, 20, "a", "c")], 15) == []


def test_a_conversation_too_short_for_a_cut_date_has_nothing_to_check_and_no_dates() -> None:
    short = ACTS[:50]
    check_blind(short, PLAN, own)
    assert list(contest(short, PLAN, own, 1)) == []
    assert list(contest([], PLAN, own, 1)) == []


def test_the_same_seed_gives_the_same_marks_and_ties_are_drawn_by_it() -> None:
    def equal(known: Known) -> Mapping[str, NDArray[np.float64]]:
        return {"equal": np.zeros(len(known.acts.ids))}

    first, again, other = (list(contest(ACTS, PLAN, lambda: [equal], seed, ["Y1"])) for seed in (1, 1, 2))
    assert repr(first) == repr(again)
    assert repr(first) != repr(other)


def test_dates_with_few_candidates_or_few_responders_are_left_out_and_say_so() -> None:
    few = [act(k, k * HOUR_MS, f"a{k % 7}", f"a{k % 5}") for k in range(1, 24 * 30) if k % 7 != k % 5]
    found = list(contest(few, PLAN, own, 1))
    assert found
    assert found[0] == LeftOut(15 * DAY_MS + 5 * HOUR_MS, ("Y1", "Y2", "Y3"), 7, 7)


def test_endorsements_are_kept_from_the_scores_that_are_to_foretell_them() -> None:
    handed: list[Known] = []

    def watch(known: Known) -> Mapping[str, NDArray[np.float64]]:
        handed.append(known)
        return {"nothing": np.zeros(len(known.acts.ids))}

    found = list(contest(ACTS, PLAN, lambda: [watch], 1, ["Y4"]))
    assert {outcome for one in found if isinstance(one, DateMarks) for outcome in one.marks} == {"Y4"}
    assert handed
    for known in handed:
        assert {one.kind for one in known.fresh} & {"repost", "reaction", "accept", "vouch"} == set()
        assert not endorsers(known.acts).any()


def test_an_outcome_in_which_nobody_gained_gives_no_marks() -> None:
    posts = [act(k, k * HOUR_MS, f"a{k % 40}") for k in range(1, 24 * 30)]
    assert all(isinstance(one, LeftOut) for one in contest(posts, PLAN, own, 1, ["Y1", "Y4"]))
    reactions = [*posts, *(act(10_000 + k, k * HOUR_MS, f"b{k % 40}", f"a{k % 40}") for k in range(1, 24 * 30))]
    reactions.sort(key=lambda one: one.occurred_at)
    last = replace(reactions[-1], kind="reaction", key=99_999, object_key=0)
    marks = [one for one in contest([*reactions, last], PLAN, own, 1) if isinstance(one, DateMarks)]
    assert [one.marks for one in marks if one.at_ms == marks[0].at_ms][-1] == {}


def test_k_is_a_twentieth_within_bounds() -> None:
    assert [shown(number) for number in (30, 200, 400, 1000, 5000)] == [10, 10, 20, 50, 50]


def test_the_first_cut_date_is_on_the_hour_and_the_last_outcome_period_is_over() -> None:
    plan = Plan(window_ms=4 * HOUR_MS, outcome_ms=HOUR_MS, every_ms=HOUR_MS)
    assert plan.dates(HOUR_MS + 1, 10 * HOUR_MS) == [8 * HOUR_MS, 9 * HOUR_MS]
    assert Plan(outcome_ms=1, every_ms=HOUR_MS, first_ms=0).dates(HOUR_MS, HOUR_MS + 1) == [HOUR_MS]
