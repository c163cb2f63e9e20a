"""Laws of evidence: it is told of the first ranks, when it changes, and what was told last of them is what stands."""

from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.batch import Batch
from graph.log_record import decode_records
from graph.rank_theme import Ranker, Seen
from graph.ranking import Places
from graph.run import EVIDENCE_RANKS, RankingRun
from graph.taking_in import Resolved, take_in
from graph.theme_graph import ThemeGraph
from graph.theme_settings import HOUR_MS
from graph.trust import TrustChain
from tests.properties.conversations import SETTINGS, START, conversation
from tests.properties.interaction_records import to_records

HOURS = 30
Told = dict[str, list[tuple[Any, ...]]]


def graph_of(seed: int, sources: int = 2) -> ThemeGraph:
    """A theme that has taken in a conversation without edits and deletes, whole."""
    acts = [
        act for act in conversation(seed, actors=14, acts=250, hours=HOURS, sources=sources) if act.kind not in ("edit", "delete")
    ]
    batch, graph = Batch(decode_records(to_records(acts))), ThemeGraph()
    take_in(batch, np.arange(batch.size), graph, Resolved([], []))
    return graph


def runs_of(graph: ThemeGraph, ranks: int = EVIDENCE_RANKS, *, whole: bool = False) -> list[RankingRun]:
    """A run an hour, over the same rows."""
    ranker = Ranker(SETTINGS, TrustChain(), np.zeros(0, dtype=np.uint64), whole=whole, evidence_ranks=ranks)
    runs = (ranker.run(graph, START + hour * HOUR_MS, Seen(0, {})) for hour in range(1, HOURS))
    return [run for run in runs if run is not None]


def told(run: RankingRun) -> Told:
    """Evidence by actor."""
    found: Told = {}
    for row in zip(*run.evidence.values(), strict=True):
        found.setdefault(row[0], []).append(row)
    return found


def first(run: RankingRun, ranks: int) -> set[str]:
    """Who ranks up to there."""
    return {actor for actor, rank in zip(run.rows["actor_id"], run.rows["rank"], strict=True) if rank <= ranks}


@settings(max_examples=8, deadline=None)
@given(seed=st.integers(0, 2**16), ranks=st.integers(0, 6), sources=st.integers(1, 2))
def test_what_stands_of_the_first_ranks_is_what_a_whole_run_tells_and_of_others_nothing_is_told(
    seed: int, ranks: int, sources: int
) -> None:
    graph, standing = graph_of(seed, sources), Told()
    for run, whole in zip(runs_of(graph, ranks), runs_of(graph, ranks, whole=True), strict=True):
        standing |= told(run)
        assert set(told(whole)) == first(run, ranks) >= set(told(run))
        assert {actor: standing[actor] for actor in first(run, ranks)} == told(whole)


@given(seed=st.integers(0, 2**16))
@settings(max_examples=4, deadline=None)
def test_how_far_evidence_goes_changes_nothing_else_and_of_the_same_actors_it_is_the_same(seed: int) -> None:
    graph = graph_of(seed)
    for few, many in zip(runs_of(graph, 3, whole=True), runs_of(graph, whole=True), strict=True):
        for name in ("rows", "apart", "receipts", "centralities", "covering", "run_id"):
            assert getattr(few, name) == getattr(many, name)
        assert set(told(many)) == set(many.rows["actor_id"])
        assert told(few) == {actor: rows for actor, rows in told(many).items() if actor in first(many, 3)}


def test_who_fell_behind_and_comes_back_is_told_again_even_with_the_same_messages() -> None:
    again = 0
    for seed in range(6):
        runs, last = runs_of(graph_of(seed), 3), Told()
        for before, run in pairwise(runs):
            back = (first(run, 3) - first(before, 3)) & set(last)
            assert back <= set(told(run))
            again += sum(last[actor] == told(run)[actor] for actor in back)
            last |= told(run)
    assert again > 0


@pytest.mark.parametrize(
    ("ranks", "actors"), [(0, []), (1, [7]), (2, [7, 3, 5]), (3, [7, 3, 5]), (4, [7, 3, 5, 1]), (9, [7, 3, 5, 1])]
)
def test_whoever_shares_the_last_rank_is_covered_too(ranks: int, actors: list[int]) -> None:
    who, rank = np.array([7, 3, 5, 1]), np.array([1, 2, 2, 4])
    assert Places(np.arange(4), who, rank, rank, rank).upto(ranks).tolist() == actors
