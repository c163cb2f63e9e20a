"""The prescriber score of one source of a theme: sections 2 to 7 of docs/ranking.md, in their order."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from graph.conversion import Conversion, conversion_of
from graph.courtesy import Courtesy, courtesy_of
from graph.credibility import credibility_of
from graph.pairs import Pairs, pairs_of, response_weights
from graph.reach import Reach, reach_of, regularity_of
from graph.score_parameters import ScoreParameters
from graph.trust import Seeds
from graph.window import Window


@dataclass(frozen=True, slots=True)
class Score:
    """By actor of the window, shape (n,) each, with the pairs they come from."""

    pairs: Pairs
    courtesy: Courtesy
    credibility: NDArray[np.float64]
    reach: Reach
    regularity: NDArray[np.float64]
    conversion: Conversion
    messages: NDArray[np.int64]
    headline: NDArray[np.float64]


def score_of(
    window: Window,
    seeds: Seeds,
    event_keys: NDArray[np.uint64],
    weights: NDArray[np.float64],
    *,
    window_ms: int,
    half_life_ms: int,
    parameters: ScoreParameters,
) -> Score:
    """`window`: rows of (t - W, t]; `event_keys` by position in the log; `weights` by kind code."""
    spread = parameters.conversion_spread
    pairs = pairs_of(window, weights, event_keys, half_life_ms=half_life_ms, spread=spread)
    courtesy = courtesy_of(pairs, pairs.recency, parameters.free_contacts)
    credibility, reach = _reach(pairs, pairs.recency, courtesy, seeds, parameters)
    slow_courtesy = courtesy_of(pairs, pairs.slow_recency, parameters.free_contacts)
    _, slow_reach = _reach(pairs, pairs.slow_recency, slow_courtesy, seeds, parameters)
    author = window.src[window.own]
    decay = np.exp2(-(window.end_ms - window.time[window.own]) / (spread * half_life_ms))
    exposure = np.bincount(author, weights=decay, minlength=pairs.actors).astype(np.float64)
    conversion = conversion_of(slow_reach.total, exposure, parameters)
    regularity = regularity_of(window, response_weights(window, weights), window_ms, parameters)
    return Score(
        pairs=pairs,
        courtesy=courtesy,
        credibility=credibility,
        reach=reach,
        regularity=regularity,
        conversion=conversion,
        messages=np.bincount(author, minlength=pairs.actors),
        headline=reach.total * regularity * conversion.lift**parameters.lift_exponent,
    )


def _reach(
    pairs: Pairs, recency: NDArray[np.float64], courtesy: Courtesy, seeds: Seeds, parameters: ScoreParameters
) -> tuple[NDArray[np.float64], Reach]:
    earned = courtesy.earned(pairs, recency)
    credibility = credibility_of(pairs, recency, earned, seeds.chosen, parameters)
    return credibility, reach_of(pairs, recency, earned, credibility, parameters, settled=not seeds.cold_start)
