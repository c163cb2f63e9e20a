"""What is published beside the ranking equals its recomputation from the acts: circles, and ranks by other measures."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from graph.partition_state import PartitionState
from graph.run import RankingRun
from graph.theme_settings import HOUR_MS, ThemeSettings
from tests.oracles import reference_centralities as reference
from tests.oracles.reference_act import Act
from tests.oracles.reference_covering import covering
from tests.oracles.reference_merge import twelve
from tests.oracles.reference_runs import ReferenceRun, reference_runs
from tests.oracles.reference_trust import Row, within
from tests.properties.conversations import SETTINGS, conversation, conversations, rules_of
from tests.properties.interaction_records import THEME, to_records


def both(acts: list[Act], rules: ThemeSettings = SETTINGS) -> list[tuple[RankingRun, ReferenceRun]]:
    """Every run, with everything told, and as the second program has it."""
    records = to_records(acts)
    found = PartitionState(0, {THEME: rules}, whole_evidence=True).runs(range(len(records)), records)
    return list(zip(found, reference_runs(acts, rules_of(rules)), strict=True))


def rows_of(columns: dict[str, list[Any]]) -> list[dict[str, Any]]:
    return [dict(zip(columns, values, strict=True)) for values in zip(*columns.values(), strict=True)]


def assert_circles(run: RankingRun, expected: ReferenceRun) -> None:
    names = expected.circles.names
    assert run.rows["circle"] == [names.get(actor) for actor in run.rows["actor_id"]]


def assert_centralities(run: RankingRun, expected: ReferenceRun, window_ms: int) -> None:
    rows = rows_of(run.centralities)
    assert [(row["actor_id"], row["rank"]) for row in rows] == [(row["actor_id"], row["rank"]) for row in expected.rows]
    sources = {str(row["actor_id"]): str(row["source"]) for row in expected.rows}
    for name in ("pagerank", "temporal_pagerank"):
        assert_measure(name, rows, sources, {s: within(seen, run.window_end, window_ms) for s, seen in expected.seen.items()})
    assert_brokers(rows, expected)


def assert_measure(name: str, rows: list[dict[str, Any]], sources: dict[str, str], seen: dict[str, list[Row]]) -> None:
    """Values from the acts; ranks from the values, by percentile inside the source, then by value."""
    values = {source: getattr(reference, name)(seen[source]) for source in set(sources.values())}
    keys = []
    for row in rows:
        source = sources[row["actor_id"]]
        assert row[name] == pytest.approx(values[source][row["actor_id"]], rel=1e-7, abs=1e-10)
        ranked = [other[name] for other in rows if sources[other["actor_id"]] == source]
        keys.append((twelve(sum(value <= row[name] for value in ranked) / len(ranked)), row[name]))
    assert [row[f"{name}_rank"] for row in rows] == [1 + sum(other > key for other in keys) for key in keys]


def assert_brokers(rows: list[dict[str, Any]], expected: ReferenceRun) -> None:
    ties = {frozenset(pair) for run in expected.found.values() for pair in run.here.rec}
    told = [row for row in rows if row["rank"] <= reference.BROKERS] if expected.circles.parted >= reference.LEAST_PARTED else []
    found = [reference.brokerage(row["actor_id"], ties, expected.circles.names) for row in told]
    for row, broker in zip(told, found, strict=True):
        assert (row["contacts"], row["circles_joined"], row["brokered_pairs"]) == broker[:3]
        assert row["brokerage"] == pytest.approx(broker[3], rel=1e-9)
        assert row["brokerage_rank"] == 1 + sum(other[2] > broker[2] for other in found)
    assert all(row["contacts"] is row["brokerage_rank"] is None for row in rows[len(told) :])


def assert_covering(run: RankingRun, expected: ReferenceRun) -> None:
    pairs = {pair for source in expected.found.values() for pair in source.here.rec}
    believed = {u for source in expected.found.values() for u, c in source.here.credibility.items() if c >= 0.5}
    by_voices = {"all": pairs, "credible": {pair for pair in pairs if pair[0] in believed}}
    assert {row["voices"] for row in rows_of(run.covering)} <= by_voices.keys()
    for voices, counted in by_voices.items():
        assert_list([row for row in rows_of(run.covering) if row["voices"] == voices], expected, counted, believed)


def assert_list(rows: list[dict[str, Any]], expected: ReferenceRun, pairs: set[tuple[str, str]], believed: set[str]) -> None:
    found, everybody = covering([str(row["actor_id"]) for row in expected.rows], pairs)
    assert [(row["actor_id"], row["new_responders"], row["reached"]) for row in rows] == found
    known: set[str] = set()
    for row in rows:
        added = {u for u, i in pairs if i == row["actor_id"] and u in believed} - known
        assert row["new_credible"] == len(added)
        known |= added
    assert all(row["everybody"] == everybody and row["share"] == row["reached"] / everybody for row in rows)
    assert [row["position"] for row in rows] == list(range(1, len(rows) + 1))
    ranks = {row["actor_id"]: row["rank"] for row in expected.rows}
    assert all(row["rank"] == ranks[row["actor_id"]] for row in rows)


def assert_beside(acts: list[Act], rules: ThemeSettings = SETTINGS) -> list[RankingRun]:
    pairs = both(acts, rules)
    for run, expected in pairs:
        assert_circles(run, expected)
        assert_centralities(run, expected, rules.window_ms)
        assert_covering(run, expected)
    return [run for run, _ in pairs]


@pytest.mark.parametrize("seed", range(4))
def test_believable_conversations_have_beside_them_what_is_defined(seed: int) -> None:
    runs = assert_beside(conversation(seed, actors=20 + 5 * seed, sources=1 + seed % 2))
    brokered = [count for run in runs for count in run.centralities["brokered_pairs"] if count]
    assert len(brokered) > 20
    assert max(circle or 0 for run in runs for circle in run.rows["circle"]) > 3


@given(conversations(largest=30, sources=2), st.sampled_from([1, 3]))
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_small_conversation_has_beside_it_what_is_defined(acts: list[Act], step: int) -> None:
    assert_beside(acts, replace(SETTINGS, step_ms=step * HOUR_MS))


def test_a_stream_tells_at_some_runs_exactly_what_a_replay_tells_at_all() -> None:
    """The first run of a period, and where circles are found anew: never at a theme's first run."""
    records = to_records(conversation(3, actors=30, acts=900, hours=60, sources=2))
    stream = PartitionState(0, {THEME: SETTINGS}).runs(range(len(records)), records)
    whole = PartitionState(0, {THEME: SETTINGS}, whole_evidence=True).runs(range(len(records)), records)
    told = [(run, other) for run, other in zip(stream, whole, strict=True) if run.centralities["rank"]]
    assert all((run.centralities, run.covering) == (other.centralities, other.covering) for run, other in told)
    assert all(bool(run.covering["rank"]) == bool(run.centralities["rank"]) for run in stream)
    period = SETTINGS.window_ms // 2
    begun = [run.window_end for run in stream[1:] if run.window_end % period == 0]
    ends = [run.window_end for run, _ in told]
    assert begun == [end for end in ends if end % period == 0]
    assert len(begun) == 9
    assert len(ends) == 10
    assert stream[0].window_end not in ends


@given(st.randoms(use_true_random=False), st.integers(0, 20))
@settings(max_examples=15, deadline=None)
def test_order_inside_a_timestamp_and_repetition_change_nothing(chance: Any, seed: int) -> None:  # noqa: ANN401 - hypothesis's
    """Acts on the same minute come in any order, and some come again."""
    acts = [replace(act, at=act.at // 600_000 * 600_000, parent="") for act in conversation(seed, actors=12, acts=150, hours=20)]
    acts = sorted((act for act in acts if act.kind not in ("edit", "delete")), key=lambda act: act.at)
    shuffled = sorted(acts, key=lambda act: (act.at, chance.random()))
    repeated = [act for act in shuffled for _ in range(1 + (chance.random() < 0.2))]
    expected, found = (
        PartitionState(0, {THEME: SETTINGS}, whole_evidence=True).runs(range(len(records)), records)
        for records in (to_records(acts), to_records(repeated))
    )
    assert [run.centralities for run in found] == [run.centralities for run in expected]
    assert [run.covering for run in found] == [run.covering for run in expected]


def test_who_objects_is_beside_nothing_but_still_responds() -> None:
    acts = conversation(2, actors=14, acts=500, hours=40)
    (last,) = assert_beside(acts)[-1:]
    first = last.centralities["actor_id"][0]
    objecting = [replace(act, no_rank=act.actor == first or act.no_rank) for act in acts]
    for run in assert_beside(objecting):
        assert first not in run.centralities["actor_id"]
        assert first not in run.covering["actor_id"]
