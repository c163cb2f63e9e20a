"""Courtesy: an answer to somebody who called first says less than an answer nobody asked for. docs/ranking.md, section 3."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from graph.kinds import REACTION
from graph.pair_order import in_order_of_two
from graph.pair_rows import PairRows
from graph.pairs import Pairs
from graph.score_parameters import ScoreParameters
from graph.stretches import positions, taken
from graph.times import Offsets
from graph.window import Window

WHOLE = slice(None)


@dataclass(frozen=True, slots=True)
class Acts:
    """Acts of one actor toward another, reactions aside, shape (k,) each."""

    src: NDArray[np.int32]
    dst: NDArray[np.int32]
    known_for: Offsets
    """How long before the end of the window, ms, + 1; 0 where there was none."""


@dataclass(frozen=True, slots=True)
class Openings:
    """By pair (u, i), shape (p,): who spoke first, whatever the half-life."""

    solicited: NDArray[np.bool_]
    """i had addressed u before."""
    opened: NDArray[np.bool_]
    """u addressed i first."""
    known_for: Offsets
    """How long ago the first of the two acted toward the other, reactions aside, ms, + 1; 0 where neither did."""

    def met_within(self, length_ms: float) -> NDArray[np.bool_]:
        """Pairs who have had to do with each other for less than so long; a reaction is no acquaintance."""
        since: NDArray[np.bool_] = (self.known_for < length_ms + 1) & (self.known_for > 0)
        return since


@dataclass(frozen=True, slots=True)
class Courtesy:
    """`solicited` by pair (p,); `kept` and `counted` by actor (n,): shares of solicited answers that nobody has bought."""

    solicited: NDArray[np.bool_]
    kept: NDArray[np.float64]
    """What carries trust on, and sets the quorum."""
    counted: NDArray[np.float64]
    """What counts for reach, where more contacts are free."""
    answers: NDArray[np.float64]
    """Recency of those whom the actor had addressed first, summed, by actor."""

    def earned(self, pairs: Pairs, recency: NDArray[np.float64], part: slice = WHOLE) -> NDArray[np.float64]:
        """x: each response of a part of the pairs as far as it carries trust on. `recency`: of all pairs, shape (p,)."""
        return self._left(pairs, recency, part, self.kept)

    def reaching(self, pairs: Pairs, recency: NDArray[np.float64], part: slice = WHOLE) -> NDArray[np.float64]:
        """y: each response of a part of the pairs as far as it counts for reach. `recency`: of all pairs, shape (p,)."""
        return self._left(pairs, recency, part, self.counted)

    def _left(self, pairs: Pairs, recency: NDArray[np.float64], part: slice, share: NDArray[np.float64]) -> NDArray[np.float64]:
        left, asked = recency[part].copy(), np.flatnonzero(self.solicited[part])
        left[asked] *= share[pairs.dst[part][asked]]
        return left


def acts_of(window: Window, acts: NDArray[np.bool_]) -> Acts:
    """Those of a window. `acts` as `graph.responses` finds them, shape (m,)."""
    which = acts & (window.kind != REACTION)
    return Acts(window.src[which], window.dst[which], window.age[which] + 1)


def openings_of(rows: PairRows, actors: int, earlier: Acts) -> Openings:
    """Compare the first act of each pair with the first one back. `earlier`: acts before the window, as far as they are known."""
    pairs, acts = rows.src.size, Acts(rows.src, rows.dst, rows.known_for())
    if earlier.src.size:
        both = (acts, earlier)
        acts = Acts(*(np.concatenate([getattr(each, name) for each in both]) for name in ("src", "dst", "known_for")))
    src, dst, known_for = acts.src, acts.dst, acts.known_for
    order = in_order_of_two(src, dst, actors)
    same = np.flatnonzero(order.words[1:] == order.words[:-1])
    several = np.union1d(same, same + 1)
    words, at = order.words[several], order.rows[several]
    group = np.cumsum(np.append(True, words[1:] != words[:-1])[: words.size]) - 1
    way = (src[at] > dst[at]).astype(np.int64)
    longest = np.zeros((int(group.max(initial=-1)) + 1, 2), dtype=known_for.dtype)
    np.maximum.at(longest, (group, way), known_for[at])
    there, back = longest[group, way], longest[group, 1 - way]
    solicited, opened = np.zeros(src.size, dtype=np.bool_), known_for > 0
    solicited[at], opened[at], known_for[at] = back > there, there > back, np.maximum(there, back)
    return Openings(solicited[:pairs], opened[:pairs], known_for[:pairs])


def courtesy_of(pairs: Pairs, recency: NDArray[np.float64], openings: Openings, parameters: ScoreParameters) -> Courtesy:
    """`recency`: of the half-life in use, shape (p,). Who asked for nothing that was answered has bought nothing."""
    answers = positions(openings.solicited)
    asked = np.bincount(pairs.dst[answers], weights=recency[answers], minlength=pairs.actors).astype(np.float64)
    calls = positions(openings.opened & taken(asked > 0, pairs.src))
    opened = np.bincount(pairs.src[calls], weights=recency[calls], minlength=pairs.actors).astype(np.float64)

    def unbought(free: float) -> NDArray[np.float64]:
        share = np.ones(pairs.actors)
        np.divide(asked - np.maximum(opened - free, 0.0), asked, out=share, where=asked > 0)
        return np.clip(share, 0.0, 1.0)

    return Courtesy(openings.solicited, unbought(parameters.free_contacts), unbought(parameters.free_contacts_in_reach), asked)
