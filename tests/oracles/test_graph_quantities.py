"""Quantities that others compute too: in-degrees and PageRank by networkx, the spread of trust by dense algebra."""

from dataclasses import replace

import networkx as nx
import numpy as np
import pytest
from numpy.typing import NDArray

from graph.credibility import credibility_of
from graph.pairs import Pairs
from graph.score_parameters import DEFAULT
from tests.properties.conversations import SETTINGS, conversation
from tests.properties.interaction_records import core_runs

Numbers = NDArray[np.float64]


@pytest.mark.parametrize("seed", range(4))
def test_responders_are_the_in_degree_of_the_graph_of_distinct_pairs(seed: int) -> None:
    replies = [act for act in conversation(seed, actors=12) if act.kind == "reply"]
    acts = [replace(act, actor_type="person", no_rank=False) for act in replies]
    authors = {act.object: act.actor for act in acts}
    for run in core_runs(acts, SETTINGS)[::7]:
        end = run.closed.window_end
        network: nx.DiGraph[str] = nx.DiGraph()
        for act in acts:
            target = act.target or authors.get(act.parent, "")
            if end - SETTINGS.window_ms < act.at <= end:
                network.add_edges_from((act.actor, whom) for whom in (target, *act.mentions) if whom and whom != act.actor)
        assert {row["actor_id"]: row["responders"] for row in run.rows} == {k: n for k, n in network.in_degree() if n}


def drawn_pairs(seed: int, actors: int = 30) -> tuple[Pairs, Numbers, Numbers, NDArray[np.bool_]]:
    """Random pairs with recency, what of it is earned, seeds."""
    random = np.random.default_rng(seed)
    codes = np.sort(random.choice(actors * actors, 120, replace=False))
    codes = codes[codes // actors != codes % actors]
    recency = random.uniform(0.01, 1, codes.size)
    pairs = Pairs(actors, 1.0, (codes % actors).astype(np.int32), (codes // actors).astype(np.int32), recency)
    seeds = np.zeros(actors, dtype=np.bool_)
    seeds[random.choice(actors, 6, replace=False)] = True
    return pairs, recency, recency * random.choice([1.0, 0.3, 0.0], codes.size), seeds


@pytest.mark.parametrize("seed", range(5))
def test_trust_after_eight_steps_is_that_of_dense_algebra(seed: int) -> None:
    pairs, recency, earned, seeds = drawn_pairs(seed)
    given = np.zeros((pairs.actors, pairs.actors))
    kept = np.zeros_like(given)
    given[pairs.src, pairs.dst], kept[pairs.src, pairs.dst] = recency, earned
    matrix = kept / np.maximum(given.sum(axis=1, keepdims=True), 1e-300)
    start = seeds / seeds.sum()
    r = start.copy()
    for _ in range(8):
        r = 0.7 * matrix.T @ r + 0.3 * start
    expected = np.where(seeds, 1, r / (r + 0.1 * np.quantile(r[seeds], 0.25)))
    assert credibility_of(pairs, recency, earned, seeds, DEFAULT) == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("seed", range(5))
def test_trust_in_the_limit_is_personalised_pagerank(seed: int) -> None:
    """With everything earned, and who answers nobody returning his trust to the seeds, many steps order as networkx does."""
    pairs, recency, _, seeds = drawn_pairs(seed)
    silent = [k for k in range(pairs.actors) if not (pairs.src == k).any()]
    chosen = np.flatnonzero(seeds)
    src = np.concatenate([pairs.src, np.repeat(silent, chosen.size)]).astype(np.int32)
    dst = np.concatenate([pairs.dst, np.tile(chosen, len(silent))]).astype(np.int32)
    weight = np.concatenate([recency, np.ones(len(silent) * chosen.size)])
    order = np.lexsort((src, dst))
    src, dst, weight = src[order], dst[order], weight[order]
    closed = Pairs(pairs.actors, 1.0, src, dst, weight)
    network: nx.DiGraph[int] = nx.DiGraph()
    network.add_nodes_from(range(pairs.actors))
    network.add_weighted_edges_from(zip(src.tolist(), dst.tolist(), weight.tolist(), strict=True))
    personal = {k: float(seeds[k]) for k in range(pairs.actors)}
    ranks = nx.pagerank(network, alpha=0.7, personalization=personal, tol=1e-14, max_iter=500)
    r = np.array([ranks[k] for k in range(pairs.actors)])
    expected = np.where(seeds, 1, r / (r + 0.1 * np.quantile(r[seeds], 0.25)))
    many = replace(DEFAULT, steps=200)
    assert credibility_of(closed, weight, weight.copy(), seeds, many) == pytest.approx(expected, rel=1e-9)
