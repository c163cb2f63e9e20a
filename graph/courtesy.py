"""Courtesy: an answer to somebody who called first says less than an answer nobody asked for. docs/ranking.md, section 3."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from graph.kinds import REACTION
from graph.pair_order import in_order
from graph.pair_rows import NEVER, PairRows
from graph.pairs import Pairs
from graph.score_parameters import ScoreParameters
from graph.window import Window


@dataclass(frozen=True, slots=True)
class Acts:
    """Acts of one actor toward another, reactions aside: time in ms, shape (k,) each."""

    src: NDArray[np.int32]
    dst: NDArray[np.int32]
    time: NDArray[np.int64]


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


def first_acts(rows: PairRows) -> Acts:
    """The first act of each pair, in their order."""
    return Acts(rows.src, rows.dst, rows.first_acts())


def acts_of(window: Window, acts: NDArray[np.bool_]) -> Acts:
    """Those of a window. `acts` as `graph.responses` finds them, shape (m,)."""
    which = acts & (window.kind != REACTION)
    return Acts(window.src[which], window.dst[which], window.end_ms - window.age[which].astype(np.int64))


def openings_of(first: Acts, actors: int, earlier: Acts) -> Openings:
    """Compare the first act of each pair, one by one, with the first one back.

    `earlier`: acts before the window, as far as they are known; a pair may have any number of them.
    """
    pairs = first.src.size
    src, dst, time = (np.concatenate([getattr(each, name) for each in (first, earlier)]) for name in ("src", "dst", "time"))
    order = in_order(np.minimum(src, dst), np.maximum(src, dst), np.ones(src.size, dtype=np.bool_), actors)
    same = np.flatnonzero(order.words[1:] == order.words[:-1])
    several = np.union1d(same, same + 1)
    words, rows = order.words[several], order.rows[several]
    group = np.cumsum(np.append(True, words[1:] != words[:-1])[: words.size]) - 1
    way = (src[rows] > dst[rows]).astype(np.int64)
    firsts = np.full((int(group.max(initial=-1)) + 1, 2), NEVER)
    np.minimum.at(firsts, (group, way), time[rows])
    there, back = firsts[group, way], firsts[group, 1 - way]
    solicited, opened = np.zeros(src.size, dtype=np.bool_), time < NEVER
    solicited[rows], opened[rows], time[rows] = back < there, there < back, np.minimum(there, back)
    return Openings(solicited[:pairs], opened[:pairs], time[:pairs])


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
