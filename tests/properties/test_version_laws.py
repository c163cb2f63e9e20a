"""Laws of score versions side by side: each says what it would say alone, whatever the others, batches and restarts."""

import random
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.interaction import Interaction
from graph.keys import identity_key
from graph.log_record import encode_interaction
from graph.partition_state import PartitionState
from graph.run import RankingRun
from graph.score_version import ScoreVersion
from graph.theme_settings import HOUR_MS, ThemeSettings, scored_by
from tests.oracles.reference_act import Act
from tests.properties.conversations import PARAMETERS, SETTINGS, START, conversation, conversations
from tests.properties.interaction_records import THEME, to_records

HELP = ScoreVersion("help", PARAMETERS)
OPEN = ScoreVersion("recommend", replace(PARAMETERS, tau=0.5, half_lives=(3.0, 1.0, 1 / 3, 30.0), seed_share=0.6))
BESIDE = replace(SETTINGS, shadow=(HELP, OPEN))
LAW = settings(max_examples=40, deadline=None)


def runs_of(
    records: Sequence[bytes],
    theme: ThemeSettings,
    restarts: Sequence[int] = (),
    state: PartitionState | None = None,
    start: int = 0,
) -> tuple[list[RankingRun], PartitionState]:
    """All runs of a log, with a restart at each of some positions."""
    state = state or PartitionState(0, {theme.name: theme})
    edges = [0, *sorted({cut for cut in restarts if 0 < cut < len(records)}), len(records)]
    runs: list[RankingRun] = []
    for begin, end in pairwise(edges):
        if begin:
            state = PartitionState.load(state.dump(), 0, {theme.name: theme})
        runs += state.runs(range(start + begin, start + end), records[begin:end])
    return runs, state


def of(score: ScoreVersion, runs: list[RankingRun]) -> list[RankingRun]:
    return [run for run in runs if run.score_version == score.name]


def alone(score: ScoreVersion, records: Sequence[bytes], theme: ThemeSettings = SETTINGS) -> list[RankingRun]:
    """What `replay --score` says: the theme under that score, marked as the shadow that it is."""
    return [replace(run, shadow=True) for run in runs_of(records, scored_by(score, theme))[0]]


def checked(records: Sequence[bytes], restarts: Sequence[int]) -> list[RankingRun]:
    runs, _ = runs_of(records, BESIDE, restarts)
    assert [run for run in runs if not run.shadow] == runs_of(records, SETTINGS)[0]
    for score in BESIDE.shadow:
        assert of(score, runs) == alone(score, records)
    return runs


@given(conversations(sources=2), st.lists(st.integers(1, 60), max_size=3))
@LAW
def test_a_shadow_says_what_a_replay_under_its_score_says(acts: list[Act], restarts: list[int]) -> None:
    checked(to_records(acts), restarts)


@pytest.mark.parametrize("seed", [7, 11])
def test_the_same_in_a_long_log_with_backtests_epochs_and_receipts(seed: int) -> None:
    runs = checked(to_records(conversation(seed, actors=60, acts=4_000, hours=90, sources=2)), (900, 901, 2_300))
    found = of(OPEN, runs)
    assert {run.score_name for run in runs} >= {"help,fewest_candidates=4,fewest_voices=3"}
    assert [run.window_end for run in found] == [run.window_end for run in runs if not run.shadow]
    assert not all(run.cold_start for run in found)
    assert max(max(run.backtests.values(), default=0) for run in found) > 3
    assert any(run.receipts["cause"] for run in found)
    assert len({run.run_id for run in runs}) == len(runs)


def test_with_all_evidence_asked_for_a_shadow_has_all_of_its_own() -> None:
    records = to_records(conversation(3, actors=20, acts=600))
    state = PartitionState(0, {THEME: BESIDE}, whole_evidence=True)
    runs = state.runs(range(len(records)), records)
    only = PartitionState(0, {THEME: scored_by(OPEN, SETTINGS)}, whole_evidence=True)
    assert of(OPEN, runs) == [replace(run, shadow=True) for run in only.runs(range(len(records)), records)]


def test_a_shadow_added_later_starts_cold_there_and_the_theme_s_own_score_goes_on() -> None:
    records = to_records(conversation(7, actors=60, acts=4_000, hours=90, sources=2))
    before, state = runs_of(records[:2_000], SETTINGS)
    state = PartitionState.load(state.dump(), 0, {THEME: BESIDE})
    after, _ = runs_of(records[2_000:], BESIDE, (700,), state, 2_000)
    expected = runs_of(records, SETTINGS)[0]
    assert before + [run for run in after if not run.shadow] == expected
    assert not expected[len(before)].cold_start
    added = of(HELP, after)
    assert added[0].cold_start
    assert not added[-1].cold_start
    assert max(added[0].backtests.values()) == 0
    whole = {run.window_end: run for run in alone(HELP, records)}
    assert all(run.run_id != whole[run.window_end].run_id for run in added)
    assert all(run.rows["actor_id"] != [] for run in added)
    assert [sorted(run.rows["actor_id"]) for run in added] == [sorted(whole[run.window_end].rows["actor_id"]) for run in added]


def test_where_between_two_boundaries_a_shadow_is_added_does_not_matter() -> None:
    records = to_records(conversation(7, actors=30, acts=2_000, hours=90))
    ends = [len(runs_of(records[:stop], SETTINGS)[0]) for stop in (1_000, 1_004)]
    assert ends[0] == ends[1]
    found = []
    for stop in (1_000, 1_004):
        _, state = runs_of(records[:stop], SETTINGS)
        state = PartitionState.load(state.dump(), 0, {THEME: BESIDE})
        found.append(runs_of(records[stop:], BESIDE, (), state, stop)[0])
    assert found[0] == found[1]


def test_a_shadow_taken_away_leaves_nothing_and_one_that_stays_goes_on() -> None:
    records = to_records(conversation(7, actors=30, acts=2_000, hours=90))
    _, state = runs_of(records[:1_000], BESIDE)
    fewer = replace(SETTINGS, shadow=(OPEN,))
    _, plain = runs_of(records[:1_000], SETTINGS)
    assert PartitionState.load(state.dump(), 0, {THEME: SETTINGS}).dump() == plain.dump()
    rest, _ = runs_of(records[1_000:], fewer, (), PartitionState.load(state.dump(), 0, {THEME: fewer}), 1_000)
    assert of(HELP, rest) == []
    assert of(OPEN, rest) == alone(OPEN, records)[-len(of(OPEN, rest)) :]


GENERATIONS, ACTORS, ACTS = (0, 1, 2, 0, 1), 900, 8_192
COMING = ThemeSettings(
    name=THEME,
    window_ms=12 * HOUR_MS,
    half_life_ms=4 * HOUR_MS,
    step_ms=6 * HOUR_MS,
    parameters=PARAMETERS,
    shadow=(HELP, OPEN),
)


@pytest.fixture(scope="module")
def comings() -> list[bytes]:
    """Generations of actors that go, and come back after everything of them has expired, without a word about themselves."""
    chance = random.Random(5)
    records = []
    for number in range(len(GENERATIONS) * ACTS):
        turn = number // ACTS
        who, whom = (f"g{GENERATIONS[turn]}-{int(ACTORS * chance.random() ** 2)}" for _ in range(2))
        key = identity_key("s", f"e{number}")
        records.append(
            Interaction(
                theme=THEME,
                kind="reply",
                occurred_at=START + turn * 24 * HOUR_MS + (number % ACTS) * 14,
                key=key,
                source="s" if turn < 3 else "r",
                event_id=f"e{number}",
                actor_id=who,
                target_actor_id=whom,
                object_id=f"e{number}",
                object_key=key,
                origin=(0, number),
                actor_name=who.title() if turn < 3 else "",
                actor_type="bot" if turn < 3 and who.endswith("7") else "unknown",
            )
        )
    end = Interaction(theme=THEME, kind="close", occurred_at=0, key=1, origin=(0, len(records)), parts=1, copy=True)
    return [encode_interaction(record) for record in [*records, end]]


def test_versions_forget_nobody_and_remember_nobody_for_each_other(comings: list[bytes]) -> None:
    runs, state = runs_of(comings, COMING, (7_001, 16_000, 20_500))
    plain, single = runs_of(comings, replace(COMING, shadow=()))
    assert [run for run in runs if not run.shadow] == plain
    assert state.themes[THEME].evicted == single.themes[THEME].evicted > 2 * ACTORS
    for score in COMING.shadow:
        assert of(score, runs) == alone(score, comings, COMING)
    assert set(plain[-1].rows["actor_name"]) == {""}
    assert any(actor.endswith("7") for actor in plain[-1].rows["actor_id"])
