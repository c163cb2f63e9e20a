"""Lists are sealed as an epoch begins, and opened as the next one does, on what followed. docs/ranking.md, section 10."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from graph.backtest import Backtests, Opened, Sealed
from graph.leaders import leaders
from graph.outcome import Outcome, outcome_of
from graph.score import Score
from graph.score_parameters import ScoreParameters
from graph.theme_settings import ThemeSettings
from graph.window import Window


def sealed_lists(score: Score, window: Window, source: int, ids: list[str], settings: ThemeSettings) -> Sealed:
    """The first by reach of a source (by code), at each half-life, and by plain responders; `ids` by actor of the window."""
    parameters, ours = settings.parameters, window.source == source
    standings = [score.standings.at(multiple * settings.half_life_ms).reach for multiple in parameters.half_lives]
    plain = standings[0].plain()
    totals = [reach.total for reach in (*standings, plain)]
    responses = float(plain.total.sum())
    return Sealed(
        taken_at=window.end_ms,
        lists=[window.numbers[leaders(total, ours & (total > 0), parameters.most_places, ids)].tolist() for total in totals],
        unknown_share=float(plain.unknown.sum()) / responses if responses else 0.0,
    )


def open_sealed(
    backtests: Backtests, window: Window, codes: Mapping[str, int], weights: NDArray[np.float64], settings: ThemeSettings
) -> None:
    """Compare the lists of the epoch before with what followed. `codes`: sources by name; `weights` by kind code."""
    parameters = settings.parameters
    place = np.full(int(window.numbers.max(initial=-1)) + 2, -1, dtype=np.int64)
    place[window.numbers] = np.arange(window.numbers.size)
    for source, sealed in backtests.take_sealed():
        outcome = outcome_of(window, weights, codes[source], taken_at=sealed.taken_at, window_ms=settings.window_ms)
        candidates = int(outcome.candidates.sum())
        if candidates >= parameters.fewest_candidates and outcome.voices >= parameters.fewest_voices:
            backtests.open(source, _opened(sealed, outcome, place, _places(candidates, parameters)), parameters.backtests)


def _opened(sealed: Sealed, outcome: Outcome, place: NDArray[np.int64], places: int) -> Opened:
    listed = [np.array(numbers, dtype=np.int64) for numbers in sealed.lists]
    found = [np.where(numbers < place.size - 1, place[np.minimum(numbers, place.size - 1)], -1) for numbers in listed]
    return Opened([outcome.quality(positions, places) for positions in found], sealed.unknown_share)


def _places(candidates: int, parameters: ScoreParameters) -> int:
    share = int(np.ceil(parameters.place_share * candidates))
    return min(max(share, parameters.fewest_places), parameters.most_places)
