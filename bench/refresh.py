"""One ranking run of a theme, from rows to published columns, over one PageRank of the same graph by networkit and networkx."""

from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any

import networkx as nx
import numpy as np

from bench.measure import cpu_seconds, interleaved
from bench.outcome import Line, Outcome, Skipped, ratios
from bench.ranked_theme import Edges, Theme, edges_of, fill_theme, new_ranker, rank

SMOKE, FULL = 300_000, 10_000_000
SMOKE_SMALL, FULL_SMALL = 300_000, 1_000_000
"""Interactions of the theme that networkx ranks: it takes hundreds of bytes an edge."""
REPEATS = 3


@dataclass(frozen=True, slots=True)
class Peer:
    """A library that builds a graph of its own from edges, which is not timed against ours, and ranks it, which is."""

    name: str
    build: Callable[[Edges], Any]
    pagerank: Callable[[Any], str]
    """Gives how it went, for the reader."""
    target: float


def measure(*, full: bool) -> list[Line]:
    """CPU seconds of ours over theirs, one thread each."""
    size, small_size = (FULL, FULL_SMALL) if full else (SMOKE, SMOKE_SMALL)
    theme = fill_theme(size)
    lines = [_over_networkit(theme)]
    theme = theme if size == small_size else fill_theme(small_size)
    return [*lines, _over(Peer("networkx PageRank", _networkx_graph, _networkx_pagerank, 1 / 50), theme)]


def _over_networkit(theme: Theme) -> Line:
    if find_spec("networkit") is None:
        reason = "networkit is not installed: pip install networkit (it is in the extra `bench`)"
        return Skipped(name="cold refresh over networkit PageRank", reason=reason)
    import networkit

    before = networkit.getMaxNumberOfThreads()
    networkit.setNumberOfThreads(1)
    try:
        return _over(Peer("networkit PageRank", _networkit_graph, _networkit_pagerank, 1.0), theme)
    finally:
        networkit.setNumberOfThreads(before)


def _over(peer: Peer, theme: Theme) -> Outcome:
    """Every run of ours is cold: nothing ranked before, so that the evidence of everybody is written out too."""
    edges = edges_of(theme)
    graph = peer.build(edges)
    note = peer.pagerank(graph)  # imports what it needs, outside of what is timed
    building = cpu_seconds(lambda: peer.build(edges))
    ours, theirs = interleaved(REPEATS, lambda: rank(theme, new_ranker()), lambda: peer.pagerank(graph))
    ranker = new_ranker()
    run = rank(theme, ranker)
    again = cpu_seconds(lambda: rank(theme, ranker))
    mine, their = min(ours), min(theirs)
    detail = (
        f"{edges.src.size:,} pairs of {edges.actors:,} actors, {len(run.rows['rank']):,} ranked, all with parts, "
        f"{len(run.evidence['position']):,} rows of evidence; {mine:.3f} against {their:.3f} CPU s ({note}), "
        f"or {their + building:.3f} with building the graph (ratio {mine / (their + building):.2g}); "
        f"once its evidence is published {again:.3f} (ratio {again / their:.2g})"
    )
    name = f"cold refresh of {theme.events:,} interactions"
    return Outcome(
        name=name, peer=peer.name, ratios=ratios(ours, theirs), target=peer.target, more_is_better=False, detail=detail
    )


def _networkx_graph(edges: Edges) -> "nx.DiGraph[int]":
    graph: nx.DiGraph[int] = nx.DiGraph()
    graph.add_nodes_from(range(edges.actors))
    graph.add_weighted_edges_from(zip(edges.src.tolist(), edges.dst.tolist(), edges.weights.tolist(), strict=True))
    return graph


def _networkit_graph(edges: Edges) -> object:
    import networkit

    ends = edges.src.astype(np.uint64), edges.dst.astype(np.uint64)
    return networkit.GraphFromCoo((edges.weights, ends), n=edges.actors, weighted=True, directed=True)


def _networkx_pagerank(graph: "nx.DiGraph[int]") -> str:
    nx.pagerank(graph)
    return "to its default tolerance"


def _networkit_pagerank(graph: object) -> str:
    import networkit

    ranking = networkit.centrality.PageRank(graph)
    ranking.run()
    return f"{ranking.numberOfIterations()} iterations to its default tolerance"
