"""Staff and brands: ranked apart, and never on the list. docs/ranking.md, section 8."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from graph.profiles import Profiles
from graph.ranking import SourceRanking, percentile_of
from graph.rounding import significant
from graph.run import APART_COLUMNS

MEASURES = ("source", "score", "reach", "responders", "messages")


def apart_columns(
    parts: list[SourceRanking], ids: list[str], numbers: NDArray[np.int32], profiles: Profiles
) -> dict[str, list[Any]]:
    """Columns of `APART_COLUMNS`, best first by the place that each would have. `ids` and `numbers` by actor of the window.

    The place is that of the percentile that its score would have among the ranked of its source, and then of its score.
    """
    if not any(part.official.size for part in parts):
        return {name: [] for name in APART_COLUMNS}
    listed = np.concatenate([np.zeros(0, dtype=np.complex128), *(_keys(part, part.actors) for part in parts)])
    listed.sort()
    rows: list[tuple[int, float, str, int, dict[str, Any]]] = []
    for part in parts:
        for key, k in zip(_keys(part, part.official).tolist(), part.official.tolist(), strict=True):
            place = listed.size - int(np.searchsorted(listed, key, side="right")) + 1
            rows.append((place, -key.imag, ids[k], int(numbers[k]), _measures(part, k, int(part.received.people[k]))))
    rows.sort(key=lambda row: row[:3])
    columns: dict[str, list[Any]] = {name: [row[-1][name] for row in rows] for name in MEASURES}
    columns["position"] = list(range(1, len(rows) + 1))
    columns["place"] = [place for place, *_ in rows]
    columns["actor_id"] = [actor_id for _, _, actor_id, *_ in rows]
    columns["actor_name"] = [profiles.names[number] for *_, number, _ in rows]
    columns["role"] = [profiles.actor_type(number) for *_, number, _ in rows]
    return {name: columns[name] for name in APART_COLUMNS}


def _keys(part: SourceRanking, actors: NDArray[np.int64]) -> NDArray[np.complex128]:
    """(percentile among the ranked of the source, score), ordered as complex numbers are: by the real part first."""
    return percentile_of(part, actors) + 1j * significant(part.score.headline[actors])


def _measures(part: SourceRanking, k: int, responders: int) -> dict[str, Any]:
    score = part.score
    values = (
        part.source,
        float(score.headline[k]),
        float(score.reach.total[k] * score.regularity[k]),
        responders,
        int(score.messages[k]),
    )
    return dict(zip(MEASURES, values, strict=True))
