"""Lists are sealed as an epoch begins, and opened as the next one does, on what followed. docs/ranking.md, section 10."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from graph.backtest import Backtests, Opened, Sealed
from graph.intervals import rank_errors
from graph.kinds import preset_weights
from graph.leaders import leaders
from graph.outcome import Outcome, outcome_of
from graph.score import Score
from graph.score_parameters import ScoreParameters
from graph.theme_settings import ThemeSettings
from graph.window import Window


def sealed_lists(
    score: Score, window: Window, source: int, ranked: NDArray[np.int64], ids: list[str], settings: ThemeSettings
) -> Sealed:
    """The first by reach of a source (by code), at each half-life; and the first of its ranking.

    `ranked`: positions of who is ranked; `ids` by actor of the window.
    """
    parameters, ours = settings.parameters, window.source == source
    totals = [score.standings.at(multiple * settings.half_life_ms).reach.total for multiple in parameters.half_lives]
    listed = np.zeros(ours.size, dtype=np.bool_)
    listed[ranked] = True
    return Sealed(
        taken_at=window.end_ms,
        lists=[window.numbers[leaders(total, ours & (total > 0), parameters.most_places, ids)].tolist() for total in totals],
        first=window.numbers[leaders(score.headline, listed, parameters.interval_first, ids)].tolist(),
    )


def open_sealed(
    backtests: Backtests, window: Window, listable: NDArray[np.bool_], codes: Mapping[str, int], settings: ThemeSettings
) -> None:
    """Compare the lists of the epoch before with what followed. `listable` by actor of the window; `codes`: sources by name."""
    parameters, weights = settings.parameters, preset_weights(settings.preset)
    kept = max(parameters.backtests, parameters.interval_backtests)
    place = np.full(int(window.numbers.max(initial=-1)) + 2, -1, dtype=np.int64)
    place[window.numbers] = np.arange(window.numbers.size)
    for source, sealed in backtests.take_sealed():
        outcome = outcome_of(window, weights, codes[source], taken_at=sealed.taken_at, window_ms=settings.window_ms)
        candidates = int(outcome.candidates.sum())
        if candidates >= parameters.fewest_candidates and outcome.voices >= parameters.fewest_voices:
            found = _opened(sealed, outcome, listable, place, _places(candidates, parameters))
            backtests.open(source, found, kept)


def _opened(sealed: Sealed, outcome: Outcome, listable: NDArray[np.bool_], place: NDArray[np.int64], places: int) -> Opened:
    found = [_positions(numbers, place) for numbers in (*sealed.lists, sealed.first)]
    return Opened(
        quality=[outcome.quality(positions, places) for positions in found[:-1]],
        errors=rank_errors(found[-1], outcome.heard & listable, outcome.responders),
    )


def _positions(numbers: list[int], place: NDArray[np.int64]) -> NDArray[np.int64]:
    """Where actors are in the window, -1 where they are not."""
    listed = np.array(numbers, dtype=np.int64)
    return np.where(listed < place.size - 1, place[np.minimum(listed, place.size - 1)], -1)


def _places(candidates: int, parameters: ScoreParameters) -> int:
    share = int(np.ceil(parameters.place_share * candidates))
    return min(max(share, parameters.fewest_places), parameters.most_places)
