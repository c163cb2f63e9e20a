"""Backtests: section 10 of `docs/ranking.md`, from the text alone."""

import math
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from tests.oracles.reference_trust import Row, responses, scored, trust, within

MULTIPLES = (1, 1 / 3, 3, 30)


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What a backtest must have to count."""

    fewest_candidates: int = 30
    fewest_voices: int = 20


@dataclass(frozen=True, slots=True)
class Lists:
    """What was sealed at a time: lists by half-life."""

    at: int
    ranked: list[list[str]]
    first: list[str]
    """The first 30 of the source's ranking."""


@dataclass(slots=True)
class History:
    """Of one source: lists that wait, and what the others were worth."""

    waiting: Lists | None = None
    worth: list[list[float]] = field(default_factory=list)
    errors: list[list[float]] = field(default_factory=list)
    """Log of the realised over the published rank, backtest by backtest."""

    def choice(self) -> tuple[float, int]:
        """(Multiple of H, backtests that chose)."""
        last = self.worth[-8:]
        if not last:
            return 1, 0
        means = [twelve(math.fsum(found[k] for found in last) / len(last)) for k in range(4)]
        return MULTIPLES[means.index(max(means))], len(last)

    def spread(self) -> tuple[float, float]:
        """Section 11: the factors that span a rank."""
        last = self.errors[-10:]
        ordered = sorted(error for errors in last for error in errors)
        low, high = math.floor((len(ordered) + 1) / 10 + 1e-12), math.ceil((len(ordered) + 1) * 9 / 10 - 1e-12)
        if len(last) < 2:
            return 1 / 12, 12
        return (
            math.exp(ordered[low - 1]) if low >= 1 else 1 / 12,
            math.exp(ordered[high - 1]) if high <= len(ordered) else 12,
        )


def twelve(value: float) -> float:
    """Rounded to 12 significant digits."""
    return float(f"{value:.11e}")


def sealed(
    rows: Sequence[Row], t: int, window: int, half_life: float, seeds: Collection[str], scores: Mapping[str, float]
) -> Lists:
    """The four lists at the first run of an epoch, and the first of those ranked, whose scores are given."""
    current, earlier = within(rows, t, window), [row for row in rows if row.at <= t - window]
    ranked = []
    for multiple in MULTIPLES:
        found = trust(responses(current, t, multiple * half_life, earlier), seeds)
        ranked.append(_first({i: found.reach(i) for i in found.trusted}))
    return Lists(t, ranked, _first(scores)[:30])


def _first(values: Mapping[str, float]) -> list[str]:
    rounded = {i: twelve(value) for i, value in values.items() if value > 0}
    return sorted(rounded, key=lambda i: (-rounded[i], i))[:50]


def open_sealed(history: History, rows: Sequence[Row], window: int, limits: Limits, unlisted: Collection[str]) -> None:
    """At the first run of an epoch: compare what the one before sealed with what followed, as the rows of this run tell it."""
    lists, history.waiting = history.waiting, None
    if lists:
        counted = scored(within(rows, lists.at, window))
        candidates = {actor for row in counted for actor in (row.actor, row.target)}
        before = {(row.actor, row.target) for row in rows if row.at <= lists.at}
        after = scored([row for row in rows if lists.at < row.at <= lists.at + window // 2])
        answers = {(row.actor, row.target) for row in after if row.target in candidates}
        new = {(u, i) for u, i in answers if (u, i) not in before and (i, u) not in before}
        if len(candidates) >= limits.fewest_candidates and len({u for u, _ in answers}) >= limits.fewest_voices:
            places = min(max(math.ceil(0.05 * len(candidates)), 10), 50)
            found = [_quality(ranked, (answers, new), places) for ranked in lists.ranked]
            history.worth.append(found)
            history.errors.append(_errors(lists.first, {row.target for row in counted} - set(unlisted), answers))


def _errors(first: Sequence[str], ranked: Collection[str], answers: Collection[tuple[str, str]]) -> list[float]:
    """Equal numbers of responders share the mean of their ranks."""
    gain = {i: sum(target == i for _, target in answers) for i in ranked}
    errors = []
    for rank, i in enumerate(first, start=1):
        if i in gain:
            better = sum(other > gain[i] for other in gain.values())
            equal = sum(other == gain[i] for other in gain.values())
            errors.append(math.log((better + (equal + 1) / 2) / rank))
    return errors


def _quality(ranked: Sequence[str], outcomes: Sequence[set[tuple[str, str]]], places: int) -> float:
    found = []
    for outcome in outcomes:
        gain: dict[str, int] = defaultdict(int)
        for _, i in outcome:
            gain[i] += 1
        ideal = _discounted(sorted(gain.values(), reverse=True)[:places])
        if ideal:
            found.append(_discounted([gain[i] for i in ranked[:places]]) / ideal)
    return math.fsum(found) / len(found)


def _discounted(gains: Sequence[int]) -> float:
    return math.fsum(gain / math.log2(place + 1) for place, gain in enumerate(gains, start=1))
