"""Reach: how many responded, as far as their word is credible, under a quorum; and how regularly. docs/ranking.md, section 6."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from graph.courtesy import Courtesy
from graph.pairs import Pairs
from graph.score_parameters import ScoreParameters
from graph.stretches import stretches
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
    backed: NDArray[np.float64]
    """What the credible count for, as far as courtesy does not explain it: it opens the quorum."""
    ratio: NDArray[np.float64]
    """How much of the unknown each of those lets in."""

    @property
    def total(self) -> NDArray[np.float64]:
        """R."""
        return self.trusted + self.open

    def plain(self) -> "Reach":
        """Everybody counts alike, without a quorum: for sources that are configured so. docs/ranking.md, section 10."""
        return replace(self, open=self.unknown)


def reach_of(
    pairs: Pairs,
    recency: NDArray[np.float64],
    courtesy: Courtesy,
    credibility: NDArray[np.float64],
    parameters: ScoreParameters,
) -> Reach:
    """Unknown accounts count, at most in the usual ratio to credible ones: a ring without any is worth tau."""
    trusted, unknown, backed = (np.zeros(pairs.actors) for _ in range(3))
    doubt = 1 - credibility
    for actors, part in pairs.groups():
        trusted[actors] = pairs.received_by(actors, courtesy.reaching(pairs, recency, part), credibility)
        unknown[actors] = pairs.received_by(actors, recency[part], doubt)
        backed[actors] = pairs.received_by(actors, courtesy.earned(pairs, recency, part), credibility)
    ratio = parameters.quorum_ratio * usual_ratios(unknown, backed, parameters)
    return Reach(trusted, under_quorum(unknown, backed, ratio, parameters), unknown, backed, ratio)


def worth_of(pairs: Pairs, courtesy: Courtesy, credibility: NDArray[np.float64], reach: Reach) -> NDArray[np.float64]:
    """What each response adds to the reach of its target, shape (p,): those of a target sum to its `total`."""
    per_unknown = np.zeros(pairs.actors)
    np.divide(reach.open, reach.unknown, out=per_unknown, where=reach.unknown > 0)
    worth = courtesy.reaching(pairs, pairs.recency)
    for part in stretches(worth.size):
        credit = credibility[pairs.src[part]]
        worth[part] *= credit
        worth[part] += (1 - credit) * pairs.recency[part] * per_unknown[pairs.dst[part]]
    return worth


def under_quorum(
    unknown: NDArray[np.float64], backed: NDArray[np.float64], ratio: NDArray[np.float64], parameters: ScoreParameters
) -> NDArray[np.float64]:
    """What the unknown count for, given who stands behind them. All of shape (n,)."""
    return np.minimum(parameters.quorum_share * unknown, ratio * backed + parameters.tau)


def usual_ratios(unknown: NDArray[np.float64], backed: NDArray[np.float64], parameters: ScoreParameters) -> NDArray[np.float64]:
    """By actor: the ratio of unknown to credible responses that actors with most of the *others'* credible ones do not exceed.

    Each ratio weighs as much as its actor has credible responses, so accounts that only answer one another have no say,
    however many they are; and nobody has a say in the ratio that he is judged by.
    """
    ratio = np.full(backed.size, parameters.least_ratio)
    nothing = NOBODY * max(float(backed.sum()), 1.0)
    having = np.flatnonzero(backed > nothing)
    ratios = unknown[having] / backed[having]
    order = np.argsort(ratios, kind="stable")
    having, ratios = having[order], ratios[order]
    upto = np.cumsum(backed[having])
    place, own = np.full(backed.size, having.size), np.zeros(backed.size)
    place[having], own[having] = np.arange(having.size), backed[having]
    others = upto[-1:].sum() - own
    wanted = parameters.usual_share * others * (1 - NOBODY)
    before, after = np.searchsorted(upto, wanted), np.searchsorted(upto, wanted + own)
    found = np.where(before < place, before, after)
    known = (found < having.size) & (others > nothing)
    ratio[known] = ratios[found[known]]
    usual: NDArray[np.float64] = np.clip(ratio, parameters.least_ratio, parameters.most_ratio)
    return usual


def regularity_of(
    window: Window, responses: NDArray[np.bool_], window_ms: int, parameters: ScoreParameters
) -> NDArray[np.float64]:
    """In (0, 1], shape (n,). A slice counts once, so volume buys nothing and a campaign needs weeks.

    `responses`: which rows count as one, shape (m,).
    """
    slices, prior = parameters.slices, parameters.slice_prior
    # Every row leaves two marks, whether it counts or not, in one of two columns: half the time of picking out those that count.
    # Those toward nobody (-1) do not, and so mark the column that is not read.
    wrote, answered = (np.zeros((window.numbers.size, slices, 2), dtype=np.bool_) for _ in range(2))
    for part in stretches(window.src.size):
        number = np.minimum(window.age[part].astype(np.int64) * slices // window_ms, slices - 1)
        for marks, actor, counts in ((wrote, window.src, window.own), (answered, window.dst, responses)):
            cell = (actor[part].astype(np.int64) * slices + number) * 2
            cell += counts[part]
            marks.reshape(-1)[cell] = True
    own, earned = (np.count_nonzero(marks[:, :, 1], axis=1) / slices + prior for marks in (wrote, answered))
    product: NDArray[np.float64] = own * earned / (1 + prior) ** 2
    return np.cbrt(product)
