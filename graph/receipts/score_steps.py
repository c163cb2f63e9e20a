"""From the earlier score to the later one, a cause at a time: each step is the score with one more thing as it is now.

Every score between the two is evaluated in the same way as a published one, so a part is a difference of two scores and
nothing is left over. docs/ranking.md, section 13, gives the order.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from graph.pair_rows import pair_rows
from graph.reach import under_quorum
from graph.receipts.causes import Cause
from graph.receipts.crowd import Crowd, EarlierRows
from graph.receipts.ledger import Page
from graph.responses import acts_in, responses_in
from graph.score import Score
from graph.score_parameters import ScoreParameters
from graph.window import Window

Values = NDArray[np.float64]
HARDLY = 1e-9
"""A response that weighs more by less than this share has only been computed in another way."""


@dataclass(slots=True)
class Steps:
    """By actor of the crowd, shape (n,) each. `scores` starts with the earlier score; `causes[k]` leads to `scores[k + 1]`."""

    scores: list[Values]
    causes: list[Cause]
    people: dict[Cause, NDArray[np.int64]]
    """How many responders a cause concerns, less those it took away."""

    def add(self, cause: Cause, score: Values) -> None:
        """One more thing is as it is now."""
        self.causes.append(cause)
        self.scores.append(score)


@dataclass(slots=True)
class _Form:
    """What a score is made of, by actor; each is replaced in turn, but `alike`, which is set."""

    trusted: Values
    unknown: Values
    backed: Values
    ratio: Values
    alike: bool
    regularity: Values
    lift: Values

    def score(self, parameters: ScoreParameters) -> Values:
        quorum = under_quorum(self.unknown, self.backed, self.ratio, parameters)
        reach = self.trusted + (self.unknown if self.alike else quorum)
        return reach * self.regularity * self.lift**parameters.lift_exponent


class _Unbought(NamedTuple):
    """Shares of solicited answers by actor: as in `graph.courtesy.Courtesy`."""

    kept: Values
    counted: Values


@dataclass(frozen=True, slots=True)
class _Responses:
    """Pairs with what each is worth, shape (p,), by the crowd's numbering, in order of (dst, src)."""

    actors: int
    src: NDArray[np.int32]
    dst: NDArray[np.int32]
    recency: Values
    solicited: NDArray[np.bool_]

    def with_recency(self, recency: Values) -> "_Responses":
        return _Responses(self.actors, self.src, self.dst, recency, self.solicited)

    def key(self) -> NDArray[np.int64]:
        return self.dst.astype(np.int64) * self.actors + self.src

    def people(self, which: NDArray[np.bool_] | None = None) -> NDArray[np.int64]:
        there = self.recency > 0 if which is None else which
        return np.bincount(self.dst[there], minlength=self.actors)

    def into(self, form: _Form, credibility: Values, unbought: _Unbought) -> None:
        credit = credibility[self.src]
        form.trusted = self._by_dst(credit * self._left(unbought.counted))
        form.unknown = self._by_dst((1 - credit) * self.recency)
        form.backed = self._by_dst(credit * self._left(unbought.kept))

    def _left(self, share: Values) -> Values:
        return self.recency * np.where(self.solicited, share[self.dst], 1.0)

    def _by_dst(self, values: Values) -> Values:
        return np.bincount(self.dst, weights=values, minlength=self.actors).astype(np.float64)


def score_steps(
    page: Page,
    score: Score,
    crowd: Crowd,
    here: NDArray[np.int32],
    earlier: EarlierRows,
    *,
    elapsed_ms: int,
    weights: Values,
    parameters: ScoreParameters,
) -> Steps:
    """From `page` to `score`, of one source. `here`: positions in the crowd of the actors of the later run's window."""
    then = {name: page.of(name, crowd.numbers) for name in ("trusted", "unknown", "backed", "credibility", "responders")}
    now = _Now(crowd.numbers.size, here)
    fresh = then["trusted"] + then["unknown"] == 0
    ratio, kept, counting, regularity, lift = (
        np.where(fresh, later, page.of(name, crowd.numbers))
        for name, later in (
            ("ratio", now.spread(score.reach.ratio)),
            ("kept", now.spread(score.courtesy.kept)),
            ("counted", now.spread(score.courtesy.counted)),
            ("regularity", now.spread(score.regularity)),
            ("lift", now.spread(score.lift)),
        )
    )
    form = _Form(then["trusted"], then["unknown"], then["backed"], ratio, score.choice.plain, regularity, lift)
    steps = Steps([page.of("headline", crowd.numbers)], [], {})

    def told(cause: Cause) -> None:
        steps.add(cause, form.score(parameters))

    half_life, credibility = page.half_life_ms, now.spread(score.credibility)
    latest = _latest(score, crowd.numbers.size, here, half_life)
    counted = _responses(earlier.counted, weights, half_life, latest)
    remaining = _responses(earlier.remaining, weights, half_life, latest)
    before, missing = _earlier_worth(latest, remaining)

    faded = float(np.exp2(-elapsed_ms / half_life))
    form.trusted, form.unknown, form.backed = (then[name] * faded for name in ("trusted", "unknown", "backed"))
    told("decay")
    unbought = _Unbought(kept, counting)
    counted.into(form, then["credibility"], unbought)
    told("expired")
    remaining.into(form, then["credibility"], unbought)
    told("withdrawn")
    remaining.into(form, credibility, unbought)
    told("credibility")
    latest.with_recency(np.where(missing, latest.recency, before)).into(form, credibility, unbought)
    told("gained")
    latest.into(form, credibility, unbought)
    told("renewed")
    latest.into(form, credibility, _Unbought(now.spread(score.courtesy.kept), now.spread(score.courtesy.counted)))
    told("courtesy")
    form.trusted, form.unknown, form.backed = map(now.spread, (score.reach.trusted, score.reach.unknown, score.reach.backed))
    told("half_life")
    form.ratio = now.spread(score.reach.ratio)
    told("quorum")
    form.regularity = now.spread(score.regularity)
    told("regularity")
    form.lift = now.spread(score.lift)
    told("lift")
    again = ~missing & (latest.recency > before * (1 + HARDLY))
    steps.people = {
        "expired": counted.people() - then["responders"].astype(np.int64),
        "withdrawn": remaining.people() - counted.people(),
        "gained": latest.people(missing & (latest.recency > 0)),
        "renewed": latest.people(again),
    }
    return steps


@dataclass(frozen=True, slots=True)
class _Now:
    actors: int
    here: NDArray[np.int32]

    def spread(self, values: Values) -> Values:
        """Values by actor of the window as values by actor of the crowd; 0 for those who are gone."""
        everybody = np.zeros(self.actors)
        everybody[self.here] = values
        return everybody


def _latest(score: Score, actors: int, here: NDArray[np.int32], half_life_ms: float) -> _Responses:
    pairs = score.pairs
    recency = score.standings.at(half_life_ms).recency
    return _Responses(actors, here[pairs.src], here[pairs.dst], recency, score.courtesy.solicited)


def _responses(window: Window, weights: Values, half_life_ms: float, latest: _Responses) -> _Responses:
    """Pairs of the earlier rows; who spoke first is judged as it is now."""
    acts = acts_in(window, weights)
    rows = pair_rows(window, weights, acts, responses_in(window, acts))
    solicited = np.zeros(rows.src.size, dtype=np.bool_)
    found = _Responses(latest.actors, rows.src, rows.dst, rows.recency(half_life_ms), solicited)
    at, known = _find(found.key(), latest.key())
    solicited[known] = latest.solicited[at[known]]
    return found


def _earlier_worth(latest: _Responses, remaining: _Responses) -> tuple[Values, NDArray[np.bool_]]:
    """By pair of `latest`: what remains of earlier responses, and whether nothing does."""
    at, known = _find(latest.key(), remaining.key())
    before = np.zeros(latest.src.size)
    before[known] = remaining.recency[at[known]]
    return before, before == 0


def _find(wanted: NDArray[np.int64], keys: NDArray[np.int64]) -> tuple[NDArray[np.intp], NDArray[np.bool_]]:
    """Positions of `wanted` in ascending `keys`, and where there is one."""
    at = np.searchsorted(keys, wanted)
    return at, np.append(keys, -1)[at] == wanted
