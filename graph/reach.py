"""Reach: how many responded, as far as their word is credible, under a quorum; and how regularly. docs/ranking.md, section 6."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from graph.pairs import Pairs
from graph.score_parameters import ScoreParameters
from graph.window import Window

NOBODY = 1e-9
"""Share of all credible responses below which what is left to the others is rounding."""


@dataclass(frozen=True, slots=True)
class Reach:
    """By actor, shape (n,). `total` = trusted + open."""

    trusted: NDArray[np.float64]
    open: NDArray[np.float64]
    unknown: NDArray[np.float64]
    """What the not yet credible would count for without the quorum."""

    @property
    def total(self) -> NDArray[np.float64]:
        """R."""
        return self.trusted + self.open

    def plain(self) -> "Reach":
        """Everybody counts alike, without a quorum: for sources where trust misled. docs/ranking.md, section 10."""
        return Reach(self.trusted, self.unknown, self.unknown)


def reach_of(
    pairs: Pairs,
    recency: NDArray[np.float64],
    earned: NDArray[np.float64],
    credibility: NDArray[np.float64],
    parameters: ScoreParameters,
    *,
    settled: bool,
) -> Reach:
    """Unknown accounts count, at most in the usual ratio to credible ones: a ring without any is worth tau.

    The ratio is that of the *other* actors with a credible response, or a ring would set its own; a theme that is not
    `settled` has too few of those, and takes it over everybody.
    """
    credit = credibility[pairs.src]
    trusted = pairs.received(credit * recency)
    unknown = pairs.received((1 - credit) * recency)
    backed = pairs.received(credit * earned)
    counted = unknown * (backed > 0) if settled else unknown
    own_unknown, own_backed = (counted, backed) if settled else (0.0, 0.0)
    others = np.maximum(backed.sum() - own_backed, 0.0) * np.ones(pairs.actors)
    usual = np.zeros(pairs.actors)
    np.divide(counted.sum() - own_unknown, others, out=usual, where=others > NOBODY * max(backed.sum(), 1.0))
    ratio = parameters.quorum_ratio * np.maximum(parameters.least_ratio, usual)
    return Reach(trusted, np.minimum(parameters.quorum_share * unknown, ratio * backed + parameters.tau), unknown)


def regularity_of(
    window: Window, responses: NDArray[np.float64], window_ms: int, parameters: ScoreParameters
) -> NDArray[np.float64]:
    """In (0, 1], shape (n,). A slice counts once, so volume buys nothing and a campaign needs weeks.

    `responses`: weight of each row as a response, shape (m,).
    """
    slices, prior = parameters.slices, parameters.slice_prior
    age = window.end_ms - window.time
    number = np.minimum(age * slices // window_ms, slices - 1)
    wrote = _distinct(window.src[window.own], number[window.own], window.numbers.size, slices)
    answered = _distinct(window.dst[responses > 0], number[responses > 0], window.numbers.size, slices)
    product = (wrote / slices + prior) * (answered / slices + prior) / (1 + prior) ** 2
    return np.cbrt(product)


def _distinct(actor: NDArray[np.int64], number: NDArray[np.int64], actors: int, slices: int) -> NDArray[np.int64]:
    seen = np.zeros((actors, slices), dtype=np.bool_)
    seen[actor, number] = True
    slices_seen: NDArray[np.int64] = seen.sum(axis=1)
    return slices_seen
