"""Ranks by other measures as people read them: a table of 80 columns, and sentences in two languages."""

from typing import Any

import pytest
from rich.console import Console

from graph.run import CENTRALITY_COLUMNS
from prescribers.centralities import centralities_of, centralities_table, centrality_sentences
from prescribers.explanation_text import explanation_lines
from prescribers.explanation_words import WORDS, Lang, minute, number, percent
from tests.unit.explained_rows import ranked_row

ROW = ranked_row(source="zulip", score=1234.5, reach=3.0, solicited_share=0.0, followers=None, followers_rank=None, evidence=[])


def beside(**changes: object) -> dict[str, Any]:
    """Ranks by other measures of somebody who joins circles."""
    row = dict(zip(CENTRALITY_COLUMNS, ("zulip:1", 3, 0.1, 1234, 0.2, 9, 34, 3, 412, 0.61, 2), strict=True))
    found = centralities_of(row | {"window_end": 1_577_836_800_000} | changes)
    assert found is not None
    return found


def test_a_table_fits_80_columns_and_says_where_nothing_is_told() -> None:
    told = beside(pagerank_rank=98_765, temporal_pagerank_rank=98_765, brokered_pairs=98_765)
    console = Console(width=80, record=True, file=None, force_terminal=False)
    with console.capture() as capture:
        console.print(centralities_table([ROW | {"actor_name": "N" * 300, "centralities": each} for each in (told, None)]))
    lines = capture.get().splitlines()
    assert max(map(len, lines)) <= 80
    assert lines[-2].split().count("98,765") == 3
    assert lines[-1].split().count("?") == 6


def test_nothing_told_is_none() -> None:
    assert centralities_of(None) is None


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_an_explanation_tells_them_with_their_date(lang: Lang) -> None:
    found = explanation_lines(ROW, lang, ranked=40, window_ms=28 * 86_400_000, centralities=beside())
    lines = "\n".join(found).splitlines()
    assert max(map(len, lines)) <= 80
    text = " ".join(line.strip(" ") for line in lines)
    assert WORDS[lang]["beside"].format(time=f"{minute('2020-01-01T00:00:00Z', lang)} UTC") in text
    assert all(sentence in text for sentence in centrality_sentences(beside(), lang))


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_the_sentences_give_ranks_circles_people_and_share(lang: Lang) -> None:
    ranks, joins = centrality_sentences(beside(), lang)
    assert number(1234, lang) in ranks
    assert percent(0.61, lang) in joins
    assert "34" in joins


def test_who_joins_no_circles_is_told_so_and_who_is_not_among_the_first_nothing() -> None:
    assert list(centrality_sentences(beside(circles_joined=1, contacts=1), "en"))[1].startswith(
        "Joins no circles: exchanges with 1 person"
    )
    assert len(list(centrality_sentences(beside(circles_joined=None), "en"))) == 1
