"""The thirteen scores that ours is held against, by name, over the acts of one window."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from graph.centralities.pagerank import pagerank
from graph.centralities.temporal_pagerank import temporal_pagerank
from graph.evaluation.act_table import UNKNOWN, ActTable
from graph.evaluation.centralities import hits, katz, leader_rank
from graph.evaluation.contest import Known
from graph.evaluation.counts import distinct_responders, expertise_z, followers, in_degree, posting_volume
from graph.evaluation.flows import influence_passivity
from graph.evaluation.past import Past, past_of
from graph.evaluation.shells import collective_influence, core_number

BASELINES: Mapping[str, Callable[[Past], NDArray[np.float64]]] = {
    "distinct responders": distinct_responders,
    "in-degree": in_degree,
    "PageRank": lambda past: pagerank(past.counts()),
    "temporal PageRank": lambda past: temporal_pagerank(past.src, past.dst, past.actors),
    "posting volume": posting_volume,
    "HITS": lambda past: hits(past.counts()),
    "Katz": lambda past: katz(past.counts()),
    "LeaderRank": lambda past: leader_rank(past.counts()),
    "k-core": lambda past: core_number(past.counts()),
    "Collective Influence": lambda past: collective_influence(past.counts()),
    "ExpertiseRank z": expertise_z,
    "influence-passivity": lambda past: influence_passivity(past, posting_volume(past)),
    "followers": followers,
}


def baseline_scores(acts: ActTable, names: Sequence[str] = tuple(BASELINES)) -> dict[str, NDArray[np.float64]]:
    """By baseline, values by actor of the table, shape (len(acts.ids),). Without any stated, followers are left out."""
    past = past_of(acts)
    if not past.actors:
        return {name: np.zeros(len(acts.ids)) for name in names}
    stated = (acts.followers != UNKNOWN).any()
    return {name: past.spread(BASELINES[name](past)) for name in names if stated or name != "followers"}


def baselines(known: Known) -> Mapping[str, NDArray[np.float64]]:
    """All of them as one contestant."""
    return baseline_scores(known.window)
