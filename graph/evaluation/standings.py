"""What a contest over several conversations comes to: means by set, and each score against each baseline."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from graph.evaluation.bootstrap import paired_interval
from graph.evaluation.contest import DateMarks, LeftOut
from graph.evaluation.cut_dates import Plan

Measure = Literal["ndcg", "precision", "spearman", "lift"]
MEASURES: tuple[Measure, ...] = ("ndcg", "precision", "spearman", "lift")


@dataclass(frozen=True, slots=True)
class SetMarks:
    """One conversation: its windows, the dates that count, and those left out."""

    name: str
    plan: Plan
    dates: list[DateMarks]
    left_out: list[LeftOut]

    def values(self, outcome: str, score: str, measure: Measure) -> dict[int, float]:
        """By cut date (ms), where the score took part and the measure is defined."""
        found = {
            date.at_ms: float(getattr(marks[score], measure))
            for date in self.dates
            if score in (marks := date.marks.get(outcome, {}))
        }
        return {at_ms: value for at_ms, value in found.items() if not np.isnan(value)}

    def mean(self, outcome: str, score: str, measure: Measure) -> float:
        """Over dates; NaN where there is none."""
        values = list(self.values(outcome, score, measure).values())
        return float(np.mean(values)) if values else float("nan")


@dataclass(frozen=True, slots=True)
class Standing:
    """One score on one outcome: its mean by set (NaN where it could not take part), and the mean of those."""

    score: str
    by_set: tuple[float, ...]
    mean: float


@dataclass(frozen=True, slots=True)
class Comparison:
    """A score against a baseline on one outcome, NDCG@k, over the sets in which both took part."""

    outcome: str
    score: str
    baseline: str
    difference: float
    low: float
    """95 % interval."""
    high: float
    wins: int
    """Sets in which the score is ahead."""
    sets: int
    lift_ratio: float
    """Outcome of the first k over that of the baseline's first k, geometric mean over sets; NaN where one has none."""


def standings(sets: Sequence[SetMarks], outcome: str, measure: Measure = "ndcg") -> list[Standing]:
    """Best first; a score that took part nowhere is absent."""
    names = dict.fromkeys(name for one in sets for date in one.dates for name in date.marks.get(outcome, {}))
    found = []
    for name in names:
        by_set = tuple(one.mean(outcome, name, measure) for one in sets)
        known = [value for value in by_set if not np.isnan(value)]
        if known:
            found.append(Standing(name, by_set, float(np.mean(known))))
    return sorted(found, key=lambda standing: (-standing.mean, standing.score))


def compare(sets: Sequence[SetMarks], outcome: str, score: str, baseline: str, seed: int) -> Comparison | None:
    """None where the two never met."""
    differences: list[NDArray[np.float64]] = []
    ratios: list[float] = []
    for one in sets:
        ours, theirs = one.values(outcome, score, "ndcg"), one.values(outcome, baseline, "ndcg")
        both = [ours[at_ms] - theirs[at_ms] for at_ms in ours if at_ms in theirs]
        if both:
            differences.append(np.array(both))
            ratios.append(one.mean(outcome, score, "lift") / (one.mean(outcome, baseline, "lift") or float("nan")))
    if not differences:
        return None
    means = [float(values.mean()) for values in differences]
    low, high = paired_interval(differences, seed)
    return Comparison(
        outcome=outcome,
        score=score,
        baseline=baseline,
        difference=float(np.mean(means)),
        low=low,
        high=high,
        wins=sum(mean > 0 for mean in means),
        sets=len(means),
        lift_ratio=float(np.exp(np.mean(np.log(ratios)))) if all(ratio > 0 for ratio in ratios) else float("nan"),
    )
