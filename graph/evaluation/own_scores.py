"""The score itself as a contestant: the same core that runs live, fed no further than the cut date."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from graph.evaluation.contest import Known
from graph.evaluation.stepwise import Stepwise
from graph.theme_settings import ThemeSettings

COLUMNS = {"reach": "reach", "headline": "score", "conversion": "conversion"}
"""Name in an evaluation: column of a ranking run."""


class OwnScores:
    """Ranks as of each cut date; whoever is not ranked has 0. Called in order of time."""

    def __init__(self, settings: ThemeSettings) -> None:
        self._core = Stepwise(settings)

    def __call__(self, known: Known) -> Mapping[str, NDArray[np.float64]]:
        """By score name, values by actor of the table."""
        self._core.take(known.fresh)
        run = self._core.rank(known.at_ms)
        number = {actor: k for k, actor in enumerate(known.acts.ids)}
        found = {name: np.zeros(len(number)) for name in COLUMNS}
        if run is not None:
            rows = [number[actor] for actor in run.rows["actor_id"]]
            for name, column in COLUMNS.items():
                found[name][rows] = run.rows[column]
        return found
