"""The core's runs equal the reference's: same runs, same ranks, numbers within 1e-9, on small conversations of every kind."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from graph.theme_settings import HOUR_MS, MINUTE_MS, ThemeSettings
from tests.oracles.reference_act import Act
from tests.oracles.reference_runs import ReferenceRun, reference_runs
from tests.properties.conversations import SETTINGS, conversation, conversations, mailboxes, rules_of
from tests.properties.interaction_records import CoreRun, core_runs

EXACT = ("rank", "rank_low", "rank_high", "source", "tier", "responders", "messages", "cold_start", "followers", "followers_rank")
CLOSE = ("score", "reach", "conversion", "trusted", "open", "regularity", "lift", "solicited_share")


def assert_equal_runs(acts: list[Act], rules: ThemeSettings) -> int:
    """Every run, row and field; returns the number of runs."""
    expected = reference_runs(acts, rules_of(rules))
    found = core_runs(acts, rules)
    assert [run.closed.window_end for run in found] == [run.window_end for run in expected]
    for core, oracle in zip(found, expected, strict=True):
        assert_equal_run(core, oracle)
    return len(found)


def assert_equal_run(core: CoreRun, oracle: ReferenceRun) -> None:
    closed = core.closed
    assert (closed.cold_start, closed.seeds, closed.coverage) == (oracle.cold_start, oracle.seeds, oracle.coverage)
    assert closed.watermark == oracle.watermark
    chosen = {
        source: (closed.half_lives[source], source in closed.plain_sources, count) for source, count in closed.backtests.items()
    }
    half_life = closed.half_life_ms
    assert chosen == {source: (round(many * half_life), plain, count) for source, (many, plain, count) in oracle.choices.items()}
    assert closed.conversion_mean == pytest.approx(oracle.conversion_mean, rel=1e-9)
    assert [row["actor_id"] for row in core.rows] == [row["actor_id"] for row in oracle.rows]
    for row, expected in zip(core.rows, oracle.rows, strict=True):
        assert {name: row[name] for name in EXACT} == {name: expected[name] for name in EXACT}
        assert {name: row[name] for name in CLOSE} == pytest.approx({name: expected[name] for name in CLOSE}, rel=1e-9)
    assert {actor: _entries(rows) for actor, rows in core.evidence.items()} == oracle.evidence


def _entries(rows: list[dict[str, Any]]) -> list[tuple[str, int]]:
    return [(row["responder_id"], row["event_key"]) for row in sorted(rows, key=lambda row: row["position"])]


@pytest.mark.parametrize("seed", range(12))
def test_believable_conversations_are_ranked_as_defined(seed: int) -> None:
    assert assert_equal_runs(conversation(seed, actors=2 + seed), SETTINGS) > 40


@pytest.mark.parametrize("seed", range(4))
def test_sources_are_scored_apart_and_merged_by_percentile(seed: int) -> None:
    assert assert_equal_runs(conversation(100 + seed, actors=12, sources=2), SETTINGS) > 40


@pytest.mark.parametrize("seed", range(2))
def test_a_source_where_every_responder_is_to_count_alike_is_scored_as_defined(seed: int) -> None:
    acts, alike = mailboxes(seed), replace(SETTINGS, plain=("s", "t"))
    assert assert_equal_runs(acts, alike) > 40
    last = core_runs(acts, alike)[-1]
    assert last.closed.plain_sources == ["s"]
    assert last.rows[0]["actor_id"].startswith("star")
    assert core_runs(acts, SETTINGS)[-1].closed.plain_sources == []


def test_the_half_life_changes_with_what_earlier_lists_were_worth() -> None:
    runs = [run for seed in (3, 5) for run in core_runs(conversation(seed, actors=2 + seed), SETTINGS)]
    chosen = {run.closed.half_lives["s"] / SETTINGS.half_life_ms for run in runs if "s" in run.closed.half_lives}
    assert chosen == {1 / 3, 1, 3, 30}
    assert max(run.closed.backtests.get("s", 0) for run in runs) == 8


def test_picked_seeds_are_believed_while_they_are_active() -> None:
    assert assert_equal_runs(conversation(200), replace(SETTINGS, seeds=("a00", "a07", "nobody"))) > 40


def test_a_long_silence_expires_everything_but_the_chain_of_trust() -> None:
    first = conversation(300, hours=40, acts=200)
    gap = 40 * HOUR_MS + 30 * HOUR_MS
    second = [
        replace(
            act,
            key=act.key ^ 1,
            at=act.at + gap,
            offset=act.offset + len(first),
            event=f"{act.event}'",
            object=act.object and f"{act.object}'",
            parent="",
        )
        for act in conversation(300, hours=40, acts=200)
    ]
    assert assert_equal_runs(first + second, SETTINGS) > 40


@given(conversations())
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_small_conversation_is_ranked_as_defined(acts: list[Act]) -> None:
    assert_equal_runs(acts, SETTINGS)


@given(conversations(sources=2), st.sampled_from([1, 10, 59]), st.sampled_from([1, 2, 3]))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_step_and_lateness_gives_the_runs_defined(acts: list[Act], lateness: int, step: int) -> None:
    assert_equal_runs(acts, replace(SETTINGS, lateness_ms=lateness * MINUTE_MS, step_ms=step * HOUR_MS))
