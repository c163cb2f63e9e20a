"""An explanation names the messages, and says so of somebody so far down that none are kept."""

import pytest

from graph.run import EVIDENCE_RANKS
from prescribers.explanation_summary import SUMMARY
from prescribers.explanation_text import explanation_lines
from prescribers.explanation_words import WORDS, Lang, number
from tests.unit.explained_rows import MONTH_MS, ranked_row


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_lines_fit_a_terminal_and_name_the_evidence(lang: Lang) -> None:
    lines = "\n".join(explanation_lines(ranked_row(), lang, ranked=40, window_ms=MONTH_MS)).splitlines()
    assert max(map(len, lines)) <= 80
    text = "\n".join(lines)
    assert "Bob" in text
    assert "https://example.org/m/1" in text


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_beyond_the_ranks_that_have_evidence_it_says_so(lang: Lang) -> None:
    last, beyond = (
        "\n".join(explanation_lines(ranked_row(rank=rank, rank_high=rank, evidence=[]), lang, ranked=40, window_ms=MONTH_MS))
        for rank in (EVIDENCE_RANKS, EVIDENCE_RANKS + 1)
    )
    said = WORDS[lang]["evidence_beyond"].format(ranks=number(EVIDENCE_RANKS, lang))
    assert said in beyond.splitlines()
    assert len(said) <= 80
    assert WORDS[lang]["evidence_none"] not in beyond
    assert SUMMARY[lang]["far down"] in " ".join(beyond.split())
    assert said not in last
    assert SUMMARY[lang]["no role"] in " ".join(last.split())
