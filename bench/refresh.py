"""One ranking run of a theme, rows to columns: over PageRank of its graph, again a minute later, ten times larger."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from importlib.util import find_spec
from typing import Any

import networkx as nx
import numpy as np

from bench.measure import cpu_seconds, interleaved
from bench.outcome import Line, Outcome, Skipped, ratios
from bench.ranked_theme import END_MS, Edges, Theme, cold_ranker, edges_of, fill_theme, new_ranker, one_more_minute, rank
from graph.theme_settings import MINUTE_MS

SMOKE, FULL = 300_000, 10_000_000
SMOKE_TENTH, FULL_TENTH = 30_000, 1_000_000
"""Interactions of the theme that growth is measured from."""
SMOKE_PEER, FULL_PEER = 300_000, 1_000_000
"""Interactions of the theme that networkx ranks: it takes hundreds of bytes an edge."""
REPEATS = 3
MINUTES = 3
LATER, GROWTH = 1 / 4, 12.0
DIGITS = 1e-12
"""Tolerance of a peer that is to be about as exact as our scores are published: twelve digits."""


@dataclass(frozen=True, slots=True)
class Peer:
    """A library that builds a graph of its own from edges, which is not timed against ours, and ranks it, which is."""

    name: str
    build: Callable[[Edges], Any]
    pagerank: Callable[[Any], str]
    """Gives how it went, for the reader."""
    target: float
    closely: Callable[[Any], str] | None = None
    """The same to about as many digits as our scores are published with; not what is aimed at."""


def measure(*, full: bool) -> list[Line]:
    """CPU seconds of ours over theirs, one thread each; and of ours over ours. The larger theme is ranked last: it grows."""
    size, tenth, of_peer = (FULL, FULL_TENTH, FULL_PEER) if full else (SMOKE, SMOKE_TENTH, SMOKE_PEER)
    small, theme = fill_theme(tenth), fill_theme(size)
    networkx = Peer("networkx PageRank", _networkx_graph, _networkx_pagerank, 1 / 50)
    lines = [_over_networkit(theme), _over(networkx, small if of_peer == tenth else theme)]
    return [*lines, _growth(small, theme), _later(theme)]


def _over_networkit(theme: Theme) -> Line:
    if find_spec("networkit") is None:
        reason = "networkit is not installed: pip install networkit (it is in the extra `bench`)"
        return Skipped(name="cold refresh over networkit PageRank", reason=reason)
    import networkit

    before = networkit.getMaxNumberOfThreads()
    networkit.setNumberOfThreads(1)
    try:
        return _over(Peer("networkit PageRank", _networkit_graph, _networkit_pagerank, 1.0, _networkit_pagerank_closely), theme)
    finally:
        networkit.setNumberOfThreads(before)


def _over(peer: Peer, theme: Theme) -> Outcome:
    """Every run of ours is cold: nothing was ranked before, so that all evidence is written out too."""
    edges = edges_of(theme)
    graph = peer.build(edges)
    note = peer.pagerank(graph)  # imports what it needs, outside of what is timed
    building = cpu_seconds(lambda: peer.build(edges))
    ours, theirs = interleaved(REPEATS, lambda: rank(theme, cold_ranker(theme)), lambda: peer.pagerank(graph))
    ranker = cold_ranker(theme)
    run = rank(theme, ranker)
    again, first = cpu_seconds(lambda: rank(theme, ranker)), cpu_seconds(lambda: rank(theme, new_ranker()))
    mine, their = min(ours), min(theirs)
    closer = "" if peer.closely is None else _closer(peer.closely, graph, mine)
    detail = (
        f"{edges.src.size:,} pairs of {edges.actors:,} actors, {len(run.rows['rank']):,} ranked, all with parts, "
        f"{len(run.evidence['position']):,} rows of evidence; {mine:.3f} against {their:.3f} CPU s ({note}), "
        f"or {their + building:.3f} with building the graph (ratio {mine / (their + building):.2g}){closer}; "
        f"once its evidence is published {again:.3f} (ratio {again / their:.2g}); "
        f"the first run of an epoch, with circles and lists at every half-life, {first:.3f}"
    )
    name = f"cold refresh of {theme.events:,} interactions"
    return Outcome(
        name=name, peer=peer.name, ratios=ratios(ours, theirs), target=peer.target, more_is_better=False, detail=detail
    )


def _closer(closely: Callable[[Any], str], graph: object, mine: float) -> str:
    notes: list[str] = []
    spent = cpu_seconds(lambda: notes.append(closely(graph)))
    return f", {spent:.3f} where it takes {notes[0]} (ratio {mine / spent:.2g})"


def _growth(small: Theme, large: Theme) -> Outcome:
    of_large, of_small = interleaved(REPEATS, lambda: rank(large, cold_ranker(large)), lambda: rank(small, cold_ranker(small)))
    return Outcome(
        name=f"cold refresh of {large.events:,} interactions",
        peer=f"one of {small.events:,}",
        ratios=ratios(of_large, of_small),
        target=GROWTH,
        more_is_better=False,
        detail=f"{min(of_large):.3f} against {min(of_small):.3f} CPU s",
    )


def _later(theme: Theme) -> Outcome:
    """The theme grows by a minute before each run; the ranker is the one that ran before."""
    ranker = cold_ranker(theme)
    rank(theme, ranker)
    cold, later = [], []
    for minute in range(MINUTES):
        cold.append(cpu_seconds(lambda: rank(theme, cold_ranker(theme))))
        one_more_minute(theme, minute)
        later.append(cpu_seconds(partial(rank, theme, ranker, END_MS + (minute + 1) * MINUTE_MS)))
    return Outcome(
        name="refresh after one more minute of events",
        peer="the cold one",
        ratios=ratios(later, cold),
        target=LATER,
        more_is_better=False,
        detail=f"{min(later):.3f} against {min(cold):.3f} CPU s, of {theme.events:,} interactions",
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


def _networkit_pagerank(graph: object, tolerance: str = "its default tolerance", **options: float) -> str:
    import networkit

    ranking = networkit.centrality.PageRank(graph, **options)
    ranking.run()
    return f"{ranking.numberOfIterations()} iterations to {tolerance}"


def _networkit_pagerank_closely(graph: object) -> str:
    return _networkit_pagerank(graph, f"{DIGITS:.0e}", tol=DIGITS)
