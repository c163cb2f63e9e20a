"""Credibility: whose response counts fully, spread from the seeds along responses. docs/ranking.md, section 5."""

import numpy as np
from numpy.typing import NDArray

from graph.pairs import Pairs
from graph.score_parameters import ScoreParameters
from graph.stretches import stretches


def credibility_of(
    pairs: Pairs, recency: NDArray[np.float64], earned: NDArray[np.float64], seeds: NDArray[np.bool_], parameters: ScoreParameters
) -> NDArray[np.float64]:
    """C in [0, 1] by actor, shape (n,): 1 for seeds, 0 for everybody where there is no seed. `earned` is used up."""
    if not seeds.any():
        return np.zeros(pairs.actors)
    given = pairs.given(recency)
    given[given == 0] = 1.0
    for part in stretches(earned.size):
        earned[part] /= given[pairs.src[part]]
    share = pairs.matrix(earned)
    start = seeds / seeds.sum()
    trust = start
    for _ in range(parameters.steps):
        trust = parameters.damping * (share @ trust) + (1 - parameters.damping) * start
    knee = parameters.credit_knee * float(np.quantile(trust[seeds], 0.25))
    return np.where(seeds, 1.0, trust / (trust + knee))
