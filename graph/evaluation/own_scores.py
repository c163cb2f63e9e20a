"""The score itself as a contestant: the same core that runs live, fed no further than the cut date."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from graph.evaluation.contest import Known
from graph.interaction import Interaction, encode_interaction
from graph.partition_state import PartitionState
from graph.run import RankingRun
from graph.theme_settings import ThemeSettings

COLUMNS = {"reach": "reach", "headline": "score", "conversion": "conversion"}
"""Name in an evaluation: column of a ranking run."""


class OwnScores:
    """Ranks as of each cut date, as after `feed --close`; whoever is not ranked has 0. Called in order of time."""

    def __init__(self, settings: ThemeSettings) -> None:
        self._settings = settings
        self._asked = False
        self._last: RankingRun | None = None
        """Where nothing happened since the date before, its run still stands."""
        self._state = PartitionState(0, {settings.name: settings}, lambda _theme, _boundary: self._asked)

    def __call__(self, known: Known) -> Mapping[str, NDArray[np.float64]]:
        """By score name, values by actor of the table."""
        self._asked = False
        self._take([encode_interaction(act) for act in known.fresh])
        self._asked = True
        close = Interaction(theme=self._settings.name, kind="close", occurred_at=known.at_ms, key=known.at_ms, parts=1, copy=True)
        for run in self._take([encode_interaction(close)]):
            self._last = run
        number = {actor: k for k, actor in enumerate(known.acts.ids)}
        found = {name: np.zeros(len(number)) for name in COLUMNS}
        if self._last is not None:
            rows = [number[actor] for actor in self._last.rows["actor_id"]]
            for name, column in COLUMNS.items():
                found[name][rows] = self._last.rows[column]
        return found

    def _take(self, records: list[bytes]) -> list[RankingRun]:
        start = self._state.next_offset
        return self._state.runs(range(start, start + len(records)), records)
