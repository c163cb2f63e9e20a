"""The first few of many by a value, the same whatever the order of arrival: equal values go by actor id."""

import numpy as np
from numpy.typing import NDArray

from graph.rounding import significant


def leaders(values: NDArray[np.float64], candidates: NDArray[np.bool_], places: int, ids: list[str]) -> NDArray[np.int64]:
    """Positions of the `places` candidates with the greatest values (to 12 digits), best first; `ids` settle ties."""
    rounded = significant(values)
    found = np.flatnonzero(candidates)
    if found.size > places:
        floor = np.partition(rounded[found], found.size - places)[found.size - places]
        found = found[rounded[found] >= floor]
    order = sorted(found.tolist(), key=lambda k: (-rounded[k], ids[k]))
    return np.array(order[:places], dtype=np.int64)
