"""Receipts add up: to the last bit of the score and to the last place, for every actor of any two runs."""

import gzip
import itertools
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from graph.normalise import Normaliser
from graph.partition_state import PartitionState
from graph.replay import replay
from graph.run import RankingRun
from graph.theme_settings import DAY_MS, HOUR_MS, ThemeSettings
from tests.oracles.reference_act import Act
from tests.properties.conversations import SETTINGS, conversation, conversations, mailboxes
from tests.properties.interaction_records import THEME, to_records
from tests.properties.receipts_checked import checked_pairs, parts_of

THEMES = {THEME: SETTINGS}
DATA = Path(__file__).resolve().parents[2].parent / "shared" / "data"
SETS = {
    "user2019": (4 * DAY_MS, 36 * HOUR_MS, DAY_MS),
    "aprende20": (4 * DAY_MS, 36 * HOUR_MS, DAY_MS),
    "quantum-se": (28 * DAY_MS, 10 * DAY_MS, 7 * DAY_MS),
}
"""Window, half-life and distance of the runs."""


def runs_at(acts: list[Act], chosen: frozenset[int] | None = None, share: float = 1.0, seed: int = 0) -> list[RankingRun]:
    """Runs of a conversation at boundaries taken by chance, each compared with the one before."""
    chance = np.random.default_rng(seed)

    def wanted(_theme: str, boundary: int) -> bool:
        return boundary in chosen if chosen is not None else bool(chance.random() < share)

    records = to_records(acts)
    found = PartitionState(0, THEMES, wanted, whole_evidence=True).runs(range(len(records)), records)
    return [run for run in found if run.rows["rank"] or run.receipts["cause"]]


def test_receipts_add_up_on_every_actor_of_a_hundred_random_pairs_of_runs() -> None:
    pairs = receipts = 0
    for seed in range(12):
        acts = conversation(seed, actors=12 + seed, acts=900, hours=90, sources=1 + seed % 3)
        found = checked_pairs(runs_at(acts, share=0.15, seed=seed))
        pairs, receipts = pairs + found[0], receipts + found[1]
    assert pairs >= 100
    assert receipts > 1000


def test_receipts_add_up_where_every_responder_counts_alike() -> None:
    themes = {THEME: replace(SETTINGS, plain=("s",))}
    records = to_records(mailboxes(0))
    assert checked_pairs(PartitionState(0, themes, whole_evidence=True).runs(range(len(records)), records))[0] > 40


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(conversations(sources=2))
def test_receipts_add_up_on_small_and_odd_conversations(acts: list[Act]) -> None:
    records = to_records([*acts, Act(key=10**9, at=acts[-1].at, kind="close", feed_parts=1)])
    checked_pairs(PartitionState(0, THEMES, whole_evidence=True).runs(range(len(records)), records))


@settings(max_examples=15, deadline=None)
@given(cuts=st.sets(st.integers(1, 599), max_size=6))
def test_batches_and_restarts_change_no_receipt(cuts: set[int]) -> None:
    records = to_records(conversation(3, actors=14, acts=600, hours=50, sources=2))
    expected = PartitionState(0, THEMES).runs(range(len(records)), records)
    assert sum(bool(run.receipts["cause"]) for run in expected) > 3
    state, found, edges = PartitionState(0, THEMES), [], [0, *sorted(cuts), len(records)]
    for start, stop in itertools.pairwise(edges):
        found += state.runs(range(start, stop), records[start:stop])
        state = PartitionState.load(state.dump(), 0, THEMES)
    assert found == expected


def test_receipts_of_consecutive_periods_add_up_to_those_of_the_whole_time() -> None:
    acts = conversation(5, actors=15, acts=900, hours=60)
    ends = [run.window_end for run in runs_at(acts)]
    first, middle, last = ends[10], ends[25], ends[40]
    by_halves = [parts_of(run) for run in runs_at(acts, frozenset({first, middle, last}))[1:]]
    whole = parts_of(runs_at(acts, frozenset({first, last}))[1])
    for actor, parts in whole.items():
        halves = [part for half in by_halves for part in half.get(actor, [])]
        for column in ("points", "places"):
            assert sum(part[column] for part in halves) == sum(part[column] for part in parts)


def test_a_worker_compares_the_first_runs_of_two_periods() -> None:
    records = to_records(conversation(1, acts=900, hours=60))
    runs = PartitionState(0, THEMES).runs(range(len(records)), records)
    compared = [run for run in runs if run.receipts["cause"]]
    period = SETTINGS.window_ms // 2
    since = [parts["since"] for run in compared for parts in [next(iter(parts_of(run).values()))[0]]]
    assert since[1:] == [run.window_end for run in compared[:-1]]
    assert all(run.window_end % period == 0 for run in compared[1:])
    assert len(compared) == 60 * HOUR_MS // period - 1


@pytest.mark.parametrize("name", SETS)
def test_receipts_add_up_on_recorded_conversations(name: str) -> None:
    path = DATA / f"{name}.jsonl.gz"
    if not path.exists():
        pytest.skip(f"{path.name} is not in ../shared/data beside the project")
    window, half_life, every = SETS[name]
    themes = {name: replace(ThemeSettings(name=name), window_ms=window, half_life_ms=half_life)}
    lines = gzip.decompress(path.read_bytes()).splitlines()
    found = replay(lambda: lines, themes, normaliser=Normaliser(), received_at=2**41, theme=name, every_ms=every)
    pairs, receipts = checked_pairs(list(found))
    assert pairs > 5
    assert receipts > 200
