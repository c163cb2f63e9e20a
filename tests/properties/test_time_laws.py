"""Time moves only by records: ticks close the windows of live themes, a close ends a historical feed, the future nothing."""

import json
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings

from graph.log_record import encode_interaction
from graph.normalise import Normaliser, Refusal
from graph.partition_state import PartitionState
from graph.theme_settings import HOUR_MS, MINUTE_MS
from tests.oracles.reference_act import Act
from tests.oracles.reference_runs import reference_runs
from tests.properties.conversations import SETTINGS, START, conversation, conversations, rules_of
from tests.properties.interaction_records import THEME, apply_in_batches, core_runs, runs_of
from tests.properties.publications import tables

LAW = settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])
YEAR_MS = 365 * 24 * HOUR_MS


def tick(at: int) -> Act:
    return Act(key=0, at=at, kind="tick")


def close(feed: int = 77, parts: int = 1, part: int = 0, at: int = START + YEAR_MS) -> Act:
    return Act(key=feed, at=at, kind="close", feed_parts=parts, feed_part=part)


def ends(acts: list[Act]) -> list[int]:
    return [run.closed.window_end for run in core_runs(acts, SETTINGS)]


def historical(acts: list[Act]) -> list[Act]:
    """The same events, received a year after they occurred."""
    return [replace(act, received_at=act.at + YEAR_MS) for act in acts]


def with_ticks(acts: list[Act]) -> list[Act]:
    """A tick each minute of the conversation's time, between the events."""
    log: list[Act] = []
    now = START
    for act in acts:
        while now < act.at:
            log.append(tick(now))
            now += MINUTE_MS
        log.append(act)
    return log


@given(conversations(sources=2))
@LAW
def test_ticks_and_closes_make_the_runs_defined(acts: list[Act]) -> None:
    log = [
        *with_ticks(acts),
        tick(START + 30 * HOUR_MS),
        close(),
        *acts[:3],
        close(8, parts=2, part=1),
        close(8, parts=2, part=0),
    ]
    expected = reference_runs(log, rules_of(SETTINGS))
    assert ends(log) == [run.window_end for run in expected]


def test_a_tick_closes_the_windows_of_a_live_theme() -> None:
    acts = conversation(5)
    last = max(act.at for act in acts)
    idle = last + SETTINGS.lateness_ms + HOUR_MS
    assert ends([*acts, tick(idle)])[:-1] == ends(acts)
    assert ends([*acts, tick(idle)])[-1] == -(-last // HOUR_MS) * HOUR_MS
    assert ends([*acts, tick(idle), tick(idle + 5 * HOUR_MS), tick(idle)]) == ends([*acts, tick(idle)])


def test_ticks_do_not_age_a_theme_that_is_fed_from_the_past() -> None:
    acts = historical(conversation(5))
    assert ends([*acts, *(tick(START + YEAR_MS + n * HOUR_MS) for n in range(50))]) == ends(acts)
    interleaved = [one for act in acts for one in (act, tick(START + YEAR_MS))]
    assert tables(core_runs(interleaved, SETTINGS)) == tables(core_runs(acts, SETTINGS))


def test_ticks_before_any_event_do_nothing() -> None:
    acts = conversation(5)
    assert tables(core_runs([tick(START + YEAR_MS), *acts], SETTINGS)) == tables(core_runs(acts, SETTINGS))


def test_a_feed_gives_the_same_runs_live_and_from_the_past() -> None:
    acts = sorted(conversation(6), key=lambda act: act.at)
    live, past = core_runs(with_ticks(acts), SETTINGS), core_runs(historical(acts), SETTINGS)
    assert tables(live) == tables(past)


def test_a_close_ranks_the_last_step_once_every_partition_has_ended() -> None:
    acts = historical(conversation(5))
    plain = ends(acts)
    last = -(-max(act.at for act in acts) // HOUR_MS) * HOUR_MS
    assert ends([*acts, close(parts=2, part=0)]) == plain
    assert ends([*acts, close(parts=2, part=0), close(parts=2, part=0)]) == plain
    assert ends([*acts, close(parts=2, part=0), close(parts=2, part=1)]) == [*plain, last]
    assert ends([*acts, close(1, parts=2, part=0), close(2, parts=2, part=1)]) == plain
    assert ends([*acts, close(), close()]) == [*plain, last]


def test_a_close_of_a_theme_without_events_is_nothing() -> None:
    assert ends([close()]) == []


def test_after_a_close_the_theme_goes_on() -> None:
    acts = historical(conversation(5, hours=30))
    later = [replace(act, key=act.key ^ 3, at=act.at + 31 * HOUR_MS) for act in acts if act.kind not in ("edit", "delete")]
    assert set(ends([*acts, *later])) <= set(ends([*acts, close(), *later]))


@pytest.mark.parametrize("ahead", [5 * MINUTE_MS + 1, HOUR_MS, YEAR_MS, 7_000 * YEAR_MS])
def test_one_future_stamp_closes_no_window(ahead: int) -> None:
    """Refused beyond five minutes; what is let through counts as the broker's time, so that it closes nothing early either."""
    now = START + 3 * HOUR_MS
    honest = [_event(n, now - (40 - n) * MINUTE_MS) for n in range(40)]
    normaliser = Normaliser()
    assert isinstance(normaliser.normalise(_event(99, now + ahead), now, (0, 99)), Refusal)
    bold = _event(99, now + 5 * MINUTE_MS)
    assert _ends(normaliser, [*honest, bold], now) == _ends(normaliser, honest, now)


@pytest.mark.parametrize("lateness", [0, 1, 3])
def test_a_stamp_within_five_minutes_moves_the_watermark_no_further_than_the_brokers_clock(lateness: int) -> None:
    rules = replace(SETTINGS, lateness_ms=lateness * MINUTE_MS)
    now = START + 58 * MINUTE_MS
    acts = [
        Act(key=1, at=START + 1, actor="a", target="b", received_at=START + 1),
        Act(key=2, at=now + 5 * MINUTE_MS, received_at=now),
    ]
    assert core_runs(acts, rules) == []
    acts.append(Act(key=3, at=START + 70 * MINUTE_MS, received_at=START + 70 * MINUTE_MS))
    assert [run.closed.window_end for run in core_runs(acts, rules)] == [START + HOUR_MS]


def _event(number: int, at: int) -> bytes:
    return json.dumps(
        {
            "schema": "mention.v1",
            "event_id": f"e{number}",
            "source": "s",
            "kind": "reply",
            "actor_id": f"a{number % 5}",
            "target_actor_id": f"a{(number * 3 + 1) % 5}",
            "occurred_at": at,
            "themes": [THEME],
        }
    ).encode()


def _ends(normaliser: Normaliser, values: list[bytes], now: int) -> list[int]:
    records: list[bytes] = []
    for offset, value in enumerate(values):
        found = normaliser.normalise(value, now, (0, offset))
        assert isinstance(found, list)
        records += [encode_interaction(record) for record in found]
    runs = runs_of(apply_in_batches(PartitionState(0, {THEME: SETTINGS}), records))
    return [run.closed.window_end for run in runs]
