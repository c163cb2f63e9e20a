"""The prescriber score of one source of a theme: sections 2 to 7 of docs/ranking.md, in their order."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from graph.backtest import Choice
from graph.conversion import Conversion, conversion_of
from graph.courtesy import Courtesy, acts_of
from graph.lift import lift_of
from graph.pair_rows import decayed, pair_rows
from graph.pairs import Pairs, pairs_of
from graph.reach import Reach, regularity_of, worth_of
from graph.responses import acts_in, responses_in
from graph.score_parameters import ScoreParameters
from graph.standing import Standings
from graph.stretches import stretches
from graph.trust import Seeds
from graph.window import Window


@dataclass(frozen=True, slots=True)
class Score:
    """By actor of the window, shape (n,) each, with the pairs they come from."""

    pairs: Pairs
    courtesy: Courtesy
    credibility: NDArray[np.float64]
    reach: Reach
    worth: NDArray[np.float64]
    """By pair, shape (p,): what each response adds to the reach of its target, before regularity."""
    regularity: NDArray[np.float64]
    lift: NDArray[np.float64]
    conversion: Conversion
    messages: NDArray[np.int64]
    headline: NDArray[np.float64]
    choice: Choice
    standings: Standings
    """What was computed on the way, at every half-life asked for."""


def score_of(
    window: Window,
    earlier: Window,
    seeds: Seeds,
    choice: Choice,
    weights: NDArray[np.float64],
    *,
    window_ms: int,
    half_life_ms: int,
    parameters: ScoreParameters,
) -> Score:
    """`window`: rows of (t - W, t], `earlier`: those known before, of the same actors.

    `weights` by kind code; `half_life_ms`: H.
    """
    acts = acts_in(window, weights)
    responses = responses_in(window, acts)
    rows = pair_rows(window, weights, acts, responses)
    pairs = pairs_of(rows, window.numbers.size, choice.multiple * half_life_ms)
    standings = Standings(rows, pairs, acts_of(earlier, acts_in(earlier, weights)), seeds, parameters)
    slow_ms = parameters.conversion_spread * half_life_ms
    here, slow = standings.at(pairs.half_life_ms), standings.at(slow_ms)
    reach, slow_reach = (each.reach.plain() if choice.plain else each.reach for each in (here, slow))
    messages, exposure = _own_messages(window, slow_ms)
    conversion = conversion_of(slow_reach.total, exposure, parameters)
    regularity = regularity_of(window, responses, window_ms, parameters)
    worth = worth_of(pairs, here.courtesy, here.credibility, reach)
    new = standings.openings.met_within(parameters.met_share * window_ms)
    lift = lift_of(pairs, reach.total, worth, new, parameters)
    return Score(
        pairs=pairs,
        courtesy=here.courtesy,
        credibility=here.credibility,
        reach=reach,
        worth=worth,
        regularity=regularity,
        lift=lift,
        conversion=conversion,
        messages=messages,
        headline=reach.total * regularity * lift**parameters.lift_exponent,
        choice=choice,
        standings=standings,
    )


def _own_messages(window: Window, half_life_ms: float) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """By actor, shape (n,): how many, and the sum of what is left of each."""
    count, left = np.zeros(window.numbers.size, dtype=np.int64), np.zeros(window.numbers.size)
    for part in stretches(window.src.size):
        own = window.own[part]
        author = window.src[part][own].astype(np.int64)
        np.add.at(count, author, 1)
        np.add.at(left, author, decayed(window.age[part][own], half_life_ms))
    return count, left
