"""Actors of whom nothing is left in the log are forgotten, so that a theme's memory follows its window and not its age."""

import numpy as np

from graph.growing import grown
from graph.interaction_log import NOBODY
from graph.rank_theme import Ranker
from graph.theme_graph import ThemeGraph

FEWEST_ACTORS = 1024
"""Below this many it is not worth the while."""


def forget_actors(graph: ThemeGraph, ranker: Ranker) -> None:
    """Once fewer than half of the actors have a row, ever were seeds or await a receipt, keep only those, in their order.

    So at most twice the actors of the kept rows, of the chain of trust and of the last ledger are held, or `FEWEST_ACTORS`.
    """
    log, actors, count = graph.log, graph.actors, len(graph.actors)
    if count <= FEWEST_ACTORS:
        return
    kept = grown(ranker.chain.members, count)[:count].copy()
    rows = slice(log.first, log.size)
    kept[log.src[rows]] = True
    kept[log.dst[rows][log.dst[rows] != NOBODY]] = True
    if ranker.ledger is not None:
        kept[ranker.ledger.actors()] = True
    if int(kept.sum()) * 2 >= count:
        return
    number = np.append(np.cumsum(kept) - 1, NOBODY).astype(np.int32)
    log.touch()
    log.src[rows] = number[log.src[rows]]
    log.dst[rows] = number[log.dst[rows]]
    ranker.chain.members = grown(ranker.chain.members, count)[:count][kept]
    ranker.published = grown(ranker.published, count)[:count][kept]
    ranker.backtests.renumber(number)
    ranker.circles.keep(kept)
    if ranker.ledger is not None:
        ranker.ledger.renumber(number)
    graph.actors.keep(kept)
    actors.forgotten += count - len(actors)
