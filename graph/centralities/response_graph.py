"""Who responded to whom in a window, response by response, in an order that arrival cannot change."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from graph.kinds import RESPONSES
from graph.window import Window


@dataclass(frozen=True, slots=True)
class ResponseGraph:
    """Actors are numbered 0..n-1 here; `actors` are their positions in the window, ascending."""

    actors: NDArray[np.int64]
    src: NDArray[np.int64]
    """By response, as `dst`, shape (r,): in order of time, inside one timestamp of (src, dst)."""
    dst: NDArray[np.int64]

    def counts(self) -> csr_array:
        """Row u responded to column i so many times, shape (n, n)."""
        size = self.actors.size
        return csr_array((np.ones(self.src.size), (self.src, self.dst)), shape=(size, size))


def response_graph(window: Window) -> ResponseGraph:
    """Of all who act or are acted toward in the rows of a window. Bots respond to nobody; reactions are no responses."""
    occurs = np.zeros(window.numbers.size, dtype=np.bool_)
    occurs[window.src] = True
    occurs[window.dst[window.dst >= 0]] = True
    place = np.cumsum(occurs) - 1
    rows = np.flatnonzero((window.dst >= 0) & RESPONSES[window.kind] & ~window.bot[window.src])
    src, dst, time = window.src[rows], window.dst[rows], window.time[rows]
    order = np.lexsort((dst, src, time))
    return ResponseGraph(np.flatnonzero(occurs), place[src[order]], place[dst[order]])
