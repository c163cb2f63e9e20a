"""An evaluation as JSON documents: what was found, set by set, and score against baseline."""

from collections.abc import Sequence
from dataclasses import asdict
from math import isnan
from typing import Any

from graph.evaluation.baselines import BASELINES
from graph.evaluation.contest import OUTCOMES
from graph.evaluation.own_scores import COLUMNS
from graph.evaluation.standings import MEASURES, Comparison, SetMarks, compare, standings
from prescribers.durations import duration_text
from prescribers.moments import rfc3339

OUTCOME_WORDS = {
    "Y1": "future distinct responders",
    "Y2": "future responders never met before and not addressed",
    "Y3": "future responders per own message",
    "Y4": "future reposts, votes, accepted answers, which the scores do not see",
}


def comparisons(sets: Sequence[SetMarks], seed: int) -> list[Comparison]:
    """Each of our scores against each baseline, on every outcome that the sets have."""
    found = (compare(sets, outcome, score, baseline, seed) for outcome in OUTCOMES for score in COLUMNS for baseline in BASELINES)
    return [one for one in found if one is not None]


def report(sets: Sequence[SetMarks], compared: Sequence[Comparison], seed: int) -> dict[str, Any]:
    """Everything, with null for what is not defined."""
    names = [one.name for one in sets]
    ranked = {outcome: {measure: standings(sets, outcome, measure) for measure in MEASURES} for outcome in OUTCOMES}
    means = {
        outcome: {
            measure: {one.score: {"mean": one.mean, "by_set": dict(zip(names, one.by_set, strict=True))} for one in found}
            for measure, found in by_measure.items()
        }
        for outcome, by_measure in ranked.items()
        if by_measure["ndcg"]
    }
    document = {
        "seed": seed,
        "outcomes": OUTCOME_WORDS,
        "sets": [_set(one) for one in sets],
        "means": means,
        "comparisons": [asdict(one) for one in compared],
    }
    cleaned: dict[str, Any] = without_nan(document)
    return cleaned


def _set(one: SetMarks) -> dict[str, Any]:
    return {
        "name": one.name,
        "window": duration_text(one.plan.window_ms),
        "half_life": duration_text(one.plan.half_life_ms),
        "outcome": duration_text(one.plan.outcome_ms),
        "every": duration_text(one.plan.every_ms),
        "candidates": "acted or addressed" if one.plan.addressed else "acted",
        "dates": [
            {
                "at": rfc3339(date.at_ms),
                "candidates": date.candidates,
                "k": date.k,
                "marks": asdict(date)["marks"],
            }
            for date in one.dates
        ],
        "left_out": [
            {
                "at": rfc3339(date.at_ms),
                "outcomes": list(date.outcomes),
                "candidates": date.candidates,
                "responders": date.responders,
            }
            for date in one.left_out
        ],
    }


def without_nan(value: Any) -> Any:  # noqa: ANN401 - any JSON
    """The same with null for what is not defined: JSON has no NaN."""
    match value:
        case dict():
            return {key: without_nan(item) for key, item in value.items()}
        case list():
            return [without_nan(item) for item in value]
        case float() if isnan(value):
            return None
        case _:
            return value
