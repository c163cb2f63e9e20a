"""Laws of the planted roles: the truth is consistent with the lines, and behaviour is what makes a role."""

from collections import Counter, defaultdict
from functools import cache

import msgspec
import pytest

from graph.mention import Mention
from graph.theme_settings import DAY_MS
from prescribers.simulation import Planted, SimulationSettings, Truth, simulate, truth

SEEDS = (1, 2, 3)
RICH = {"reply", "quote", "accept", "vouch"}
SLICES = 12


def settings_of(seed: int) -> SimulationSettings:
    return SimulationSettings(seed=seed)


@cache
def events(seed: int) -> tuple[Mention, ...]:
    decoder = msgspec.json.Decoder(Mention)
    return tuple(decoder.decode(line) for line in simulate(settings_of(seed)))


@cache
def told(seed: int) -> Truth:
    return truth(settings_of(seed))


def ids(planted: list[Planted]) -> set[str]:
    return {one["actor_id"] for one in planted}


def occurred(event: Mention) -> int:
    assert isinstance(event.occurred_at, int)
    return event.occurred_at


@cache
def responders(seed: int) -> dict[str, set[str]]:
    """Distinct people who responded richly in the last 28 days, by who was answered."""
    since = settings_of(seed).end_ms - 28 * DAY_MS
    found: dict[str, set[str]] = defaultdict(set)
    for event in events(seed):
        if occurred(event) > since and event.kind in RICH and event.target_actor_id:
            found[event.target_actor_id].add(event.actor_id)
    return found


@pytest.fixture(params=SEEDS)
def seed(request: pytest.FixtureRequest) -> int:
    assert isinstance(request.param, int)
    return request.param


def test_truth_is_a_function_of_the_settings() -> None:
    assert truth(settings_of(1)) == told(1)
    assert truth(settings_of(2)) != told(1)
    assert msgspec.json.decode(msgspec.json.encode(told(1)), type=Truth) == told(1)


def test_roles_are_disjoint_and_of_the_promised_size(seed: int) -> None:
    roles = told(seed)
    groups = [
        ids(roles[name]) for name in ("prescribers", "facilitators", "broadcasters", "ring", "staff", "brands", "newcomers")
    ]
    assert len(set().union(*groups)) == sum(map(len, groups))
    assert len(roles["prescribers"]) == 5
    assert len(roles["facilitators"]) == 4
    assert len(roles["broadcasters"]) == 1
    assert 20 <= len(roles["ring"]) <= 40
    assert ids(roles["ring_bosses"]) < ids(roles["ring"])


def test_everybody_planted_speaks_with_the_audience_that_the_truth_tells(seed: int) -> None:
    roles = told(seed)
    followers = {event.actor_id: event.followers for event in events(seed)}
    for name in ("prescribers", "facilitators", "broadcasters", "ring", "staff", "brands"):
        for one in roles[name]:
            assert followers[one["actor_id"]] == one["followers"]


def test_prescribers_are_small_and_the_broadcaster_is_large(seed: int) -> None:
    roles = told(seed)
    assert all(100 <= one["followers"] < 1_000 for one in roles["prescribers"])
    assert all(one["followers"] > 100_000 for one in roles["broadcasters"])
    assert {one["lang"] for one in roles["prescribers"]} == {"fr", "en"}


def test_prescribers_are_answered_by_more_distinct_people_than_anybody_else(seed: int) -> None:
    counts = {actor: len(found) for actor, found in responders(seed).items()}
    planted = ids(told(seed)["prescribers"])
    assert min(counts[actor] for actor in planted) > max(count for actor, count in counts.items() if actor not in planted)


def test_those_who_answer_prescribers_are_people_who_are_answered_themselves(seed: int) -> None:
    answered = {actor for actor, found in responders(seed).items() if len(found) > 1}
    for actor in ids(told(seed)["prescribers"]):
        found = responders(seed)[actor]
        assert len(found & answered) > len(found) / 2


def test_prescribers_write_and_are_answered_week_after_week(seed: int) -> None:
    end, width = settings_of(seed).end_ms, 28 * DAY_MS / SLICES
    wrote, answered = defaultdict(set), defaultdict(set)
    for event in events(seed):
        position = int((end - occurred(event)) // width)
        if event.kind in {"post", "reply", "quote", "mention"}:
            wrote[event.actor_id].add(position)
        if event.target_actor_id and event.kind in RICH:
            answered[event.target_actor_id].add(position)
    for actor in ids(told(seed)["prescribers"]):
        assert len(wrote[actor] & set(range(SLICES))) > SLICES / 2
        assert len(answered[actor] & set(range(SLICES))) >= SLICES - 2


def test_prescribers_seldom_speak_to_people_who_never_spoke_to_them(seed: int) -> None:
    met: set[tuple[str, str]] = set()
    cold: Counter[str] = Counter()
    for event in events(seed):
        actor, target = event.actor_id, event.target_actor_id
        if target:
            cold[actor] += (target, actor) not in met and (actor, target) not in met
            met.add((actor, target))
    for actor in ids(told(seed)["prescribers"]):
        assert cold[actor] <= 6


def test_prescribers_are_quoted_again_days_later(seed: int) -> None:
    said = {event.object_id: occurred(event) for event in events(seed) if event.object_id}
    late: Counter[str] = Counter()
    for event in events(seed):
        if event.kind == "quote" and event.target_actor_id and event.parent_id:
            late[event.target_actor_id] += occurred(event) - said[event.parent_id] >= 3 * DAY_MS
    assert set(dict(late.most_common(5))) == ids(told(seed)["prescribers"])


def test_the_ring_is_fresh_and_nobody_else_ever_responds_to_it(seed: int) -> None:
    ring, bosses = ids(told(seed)["ring"]), ids(told(seed)["ring_bosses"])
    since = settings_of(seed).end_ms - 14 * DAY_MS
    to_boss = 0
    for event in events(seed):
        if event.actor_id in ring:
            assert occurred(event) >= since
        if event.target_actor_id in ring:
            assert event.actor_id in ring
            to_boss += event.target_actor_id in bosses
    assert to_boss > 5 * len(ring)


def test_the_broadcaster_posts_most_and_draws_reactions_but_few_words(seed: int) -> None:
    loud = ids(told(seed)["broadcasters"])
    posts = Counter(event.actor_id for event in events(seed) if event.kind == "post")
    assert posts.most_common(1)[0][0] in loud
    drawn = Counter(event.kind for event in events(seed) if event.target_actor_id in loud)
    assert drawn["reaction"] > 8 * (drawn["reply"] + drawn["quote"])


def test_facilitators_answer_questions_and_askers_come_back(seed: int) -> None:
    helpers = ids(told(seed)["facilitators"])
    questions = {event.object_id for event in events(seed) if event.is_question}
    answers = Counter(
        event.actor_id in helpers for event in events(seed) if event.kind == "reply" and event.parent_id in questions
    )
    assert answers[True] > 0.2 * answers.total()
    accepted = Counter(event.target_actor_id for event in events(seed) if event.kind == "accept")
    assert set(dict(accepted.most_common(4))) == helpers


def test_staff_and_brands_say_what_they_are(seed: int) -> None:
    roles = told(seed)
    declared: dict[str, set[str]] = defaultdict(set)
    for event in events(seed):
        declared[str(event.actor_type)].add(event.actor_id)
    assert declared["staff"] == ids(roles["staff"])
    assert declared["brand"] == ids(roles["brands"])
    assert not declared["bot"]


def test_newcomers_were_never_seen_before_the_last_three_weeks(seed: int) -> None:
    newcomers = ids(told(seed)["newcomers"])
    first = [occurred(event) for event in events(seed) if event.actor_id in newcomers]
    assert first
    assert min(first) >= settings_of(seed).end_ms - 21 * DAY_MS


def test_truth_covers_every_source() -> None:
    settings = SimulationSettings(events=6_000, second_source="discourse:forum.example")
    told_of_both = truth(settings)
    assert told_of_both["sources"] == [settings.source, "discourse:forum.example"]
    assert len(told_of_both["prescribers"]) == 10
    speakers = {msgspec.json.decode(line, type=Mention).actor_id for line in simulate(settings)}
    assert ids(told_of_both["prescribers"]) <= speakers
