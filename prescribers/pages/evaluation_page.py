"""An evaluation to look at: who foretold best, on every outcome, with every loss."""

from collections.abc import Mapping
from typing import Any

from prescribers.pages.charts import Dots, Span, dots, spans
from prescribers.pages.page import Section, Table, count, page

TITLE = "Does the ranking foretell who will be answered?"


def evaluation_page(document: Mapping[str, Any], ours: frozenset[str]) -> str:
    """`document`: of `prescribers.evaluation_report.report`; `ours`: names of our scores."""
    sets = document["sets"]
    judged = {(one["name"], date["at"]) for one in sets for date in one["dates"]}
    left_out = {(one["name"], date["at"]) for one in sets for date in one["left_out"]} - judged
    lead = (
        f"{count(len(sets), 'conversation')}, {count(len(judged), 'cut date')}. At each of them every score was handed the "
        "conversation until then, and judged by whom people answered afterwards. NDCG@k is 1 where the first k on the list are "
        "those who came out first."
    )
    if left_out:
        lead += f" {count(len(left_out), 'date')} left out, with too few people to tell."
    sections = []
    for outcome, by_measure in document["means"].items():
        sections += [_standings(outcome, document, by_measure["ndcg"], ours)]
        sections += _comparisons(outcome, document)
    return page(TITLE, lead, sections)


def _standings(outcome: str, document: Mapping[str, Any], means: Mapping[str, Any], ours: frozenset[str]) -> Section:
    names = [one["name"] for one in document["sets"]]
    rows = sorted(means.items(), key=lambda item: -item[1]["mean"])
    chart = dots(
        [Dots(name, [_float(v) for v in one["by_set"].values()], one["mean"], name in ours) for name, one in rows],
        f"{outcome}: NDCG@k",
    )
    cells = [[name, _shown(one["mean"]), *(_shown(one["by_set"].get(each)) for each in names)] for name, one in rows]
    return Section(
        f"{outcome}: {document['outcomes'][outcome]}",
        "A large dot is a score's mean, ours in colour; the small ones are the conversations.",
        chart,
        Table(["score", "mean", *names], cells, ours),
    )


def _comparisons(outcome: str, document: Mapping[str, Any]) -> list[Section]:
    found = [one for one in document["comparisons"] if one["outcome"] == outcome]
    sections = []
    for score in dict.fromkeys(one["score"] for one in found):
        rows = sorted((one for one in found if one["score"] == score), key=lambda one: -one["difference"])
        chart = spans(
            [Span(one["baseline"], one["low"], one["difference"], one["high"]) for one in rows],
            f"{outcome}: NDCG@k of {score}, less that of the baseline",
        )
        cells = [
            [
                one["baseline"],
                f"{one['difference']:+.3f}",
                f"{one['low']:+.3f} to {one['high']:+.3f}",
                f"{one['wins']} of {one['sets']}",
                "-" if one["lift_ratio"] is None else f"×{one['lift_ratio']:.2f}",
            ]
            for one in rows
        ]
        sections.append(
            Section(
                f"{outcome}: {score} against each baseline",
                "Right of the line the score is ahead. The bars are 95 % intervals over conversations and dates; red: behind.",
                chart,
                Table(["baseline", "difference", "95 %", "ahead in", "top k"], cells),
            )
        )
    return sections


def _float(value: float | None) -> float:
    return float("nan") if value is None else value


def _shown(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"
