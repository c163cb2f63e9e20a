"""What attackers do, counted; where their accounts come out, by hand."""

from collections import Counter

import numpy as np
import pytest

from graph.attacks.assault import Assault, grounds, scene_of, window_of
from graph.attacks.catalogue import AGED_SPANS, ATTACKS, BOSS_POSTS, Attack
from graph.attacks.places import NOWHERE, Place, own_place, place
from graph.attacks.prices import prices, results
from graph.attacks.real_ring import replayed
from graph.attacks.scene import Scene, Script
from graph.evaluation.cut_dates import Plan
from graph.interaction import Interaction
from graph.theme_settings import DAY_MS, HOUR_MS, ThemeSettings
from prescribers.attack_run import Community, spread_dates

HONEST = tuple(f"h{k}" for k in range(40))
SCENE = Scene("t", "s", 100 * DAY_MS, 20 * DAY_MS, HONEST, HONEST[:5])
PLAN = Plan(window_ms=20 * DAY_MS, half_life_ms=7 * DAY_MS, outcome_ms=10 * DAY_MS, every_ms=10 * DAY_MS)
RULES = ThemeSettings(name="t", window_ms=PLAN.window_ms, half_life_ms=PLAN.half_life_ms)


def script(name: str, accounts: int = 20) -> Script:
    written = Script(SCENE, np.random.default_rng(1), f"attack {name}")
    ATTACKS[name].acts(written, accounts)
    return written


def conversation(days: int = 130, actors: int = 40) -> list[Interaction]:
    """Everybody posts and answers neighbours, every six hours somebody."""
    rng = np.random.default_rng(5)
    acts = []
    for number in range(days * 12):
        actor = int(rng.integers(actors))
        target = f"h{(actor + int(rng.integers(1, 6))) % actors}" if number % 3 else ""
        acts.append(
            Interaction(
                theme="t",
                kind="reply" if target else "post",
                occurred_at=number * 2 * HOUR_MS,
                key=number + 1,
                source="s",
                event_id=f"e{number}",
                object_id=f"e{number}",
                object_key=number + 1,
                actor_id=f"h{actor}",
                target_actor_id=target,
            )
        )
    return acts


@pytest.mark.parametrize("name", ATTACKS)
def test_an_attack_is_the_same_each_time_and_lasts_as_long_as_it_says(name: str) -> None:
    written = script(name)
    assert written.acts == script(name).acts
    begin = SCENE.end_ms - ATTACKS[name].spans * SCENE.half_ms
    assert all(begin < act.occurred_at <= SCENE.end_ms for act in written.acts)
    assert len({act.key for act in written.acts}) == len(written.acts)
    assert all(act.actor_id != act.target_actor_id for act in written.acts)
    assert {act.actor_id for act in written.acts if not written.owns(act.actor_id)} <= set(HONEST)


@pytest.mark.parametrize("name", ATTACKS)
def test_the_boss_posts_twenty_times_a_half_window(name: str) -> None:
    written = script(name)
    posts = sum(act.actor_id == written.boss and act.kind == "post" for act in written.acts)
    assert posts == BOSS_POSTS * ATTACKS[name].spans


def test_puppets_applaud_flatter_and_call_as_often_as_stated() -> None:
    boss = script("star").boss
    assert sum(act.target_actor_id == boss for act in script("star").acts) == 40
    flattery = [act for act in script("camouflage").acts if act.target_actor_id in SCENE.popular]
    assert len(flattery) == 60
    calls = script("infiltrated")
    assert sum(act.target_actor_id in HONEST for act in calls.acts) == 600
    assert calls.answers == sum(act.actor_id in HONEST for act in calls.acts) > 0
    insistent = script("insistent spam")
    assert sum(act.actor_id == insistent.boss and act.target_actor_id in HONEST for act in insistent.acts) == 600


def test_an_aged_attack_does_the_same_in_every_half_window() -> None:
    ages = Counter((SCENE.end_ms - act.occurred_at) // SCENE.half_ms for act in script("aged ring").acts)
    assert set(ages) == set(range(AGED_SPANS))


def test_no_more_people_are_bought_than_there_are() -> None:
    assert {act.actor_id for act in script("bought", 500).acts} == {"attack bought:boss", *HONEST}


def played(values: dict[str, float], *, k: int) -> Place:
    written = Script(SCENE, np.random.default_rng(1), "a")
    return place(np.array(list(values)), np.array(list(values.values())), written, np.array(HONEST), k)


def test_a_boss_stands_behind_those_who_equal_it() -> None:
    found = played({"h1": 3.0, "h2": 2.0, "a:boss": 2.0, "a:1": 1.0, "h3": 0.5}, k=2)
    assert found == Place(percentile=38 / 40, rank=3, inside=False, seats=0)
    assert played({"h1": 3.0, "h2": 1.0, "a:boss": 2.0, "a:1": 1.5}, k=3) == Place(39 / 40, 2, inside=True, seats=2)


def test_without_a_boss_the_best_account_counts() -> None:
    assert played({"h1": 3.0, "a:7": 2.0, "a:8": 4.0}, k=1) == Place(1.0, 1, inside=True, seats=1)


def test_who_has_nothing_is_nowhere() -> None:
    assert played({"h1": 1.0, "a:boss": 0.0}, k=5) == NOWHERE
    assert played({"h1": 1.0}, k=5) == NOWHERE
    assert own_place(None, Script(SCENE, np.random.default_rng(1), "a"), np.array(HONEST), 5) == NOWHERE


def test_a_star_takes_the_list_of_those_who_count_and_not_ours() -> None:
    acts = conversation()
    (ground,) = grounds(acts, PLAN, RULES, [1, AGED_SPANS], [120 * DAY_MS])
    found = ground.assault("ring", ATTACKS["ring"], 60, seed=1)
    assert found.places["in-degree"].inside
    assert found.places["distinct responders"].rank == 1
    assert not found.places["score"].inside
    assert (found.acts, found.age_ms, found.history_ms) == (found.acts, 10 * DAY_MS, 120 * DAY_MS)
    assert found == ground.assault("ring", ATTACKS["ring"], 60, seed=1)


def test_an_attack_leaves_the_ground_as_it_was() -> None:
    acts = conversation()
    idle = Attack(lambda _script, _accounts, _span: None)
    dates = [100 * DAY_MS, 120 * DAY_MS]
    alone = [one.assault("idle", idle, 1, 1) for one in grounds(acts, PLAN, RULES, [1], dates)]
    after: list[Assault] = []
    for ground in grounds(acts, PLAN, RULES, [1, AGED_SPANS], dates):
        ground.assault("aged ring", ATTACKS["aged ring"], 30, 1)
        after.append(ground.assault("idle", idle, 1, 1))
    assert alone == after
    assert alone[0].places["score"] == NOWHERE


def test_a_date_with_few_people_is_passed_over() -> None:
    assert list(grounds(conversation(actors=10), PLAN, RULES, [1], [120 * DAY_MS])) == []


def test_where_nobody_acts_while_the_attack_lasts_those_of_the_window_are_its_scene() -> None:
    acts = conversation(days=30)
    window = window_of(acts, 30 * DAY_MS, PLAN.window_ms)
    scene = scene_of([], window, 30 * DAY_MS, PLAN.window_ms)
    assert (scene.theme, scene.source, len(scene.honest)) == ("", "", 40)


def test_a_real_ring_is_moved_to_the_date_under_other_names() -> None:
    ring = [
        Interaction(
            theme="r",
            kind="post",
            occurred_at=5 * DAY_MS,
            key=1,
            source="x",
            event_id="p",
            object_id="p",
            object_key=9,
            actor_id="r1",
        ),
        Interaction(
            theme="r",
            kind="reply",
            occurred_at=17 * DAY_MS,
            key=2,
            source="x",
            event_id="q",
            actor_id="r2",
            target_actor_id="r1",
            parent_id="p",
            parent_key=9,
            mentions=("out", "r1"),
        ),
    ]
    attack = replayed(ring, PLAN)
    assert attack.spans == 2
    written = Script(SCENE, np.random.default_rng(1), "ring")
    attack.acts(written, 7)
    post, reply = written.acts
    assert (post.occurred_at, reply.occurred_at) == (88 * DAY_MS, 100 * DAY_MS)
    assert (post.theme, post.source, post.actor_id) == ("t", "s", "ring:r1")
    assert (reply.target_actor_id, reply.mentions) == ("ring:r1", ("out", "ring:r1"))
    assert reply.parent_key == post.object_key not in (0, 9)
    assert replayed(ring[:1], PLAN).spans == 1


def assault(accounts: int, *, inside: bool, history: int = 100) -> Assault:
    where = Place(0.5, 3, inside=inside, seats=int(inside))
    return Assault(
        "ring", accounts, 0, 10 * accounts, 5 * DAY_MS, history * DAY_MS, 40, 10, {"score": where, "PageRank": NOWHERE}
    )


def test_results_are_means_over_runs_and_the_price_is_the_smallest_size_that_gets_in() -> None:
    runs = [assault(10, inside=False), assault(10, inside=False), assault(50, inside=True), assault(50, inside=False, history=9)]
    found = results(runs)
    assert [(one.accounts, one.score, one.inside) for one in found] == [
        (10, "score", 0.0),
        (10, "PageRank", 0.0),
        (50, "score", 0.5),
        (50, "PageRank", 0.0),
    ]
    assert (found[2].inside_with_history, found[2].runs_with_history, found[2].days) == (1.0, 1, 5.0)
    assert [(one.score, one.accounts, one.acts) for one in prices(found)] == [("score", 50, 500.0), ("PageRank", None, 500.0)]
    young = results([assault(10, inside=True, history=1)])
    assert np.isnan(young[0].inside_with_history)


def test_dates_are_spread_over_the_later_half_where_that_has_enough() -> None:
    acts = conversation()
    community = Community("c", PLAN, acts)
    assert [at_ms // DAY_MS for at_ms in spread_dates(community, 2)] == [80, 100]
    assert [at_ms // DAY_MS for at_ms in spread_dates(community, 100)] == [30, 40, 50, 60, 70, 80, 90, 100, 110]
    assert spread_dates(Community("few", PLAN, conversation(actors=9)), 3) == []
