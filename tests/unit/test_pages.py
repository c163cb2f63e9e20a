"""The pages of `evaluate` and `attack`: every figure in them, nothing fetched, the same bytes for the same figures."""

import re
import sys
from pathlib import Path
from typing import Any

import pytest

from prescribers.failures import ConfigurationFailure, Failure
from prescribers.pages import charts
from prescribers.pages.attack_page import attack_page
from prescribers.pages.evaluation_page import evaluation_page
from prescribers.pages.page import Section, Table, page, save

COMPARISON = {"outcome": "Y1", "score": "reach", "difference": 0.2, "low": 0.1, "high": 0.3, "wins": 2, "sets": 2}
EVALUATION: dict[str, Any] = {
    "outcomes": {"Y1": "future distinct responders"},
    "sets": [
        {"name": "lean <b>", "dates": [{"at": 1}, {"at": 2}, {"at": 1}], "left_out": [{"at": 2}, {"at": 3}]},
        {"name": "chat", "dates": [{"at": 1}], "left_out": []},
    ],
    "means": {
        "Y1": {
            "ndcg": {
                "in-degree": {"mean": 0.5, "by_set": {"lean <b>": 0.5, "chat": None}},
                "reach": {"mean": 0.75, "by_set": {"lean <b>": 0.7, "chat": 0.8}},
            }
        }
    },
    "comparisons": [
        COMPARISON | {"baseline": "in-degree", "lift_ratio": 1.5},
        COMPARISON | {"baseline": "k-core", "lift_ratio": None, "difference": -0.2, "low": -0.3, "high": -0.1, "wins": 0},
        COMPARISON | {"baseline": "Katz", "lift_ratio": 1.0, "difference": 0.0, "low": -0.3},
    ],
}
RESULT = {"runs": 3, "accounts": 50, "percentile": 0.25, "seats": 1.5, "inside_with_history": None}
NEEDED: dict[str, dict[str, int | None]] = {"ring": {"score": None, "PageRank": 10}, "spam": {"score": 50, "PageRank": 50}}
ATTACK: dict[str, Any] = {
    "runs": [{"community": "one"}, {"community": "two"}, {"community": "one"}],
    "results": [
        RESULT | {"attack": "ring", "score": "score", "inside": 0.0},
        RESULT | {"attack": "ring", "score": "PageRank", "inside": 1.0},
        RESULT | {"attack": "spam", "score": "score", "inside": 0.33, "inside_with_history": 0.5},
        RESULT | {"attack": "spam", "score": "PageRank", "inside": 0.67},
    ],
    "prices": [
        {"attack": attack, "score": score, "accounts": accounts, "acts": 1234.0, "days": 14.0}
        for attack, by_score in NEEDED.items()
        for score, accounts in by_score.items()
    ],
}
SCORES = {"score": "ours", "PageRank": "PageRank"}


def cells(document: str) -> list[list[str]]:
    return [re.findall(r"<td>(.*?)</td>", row) for row in re.findall(r"<tr.*?>(<td>.*?)</tr>", document)]


def test_an_evaluation_shows_every_score_and_every_comparison_losses_included() -> None:
    document = evaluation_page(EVALUATION, frozenset({"reach"}))
    assert cells(document) == [
        ["reach", "0.750", "0.700", "0.800"],
        ["in-degree", "0.500", "0.500", "-"],
        ["in-degree", "+0.200", "+0.100 to +0.300", "2 of 2", "×1.50"],
        ["Katz", "+0.000", "-0.300 to +0.300", "2 of 2", "×1.00"],
        ["k-core", "-0.200", "-0.300 to -0.100", "0 of 2", "-"],
    ]
    assert "2 conversations, 3 cut dates" in document
    assert "1 date left out" in document
    assert '<tr class="ours"><td>reach</td>' in document
    assert "lean &lt;b&gt;" in document
    assert document.count("<svg") == 2
    assert charts.BEHIND in document


def test_attacks_are_shown_by_size_and_priced() -> None:
    document = attack_page(ATTACK, SCORES)
    assert cells(document) == [
        ["ring", "3", "0.00", "1.00", "-", "0.25", "1.5"],
        ["spam", "3", "0.33", "0.67", "0.50", "0.25", "1.5"],
        ["ring", "more than 50", "10", "1,234", "14"],
        ["spam", "50", "50", "1,234", "14"],
    ]
    assert "3 runs in 2 communities" in document
    assert all(f">{name}</text>" in document for name in ("ring", "spam", "ours", "PageRank"))


def test_a_page_fetches_nothing_and_is_the_same_twice() -> None:
    document = attack_page(ATTACK, SCORES)
    assert document == attack_page(ATTACK, SCORES)
    assert not re.search(r'(src|href)="(?!#)|@import|url\((?!#)', document)


def test_a_section_without_a_chart_shows_its_figures_at_once() -> None:
    document = page("T", "lead", [Section("H", "words", "", Table(["a"], [["1"]]))])
    assert "<details>" not in document
    assert cells(document) == [["1"]]


def test_without_matplotlib_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    with pytest.raises(ConfigurationFailure, match=r"pip install 'prescribers\[plots\]'"):
        attack_page(ATTACK, SCORES)


def test_a_page_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    with pytest.raises(Failure, match="cannot be written: No such file or directory"):
        save(tmp_path / "nowhere" / "page.html", "")
