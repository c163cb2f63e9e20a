"""The baselines against networkx where it has them, and against sums done by hand where it has not."""

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.sparse import csr_array

from graph.centralities.pagerank import pagerank
from graph.centralities.temporal_pagerank import temporal_pagerank
from graph.evaluation.act_table import ActTable, act_table
from graph.evaluation.baselines import BASELINES, baseline_scores
from graph.evaluation.centralities import hits, katz, leader_rank
from graph.evaluation.counts import distinct_responders, expertise_z, followers, in_degree, posting_volume
from graph.evaluation.flows import influence_passivity
from graph.evaluation.past import Past, past_of
from graph.evaluation.shells import collective_influence, core_number
from graph.interaction import Interaction, LogKind

ACTORS = 12


def responded(*pairs: tuple[str, str], kind: LogKind = "reply") -> list[Interaction]:
    """One response a pair, in order, each a message of its own."""
    return [
        Interaction(
            theme="t", kind=kind, occurred_at=1000 + number, key=number + 1, object_key=number + 1, actor_id=u, target_actor_id=i
        )
        for number, (u, i) in enumerate(pairs)
    ]


def past_with(*pairs: tuple[str, str]) -> Past:
    return past_of(act_table(responded(*pairs)))


def named(table: ActTable, values: NDArray[np.float64]) -> dict[str, float]:
    return dict(zip(table.ids, values.tolist(), strict=True))


def graphs() -> st.SearchStrategy[Past]:
    actor = st.integers(0, ACTORS - 1)
    pair = st.tuples(actor, actor).filter(lambda pair: pair[0] != pair[1])
    return st.lists(pair, min_size=1, max_size=60).map(lambda pairs: past_with(*((f"a{u}", f"a{i}") for u, i in pairs)))


def directed(counts: csr_array) -> "nx.DiGraph[int]":
    graph: nx.DiGraph[int] = nx.from_scipy_sparse_array(counts, create_using=nx.DiGraph)
    return graph


@given(graphs())
@settings(deadline=None)
def test_pagerank_is_that_of_networkx(past: Past) -> None:
    expected = nx.pagerank(directed(past.counts()), tol=1e-12, max_iter=1000)
    assert pagerank(past.counts()) == pytest.approx([expected[k] for k in range(past.actors)], abs=1e-8)


@given(graphs())
@settings(deadline=None)
def test_core_numbers_are_those_of_networkx(past: Past) -> None:
    expected = nx.core_number(directed(past.counts()).to_undirected())
    assert core_number(past.counts()).tolist() == [expected[k] for k in range(past.actors)]


@given(graphs())
@settings(deadline=None)
def test_katz_solves_its_equation_and_agrees_with_networkx(past: Past) -> None:
    counts = past.counts()
    dense = counts.toarray()
    alpha = 0.85 / min(dense.sum(axis=0).max(), dense.sum(axis=1).max())
    expected = nx.katz_centrality_numpy(directed(counts), alpha=alpha, normalized=False, weight="weight")
    assert katz(counts) == pytest.approx([expected[k] for k in range(past.actors)], rel=1e-6)


def test_authorities_are_those_of_networkx() -> None:
    past = past_with(*((f"a{u}", f"a{(u * u + 3 * k) % 9}") for u in range(9) for k in range(4) if u != (u * u + 3 * k) % 9))
    _, expected = nx.hits(directed(past.counts()), max_iter=1000, tol=1e-12)
    assert hits(past.counts()) == pytest.approx([expected[k] for k in range(past.actors)], abs=1e-6)


def test_a_rank_that_settles_slowly_is_taken_as_far_as_it_got() -> None:
    stars = [(f"u{k}", "x") for k in range(1000)] + [(f"v{k}", "y") for k in range(1001)]
    table = act_table(responded(*stars))
    found = named(table, past_of(table).spread(hits(past_of(table).counts())))
    assert 0 < found["x"] < found["y"]


@given(graphs())
@settings(deadline=None)
def test_leader_rank_is_the_steady_state_with_a_ground_actor(past: Past) -> None:
    counts = past.counts()
    grounded = np.zeros((past.actors + 1, past.actors + 1))
    grounded[:-1, :-1] = counts.toarray()
    grounded[:-1, -1] = grounded[-1, :-1] = 1
    transition = grounded / grounded.sum(axis=1, keepdims=True)
    system = np.vstack([transition.T - np.eye(past.actors + 1), np.ones(past.actors + 1)])
    steady = np.linalg.lstsq(system, np.append(np.zeros(past.actors + 1), past.actors), rcond=None)[0]
    assert leader_rank(counts) == pytest.approx(steady[:-1] + steady[-1] / past.actors, abs=1e-5)


@given(graphs())
@settings(deadline=None)
def test_collective_influence_sums_over_those_exactly_two_steps_away(past: Past) -> None:
    graph = directed(past.counts()).to_undirected()
    degree = dict(graph.degree())
    expected = []
    for k in range(past.actors):
        near = nx.single_source_shortest_path_length(graph, k, cutoff=2)
        expected.append((degree[k] - 1) * sum(degree[j] - 1 for j, steps in near.items() if steps == 2))
    assert collective_influence(past.counts()).tolist() == expected


def walked(*pairs: tuple[str, str]) -> dict[str, float]:
    table = act_table(responded(*pairs))
    past = past_of(table)
    return named(table, past.spread(temporal_pagerank(past.src, past.dst, past.actors)))


def test_a_walk_in_time_follows_responses_in_order() -> None:
    # b responds to c after a responded to b: of a's walk, .85 arrives at b, .85² of what did not wait goes on to c.
    assert walked(("b", "c"), ("a", "b"))["c"] == pytest.approx(0.15 * 0.85)
    assert walked(("a", "b"), ("b", "c"))["c"] == pytest.approx(0.15 * 0.85 + 0.15 * 0.85 * 0.5 * 0.85)


@given(graphs(), st.sampled_from([0.5, 0.85, 0.99]), st.sampled_from([0.0, 0.3, 0.5, 1.0]))
@settings(deadline=None)
def test_walks_in_time_solved_at_once_are_those_taken_response_by_response(past: Past, damping: float, keep: float) -> None:
    """Algorithm 1 of the paper, as it stands there."""
    rank, active = [0.0] * past.actors, [0.0] * past.actors
    for u, v in zip(past.src.tolist(), past.dst.tolist(), strict=True):
        rank[u] += 1 - damping
        active[u] += 1 - damping
        rank[v] += active[u] * damping
        active[v] += active[u] * (1 - keep) * damping
        active[u] *= keep
    assert temporal_pagerank(past.src, past.dst, past.actors, damping, keep) == pytest.approx(rank, rel=1e-12, abs=1e-15)


def test_influence_is_moving_those_who_are_rarely_moved() -> None:
    # Two messages each; r responds to both of x's messages and to one of y's, s to one of y's and of z's.
    table = act_table(responded(("r", "x"), ("r", "x"), ("r", "y"), ("s", "y"), ("s", "z")))
    past = past_of(table)
    messages = np.array([0.0, 2, 2, 0, 2])
    assert table.ids == ["r", "x", "y", "s", "z"]
    accepted = np.zeros((5, 5))
    accepted[1, 0], accepted[2, 0], accepted[2, 3], accepted[4, 3] = 1 / 1.5, 0.5 / 1.5, 0.5, 0.5
    rejected = np.zeros((5, 5))
    rejected[0, 2], rejected[3, 2], rejected[3, 4] = 0.5, 0.5, 1.0
    influence = np.ones(5)
    for _ in range(200):
        passivity = rejected @ influence
        influence = accepted @ (passivity / passivity.sum())
        influence = influence / influence.sum()
    assert influence_passivity(past, messages) == pytest.approx(influence, abs=1e-9)


def test_counts_count_what_they_say() -> None:
    acts = responded(("a", "c"), ("a", "c"), ("b", "c"), ("c", "a"))
    acts += [
        Interaction(theme="t", kind="post", occurred_at=2000, key=90, object_key=90, actor_id="c", is_question=True, followers=7),
        Interaction(theme="t", kind="post", occurred_at=2001, key=91, object_key=91, actor_id="b", is_question=False),
        Interaction(theme="t", kind="post", occurred_at=2002, key=92, object_key=92, actor_id="a"),
        Interaction(theme="t", kind="repost", occurred_at=2003, key=93, object_key=93, actor_id="a", target_actor_id="b"),
    ]
    past = past_of(act_table(acts))
    assert past.acts.ids == ["a", "c", "b"]
    assert in_degree(past).tolist() == [1, 3, 1]
    assert distinct_responders(past).tolist() == [1, 2, 1]
    assert posting_volume(past).tolist() == [3, 2, 2]
    assert followers(past).tolist() == [0, 7, 0]
    # a: two answers, one post that may be a question; c: one answer, one question; b: one answer.
    assert expertise_z(past) == pytest.approx([1 / np.sqrt(3), 0, 1])


def test_every_baseline_gives_a_number_for_everybody() -> None:
    table = act_table(responded(("a", "b"), ("b", "c"), ("c", "a"), ("d", "a")))
    found = baseline_scores(table)
    assert list(found) == [name for name in BASELINES if name != "followers"]
    assert all(values.shape == (4,) and np.isfinite(values).all() for values in found.values())


def test_an_empty_window_gives_everybody_nothing() -> None:
    empty = act_table(responded(("a", "b"))).between(5000, 6000)
    assert {name: values.tolist() for name, values in baseline_scores(empty).items()} == {name: [0, 0] for name in BASELINES}


def test_a_conversation_without_responses_leaves_every_baseline_defined() -> None:
    posts = [Interaction(theme="t", kind="post", occurred_at=k, key=k + 1, actor_id=f"a{k}") for k in range(3)]
    assert all(np.isfinite(values).all() for values in baseline_scores(act_table(posts)).values())
