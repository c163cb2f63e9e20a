"""What is published beside the score of everybody ranked: ranks by other measures, and of the first who joins circles.

Nothing here enters a score. docs/ranking.md, section 15.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from graph.centralities.brokerage import brokerage_of, ties_of
from graph.centralities.pagerank import pagerank
from graph.centralities.response_graph import response_graph
from graph.centralities.temporal_pagerank import temporal_pagerank
from graph.circles import Circles
from graph.ranking import TIER_ENDS, SourceRanking, percentile_among
from graph.role_thresholds import THRESHOLDS
from graph.rounding import significant
from graph.run import CENTRALITY_COLUMNS
from graph.window import Window

BROKERS = TIER_ENDS[-1]
"""Brokerage is told of the ranks up to here."""
Values = NDArray[np.float64]


def empty_centralities() -> dict[str, list[Any]]:
    """Of a run that tells none: those told last stand."""
    return {name: [] for name in CENTRALITY_COLUMNS}


def centrality_columns(
    parts: list[SourceRanking], present: Window, ids: list[str], rows: dict[str, list[Any]], circles: Circles
) -> dict[str, list[Any]]:
    """Columns of `CENTRALITY_COLUMNS`, in the order of the ranking `rows`. `ids` by actor of the window."""
    if not rows["rank"]:
        return empty_centralities()
    ranking = [part for part in parts if part.actors.size]
    found = [_of_source(part, present.of_source(part.code)) for part in ranking]
    actors = np.concatenate([part.actors for part in ranking])
    place = {ids[k]: at for at, k in enumerate(actors.tolist())}
    order = np.array([place[actor] for actor in rows["actor_id"]], dtype=np.int64)
    columns: dict[str, list[Any]] = {"actor_id": rows["actor_id"], "rank": rows["rank"]}
    for position, name in enumerate(("pagerank", "temporal_pagerank")):
        values = [each[position] for each in found]
        columns[name] = np.concatenate(values)[order].tolist()
        columns[f"{name}_rank"] = _merged_ranks(values)[order].tolist()
    columns |= _brokers(parts, present, actors[order[: sum(rank <= BROKERS for rank in rows["rank"])]], circles)
    return {name: columns[name] + [None] * (len(rows["rank"]) - len(columns[name])) for name in CENTRALITY_COLUMNS}


def _of_source(part: SourceRanking, window: Window) -> tuple[Values, Values]:
    """PageRank and temporal PageRank of the ranked of a source, as shares of its whole."""
    graph = response_graph(window)
    place = np.searchsorted(graph.actors, part.actors)
    temporal = temporal_pagerank(graph.src, graph.dst, graph.actors.size)
    return significant(pagerank(graph.counts())[place]), significant((temporal / (temporal.sum() or 1.0))[place])


def _merged_ranks(by_source: list[Values]) -> NDArray[np.int64]:
    """Ranks as the score's: by percentile among the ranked of the source, then by value; equal ones share a rank.

    Complex numbers are ordered by their real part first.
    """
    keys = np.concatenate([percentile_among(values, values) + 1j * values for values in by_source])
    return keys.size - np.searchsorted(np.sort(keys), keys, side="right") + 1


def _brokers(parts: list[SourceRanking], present: Window, first: NDArray[np.int64], circles: Circles) -> dict[str, list[Any]]:
    """Of the first ranked, best first; nothing where circles are not told clearly apart."""
    if circles.parted < THRESHOLDS.parted:
        first = first[:0]
    pairs = [part.score.pairs for part in parts]
    src, dst = (np.concatenate([getattr(each, end)[each.recency > 0] for each in pairs]) for end in ("src", "dst"))
    found = brokerage_of(ties_of(present.numbers.size, src, dst), circles.of(present.numbers), first)
    behind = np.sort(-found.brokered)
    return {
        "contacts": found.contacts.tolist(),
        "circles_joined": found.circles.tolist(),
        "brokered_pairs": found.brokered.tolist(),
        "brokerage": significant(found.share).tolist(),
        "brokerage_rank": (np.searchsorted(behind, -found.brokered) + 1).tolist(),
    }
