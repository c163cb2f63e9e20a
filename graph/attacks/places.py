"""Where the accounts of an attack come out under a score. Ties always count against them."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from graph.attacks.scene import Script
from graph.run import RankingRun


@dataclass(frozen=True, slots=True)
class Place:
    """Where the boss comes out; where there is none, the attack's best account."""

    percentile: float
    """Share of the honest candidates below it."""
    rank: int
    """1 is the best."""
    inside: bool
    """Whether that is among the first k."""
    seats: int
    """Of the first k, taken by the attack's accounts."""


NOWHERE = Place(0.0, 0, inside=False, seats=0)
"""Of an account that is not ranked."""


def own_place(run: RankingRun | None, script: Script, candidates: NDArray[np.str_], k: int) -> Place:
    """Under our score."""
    if run is None or not run.rows["actor_id"]:
        return NOWHERE
    return place(np.array(run.rows["actor_id"]), np.array(run.rows["score"]), script, candidates, k)


def place(ids: NDArray[np.str_], values: NDArray[np.float64], script: Script, candidates: NDArray[np.str_], k: int) -> Place:
    """`ids` and `values` by actor, shape (n,); `candidates`: the honest ones, of whom those not among `ids` have nothing."""
    mine = np.fromiter((script.owns(actor) for actor in ids.tolist()), dtype=np.bool_, count=ids.size)
    boss = np.flatnonzero(ids == script.boss) if (ids == script.boss).any() else np.flatnonzero(mine)
    best = float(values[boss].max(initial=0.0))
    if best <= 0:
        return NOWHERE
    order = np.lexsort((mine, -values))
    rank = int((values >= best).sum())
    honest = values[np.isin(ids, candidates)]
    below = int((honest < best).sum()) + candidates.size - honest.size
    return Place(
        percentile=below / candidates.size,
        rank=rank,
        inside=rank <= k,
        seats=int((mine[order[:k]] & (values[order[:k]] > 0)).sum()),
    )
