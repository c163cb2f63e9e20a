"""Courtesy: an answer to somebody who called first says less than an answer nobody asked for. docs/ranking.md, section 3."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from graph.pair_order import heads_of, in_order
from graph.pairs import NEVER, Acts, PairRows, Pairs
from graph.score_parameters import ScoreParameters


@dataclass(frozen=True, slots=True)
class Openings:
    """By pair (u, i), shape (p,): who spoke first, whatever the half-life."""

    solicited: NDArray[np.bool_]
    """i had addressed u before."""
    opened: NDArray[np.bool_]
    """u addressed i first."""
    met: NDArray[np.int64]
    """When the first of the two acted toward the other (ms), reactions aside; NEVER where neither did."""

    def met_after(self, time_ms: float) -> NDArray[np.bool_]:
        """Pairs who had nothing to do with each other until then, and have since; a reaction is no acquaintance."""
        since: NDArray[np.bool_] = (self.met > time_ms) & (self.met < NEVER)
        return since


@dataclass(frozen=True, slots=True)
class Courtesy:
    """`solicited` by pair (p,); `kept` and `counted` by actor (n,): shares of solicited answers that nobody has bought."""

    solicited: NDArray[np.bool_]
    kept: NDArray[np.float64]
    """What carries trust on, and sets the quorum."""
    counted: NDArray[np.float64]
    """What counts for reach, where more contacts are free."""

    def earned(self, pairs: Pairs, recency: NDArray[np.float64]) -> NDArray[np.float64]:
        """x: each response as far as it carries trust on, shape (p,)."""
        return self._left(pairs, recency, self.kept)

    def reaching(self, pairs: Pairs, recency: NDArray[np.float64]) -> NDArray[np.float64]:
        """y: each response as far as it counts for reach, shape (p,)."""
        return self._left(pairs, recency, self.counted)

    def _left(self, pairs: Pairs, recency: NDArray[np.float64], share: NDArray[np.float64]) -> NDArray[np.float64]:
        left, asked = recency.copy(), np.flatnonzero(self.solicited)
        left[asked] *= share[pairs.dst[asked]]
        return left


def openings_of(rows: PairRows, actors: int, earlier: Acts) -> Openings:
    """Compare the first act of each pair with the first one back. `earlier`: acts before the window, as far as they are known."""
    src, dst = np.concatenate([rows.src, earlier.src]), np.concatenate([rows.dst, earlier.dst])
    between = np.minimum(src, dst)
    between *= actors
    between += np.maximum(src, dst)
    between *= 2
    between += src > dst
    order, way = in_order(between, 2 * actors * actors)
    head = heads_of(way)
    time = np.concatenate([rows.first, earlier.time])[order]
    first = np.minimum.reduceat(time, head) if head.size else time
    back = np.full(head.size, NEVER)
    way = way[head]
    both = np.flatnonzero((way[1:] == way[:-1] + 1) & (way[1:] & 1 == 1))
    back[both], back[both + 1] = first[both + 1], first[both]
    counts = np.diff(np.append(head, order.size))
    solicited, opened = (np.zeros(order.size, dtype=np.bool_) for _ in range(2))
    solicited[order], opened[order] = np.repeat(back < first, counts), np.repeat(first < back, counts)
    met = np.empty_like(time)
    met[order] = np.repeat(np.minimum(first, back), counts)
    return Openings(solicited[: rows.src.size], opened[: rows.src.size], met[: rows.src.size])


def courtesy_of(pairs: Pairs, recency: NDArray[np.float64], openings: Openings, parameters: ScoreParameters) -> Courtesy:
    """`recency`: of the half-life in use, shape (p,)."""
    opened = pairs.given(recency * openings.opened)
    answers = np.flatnonzero(openings.solicited)
    asked = np.bincount(pairs.dst[answers], weights=recency[answers], minlength=pairs.actors).astype(np.float64)

    def unbought(free: float) -> NDArray[np.float64]:
        share = np.ones(pairs.actors)
        np.divide(asked - np.maximum(opened - free, 0.0), asked, out=share, where=asked > 0)
        return np.clip(share, 0.0, 1.0)

    return Courtesy(openings.solicited, unbought(parameters.free_contacts), unbought(parameters.free_contacts_in_reach))
