"""The first few of many by a value, the same whatever the order of arrival: equal values go by actor id."""

import numpy as np
from numpy.typing import NDArray

from graph.intervals import settle_ties, tie_span
from graph.rounding import significant


def leaders(values: NDArray[np.float64], candidates: NDArray[np.bool_], places: int, ids: list[str]) -> NDArray[np.int64]:
    """Positions of the `places` candidates with the greatest values (to 12 digits), best first; `ids` settle ties."""
    found = np.flatnonzero(candidates)
    rounded = significant(values[found])
    if found.size > places:
        floor = np.partition(rounded, found.size - places)[found.size - places]
        found, rounded = found[rounded >= floor], rounded[rounded >= floor]
    order = np.argsort(-rounded, kind="stable")
    settle_ties(order, tie_span(rounded[order]), found, ids)
    return found[order[:places]]
