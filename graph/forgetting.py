"""Actors of whom nothing is left in the log are forgotten, so that a theme's memory follows its window and not its age.

What is known of somebody goes by the rows alone, never by a score: score versions side by side must not remember for each
other. A number stays as long as a version refers to it, for nobody sees numbers.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from graph.growing import grown
from graph.interaction_log import NOBODY, InteractionLog
from graph.rank_theme import Ranker
from graph.theme_graph import ThemeGraph

FEWEST_ACTORS = 1024
"""Below this many it is not worth the while."""


def forget_actors(graph: ThemeGraph, rankers: Sequence[Ranker]) -> None:
    """Once fewer than half of the known actors have a row, only those are known; once it pays, the others' numbers go too.

    So at most twice the actors of the kept rows, of the chains of trust and of the last ledgers are held, or `FEWEST_ACTORS`.
    """
    actors = graph.actors
    if len(actors) <= FEWEST_ACTORS:
        return
    present = _with_rows(graph.log, len(actors))
    known = actors.known()
    if known.sum() > max(FEWEST_ACTORS, 2 * int(present.sum())):
        gone = known & ~present
        actors.forget(gone)
        for ranker in rankers:
            ranker.circles.leave(gone)
            ranker.backtests.renumber(_numbers(np.arange(gone.size), ~gone))
        known = present
    kept = known | _referred_to(rankers, len(actors))
    if int(kept.sum()) * 2 < kept.size:
        _drop(graph, rankers, kept)


def _with_rows(log: InteractionLog, count: int) -> NDArray[np.bool_]:
    found, rows = np.zeros(count + 1, dtype=np.bool_), slice(log.first, log.size)
    found[log.src[rows]] = True
    found[log.dst[rows]] = True
    return found[:count]


def _referred_to(rankers: Sequence[Ranker], count: int) -> NDArray[np.bool_]:
    """Who ever was a seed, or awaits a receipt."""
    found = np.zeros(count, dtype=np.bool_)
    for ranker in rankers:
        found |= grown(ranker.chain.members, count)[:count]
        if ranker.ledger is not None:
            found[ranker.ledger.actors()] = True
    return found


def _drop(graph: ThemeGraph, rankers: Sequence[Ranker], kept: NDArray[np.bool_]) -> None:
    """Number the kept ones anew, in their order."""
    log, rows = graph.log, slice(graph.log.first, graph.log.size)
    number = _numbers(np.cumsum(kept) - 1, kept)
    log.touch()
    log.src[rows] = number[log.src[rows]]
    log.dst[rows] = number[log.dst[rows]]
    for ranker in rankers:
        ranker.chain.members = grown(ranker.chain.members, kept.size)[: kept.size][kept]
        ranker.published = grown(ranker.published, kept.size)[: kept.size][kept]
        ranker.backtests.renumber(number)
        ranker.circles.keep(kept)
        if ranker.ledger is not None:
            ranker.ledger.renumber(number)
    graph.actors.keep(kept)


def _numbers(number: NDArray[np.int64], kept: NDArray[np.bool_]) -> NDArray[np.int32]:
    """What each number becomes: nobody where it is not kept, nor at the end, so that nobody (-1) stays nobody."""
    return np.append(np.where(kept, number, NOBODY), NOBODY).astype(np.int32)
