"""Lift: how much of an actor's reach comes from people met of late, over the usual. docs/ranking.md, section 7."""

import numpy as np
from numpy.typing import NDArray

from graph.pairs import Pairs
from graph.score_parameters import ScoreParameters


def lift_of(
    pairs: Pairs, reach: NDArray[np.float64], worth: NDArray[np.float64], new: NDArray[np.bool_], parameters: ScoreParameters
) -> NDArray[np.float64]:
    """By actor, shape (n,), shrunk toward 1, which it is where there is no new voice at all.

    `reach` by actor; by pair, shape (p,), what each response adds to it, and whether it is that of somebody met of late: so
    accounts which add nothing to reach do not count here either, for or against.
    """
    fresh, alike = np.zeros(pairs.actors), np.ones(pairs.actors)
    for actors, part in pairs.groups():
        fresh[actors] = pairs.received_by(actors, worth[part] * new[part], alike)
    total = float(reach.sum())
    usual = float(fresh.sum()) / total if total > 0 else 0.0
    if usual == 0.0:
        return np.ones(pairs.actors)
    lift: NDArray[np.float64] = (fresh / usual + parameters.lift_exposure) / (reach + parameters.lift_exposure)
    return lift
