"""Laws of what a simulation writes."""

from collections import Counter
from functools import cache
from itertools import pairwise

import msgspec
import pytest

from graph.mention import Mention
from graph.theme_settings import DAY_MS, HOUR_MS
from prescribers.simulation import SimulationSettings, simulate

SETTINGS = SimulationSettings(events=12_000, seed=7)


@cache
def lines(settings: SimulationSettings = SETTINGS) -> tuple[bytes, ...]:
    return tuple(simulate(settings))


@cache
def events(settings: SimulationSettings = SETTINGS) -> tuple[Mention, ...]:
    decoder = msgspec.json.Decoder(Mention)
    return tuple(decoder.decode(line) for line in lines(settings))


def occurred(event: Mention) -> int:
    assert isinstance(event.occurred_at, int)
    return event.occurred_at


def test_same_seed_gives_the_same_bytes() -> None:
    assert tuple(simulate(SETTINGS)) == lines()


def test_another_seed_gives_another_conversation() -> None:
    assert lines(SimulationSettings(events=500, seed=1)) != lines(SimulationSettings(events=500, seed=2))


@pytest.mark.parametrize("count", [1, 2, 137, 2_000])
def test_exactly_the_events_asked_for(count: int) -> None:
    assert len(lines(SimulationSettings(events=count, seed=3))) == count


@pytest.mark.parametrize("days", [1, 20, 75])
def test_lines_come_in_order_of_time_inside_the_span(days: int) -> None:
    settings = SimulationSettings(events=1_500, seed=5, days=days)
    times = [occurred(event) for event in events(settings)]
    assert all(a <= b for a, b in pairwise(times))
    assert settings.start_ms <= times[0]
    assert times[-1] < settings.end_ms


def test_every_line_obeys_the_contract_and_is_one_line() -> None:
    """Decoding checks types, lengths and kinds; a field that the contract does not know would be refused here."""
    decoder = msgspec.json.Decoder(dict[str, object])
    known = set(Mention.__struct_fields__)
    for line in lines():
        assert b"\n" not in line
        assert set(decoder.decode(line)) <= known
    assert len(events()) == SETTINGS.events


def test_every_kind_of_a_conversation_occurs_in_believable_proportions() -> None:
    shares: dict[str, float] = {
        kind: count / SETTINGS.events for kind, count in Counter(event.kind for event in events()).items()
    }
    expected = {
        "post": (0.15, 0.4),
        "reply": (0.25, 0.5),
        "reaction": (0.1, 0.35),
        "repost": (0.03, 0.12),
        "quote": (0.01, 0.06),
        "mention": (0.01, 0.05),
        "accept": (0.005, 0.03),
        "edit": (0.001, 0.01),
        "delete": (0.001, 0.01),
        "vouch": (0.0001, 0.005),
    }
    assert set(shares) == set(expected)
    for kind, (low, high) in expected.items():
        assert low < shares[kind] < high, kind


def test_only_whole_lines_are_sent_twice() -> None:
    """An event id repeats only with the very same bytes: a duplicate, not a contradiction."""
    first: dict[str, bytes] = {}
    repeated = 0
    for event, line in zip(events(), lines(), strict=True):
        repeated += event.event_id in first
        assert first.setdefault(event.event_id, line) == line
    assert 0.001 < repeated / SETTINGS.events < 0.01


def test_parents_were_said_before_their_answers_and_thread_roots_agree() -> None:
    roots: dict[str, str] = {}
    authors: dict[str, str] = {}
    for event in events():
        if event.parent_id is not None:
            assert event.parent_id in authors, "an answer to something never said"
            if event.target_actor_id is not None:
                assert event.target_actor_id == authors[event.parent_id]
            if event.root_id is not None:
                assert event.root_id == roots[event.parent_id]
        if event.object_id is not None and event.root_id is not None:
            roots[event.object_id] = event.root_id
            authors[event.object_id] = event.actor_id


def test_some_replies_name_only_their_parent() -> None:
    replies = [event for event in events() if event.kind == "reply"]
    silent = [event for event in replies if event.target_actor_id is None]
    assert all(event.parent_id for event in silent)
    assert 0.05 < len(silent) / len(replies) < 0.12


def test_edits_and_deletes_are_of_ones_own_earlier_messages() -> None:
    authors: dict[str, str] = {}
    deleted: set[str] = set()
    for event, after in pairwise(events()):
        if event.event_id == after.event_id:
            continue
        if event.kind in {"edit", "delete"}:
            assert event.object_id is not None
            assert authors[event.object_id] == event.actor_id
            assert event.object_id not in deleted
            if event.kind == "delete":
                deleted.add(event.object_id)
        elif event.object_id is not None:
            authors[event.object_id] = event.actor_id
    assert deleted


def test_nobody_responds_to_themselves() -> None:
    assert all(event.target_actor_id != event.actor_id for event in events())
    assert all(event.actor_id not in (event.mentions or ()) for event in events())


def test_both_languages_are_spoken_and_the_fields_of_evidence_are_filled() -> None:
    said = [event for event in events() if event.kind in {"post", "reply", "quote", "mention"}]
    languages = Counter(event.lang for event in said)
    assert set(languages) == {"fr", "en"}
    assert min(languages.values()) > 0.25 * len(said)
    assert all(event.text and event.url and event.actor_name and event.followers is not None for event in said)
    assert all("{" not in (event.text or "") for event in said)
    assert any("é" in (event.text or "") for event in said)
    assert 0.05 < sum(event.is_question or False for event in said) / len(said) < 0.4
    assert len({event.text for event in said}) > 0.3 * len(said)


def test_nights_are_quieter_than_evenings_and_sundays_than_tuesdays() -> None:
    hours = Counter(occurred(event) % DAY_MS // HOUR_MS for event in events())
    weekdays = Counter((occurred(event) // DAY_MS + 3) % 7 for event in events())
    assert hours[3] * 4 < hours[20]
    assert weekdays[6] < weekdays[1]


def test_activity_of_ordinary_people_is_a_power_law() -> None:
    counts = sorted(Counter(event.actor_id for event in events()).values(), reverse=True)
    assert sum(counts[: len(counts) // 10]) > 0.3 * sum(counts)


def test_a_second_source_has_its_share_and_its_own_people() -> None:
    settings = SimulationSettings(events=4_000, seed=2, second_source="discourse:forum.example", second_share=0.25)
    by_source = Counter(event.source for event in events(settings))
    assert by_source == {settings.source: 3_000, "discourse:forum.example": 1_000}
    assert all(event.actor_id.startswith(event.source) for event in events(settings))
    times = [occurred(event) for event in events(settings)]
    assert times == sorted(times)


@pytest.mark.parametrize(
    ("field", "value"),
    [("events", 0), ("days", 0), ("start_ms", -1), ("french_share", 1.5), ("second_share", -0.1), ("theme", ""), ("source", "")],
)
def test_settings_that_make_no_sense_are_refused_by_name(field: str, value: object) -> None:
    with pytest.raises(ValueError, match=field):
        SimulationSettings(**{field: value})  # type: ignore[arg-type]


def test_one_language_alone_is_possible() -> None:
    settings = SimulationSettings(events=2_000, seed=4, french_share=0.0)
    assert {event.lang for event in events(settings)} <= {"en", None}
