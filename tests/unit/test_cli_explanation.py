"""An explanation: its parts add up, exactly and as printed, in two languages of one shape."""

import math
import re
from string import Formatter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.receipts.causes import CAUSES
from graph.roles import ROLES
from prescribers.explanation import score_parts
from prescribers.explanation_summary import DAY_MS, HOUR_MS, SUMMARY, in_short
from prescribers.explanation_text import explanation_lines
from prescribers.explanation_words import WORDS, Lang, number, percent
from prescribers.receipt import receipt_of, shown_parts
from prescribers.receipt_text import receipt_lines
from prescribers.receipt_words import RECEIPT_WORDS
from tests.unit.explained_rows import MONTH_MS, ranked_row, receipt

amounts = st.floats(min_value=0, max_value=1e4)
CLAIMS = r"because of|thanks to|led to|due to|grâce à|à cause de|a provoqué|a entraîné|\bdue?s? à\b"
LANGUAGES: tuple[Lang, ...] = ("fr", "en")


@given(trusted=amounts, opened=amounts, regularity=st.floats(0.01, 1), lift=st.floats(0, 100))
def test_the_parts_add_up_to_the_score(trusted: float, opened: float, regularity: float, lift: float) -> None:
    row = ranked_row(trusted=trusted, open=opened, regularity=regularity, lift=lift)
    assert math.isclose(math.fsum(part.points for part in score_parts(row)), row["score"], rel_tol=1e-9, abs_tol=1e-9)


@given(trusted=amounts, opened=amounts, regularity=st.floats(0.01, 1), lift=st.floats(0, 100))
def test_the_parts_as_printed_add_up_to_the_score_as_printed(
    trusted: float, opened: float, regularity: float, lift: float
) -> None:
    row = ranked_row(trusted=trusted, open=opened, regularity=regularity, lift=lift)
    assert round(math.fsum(part.shown for part in score_parts(row)), 3) == pytest.approx(round(row["score"], 3), abs=1.1e-3)


@pytest.mark.parametrize("table", [WORDS, SUMMARY])
def test_both_languages_say_the_same_things(table: dict[Lang, dict[str, str]]) -> None:
    assert table["fr"].keys() == table["en"].keys()
    for key, english in table["en"].items():
        fields = [{name for _, name, _, _ in Formatter().parse(text) if name} for text in (english, table["fr"][key])]
        assert fields[0] - {"window"} == fields[1] - {"window"}, key


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_no_cause_is_claimed(lang: Lang) -> None:
    text = "\n".join(explanation_lines(ranked_row(), lang, ranked=40, window_ms=MONTH_MS))
    claims = re.findall(CLAIMS, text)
    assert claims == []
    assert WORDS[lang]["association"] in text
    assert ("followed by" if lang == "en" else "suivie de") in text


def test_spans_young_themes_and_unknown_followers_are_said() -> None:
    row = ranked_row(rank_high=5, cold_start=True, followers=None, followers_rank=None, evidence=[], solicited_share=0.0)
    text = " ".join("\n".join(explanation_lines(row, "en", ranked=40, window_ms=MONTH_MS)).split())
    assert "between 3 and 5" in text
    assert "provisional" in text
    assert "unknown" in text
    assert "addressed first" not in text
    assert WORDS["en"]["evidence_none"] in text


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_a_shared_rank_is_said_to_be_shared(lang: Lang) -> None:
    alone, both, many = (
        " ".join(" ".join(explanation_lines(ranked_row(), lang, ranked=40, window_ms=MONTH_MS, sharing=sharing)).split())
        for sharing in (1, 2, 4)
    )
    assert WORDS[lang]["tie"] in both
    assert WORDS[lang]["ties"].format(others=3) in many
    assert WORDS[lang]["tie"][-20:] not in alone
    assert WORDS[lang]["ties"][-20:] not in alone


def test_a_stranger_cannot_move_the_cursor() -> None:
    row = ranked_row(actor_name="\x1b[2JEve\u202e\n", actor_id="x:\x07e")
    text = "\n".join(explanation_lines(row, "en", ranked=1, window_ms=MONTH_MS))
    assert "\x1b" not in text
    assert "\u202e" not in text
    assert "\x07" not in text


@given(st.integers(0, 10**9), st.sampled_from(ROLES), st.integers(0, 3), st.text("abc", max_size=30))
def test_no_line_begins_with_a_sign_that_belongs_to_the_one_before(responders: int, role: str, messages: int, name: str) -> None:
    row = ranked_row(responders=responders, role=role, messages=messages, actor_name=name, trusted=0.0, regularity=0.4)
    text = "\n".join(explanation_lines(row, "fr", ranked=40, window_ms=MONTH_MS))
    assert not re.search(r"^\s*[:;!?]", text, re.MULTILINE)


def test_numbers_are_written_as_the_language_writes_them() -> None:
    assert number(1234.5, "en", 1) == "1,234.5"
    assert number(1234.5, "fr", 1) == "1\N{NARROW NO-BREAK SPACE}234,5"
    assert number(-0.25, "en", 2, signed=True) == "−0.25"
    assert percent(0.256, "en") == "26%"
    assert percent(0.256, "fr") == "26\N{NARROW NO-BREAK SPACE}%"
    assert [percent(share, "en") for share in (0.0, 0.004, 0.01, 1.0)] == ["0%", "<1%", "1%", "100%"]
    assert percent(0.001, "fr") == "<1\N{NARROW NO-BREAK SPACE}%"


def test_times_and_followers_are_written_as_the_language_writes_them() -> None:
    row, change = ranked_row(followers=1), receipt(("gained", 0.5, 1, 1))
    french, english = (
        "\n".join(explanation_lines(row, lang, ranked=40, window_ms=MONTH_MS, receipt=change)) for lang in LANGUAGES
    )
    assert "au 01/03/2020 à 00:00 UTC" in french
    assert "a cité ses propos le 02/02/2020 à 18:33 UTC" in french
    assert "Ce qui a changé du 01/01/2020 à 00:00 au 08/01/2020 à 00:00" in french
    assert "1 abonné, rang 9" in french
    assert "as of 2020-03-01 00:00 UTC" in english
    assert "quoted their words on 2020-02-02 18:33 UTC" in english
    assert "1 follower, rank 9" in english


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_where_every_responder_counts_alike_it_says_so(lang: Lang) -> None:
    capped, plain = (
        "\n".join(explanation_lines(ranked_row(), lang, ranked=40, window_ms=MONTH_MS, plain_source=on)) for on in (False, True)
    )
    assert WORDS[lang]["open_why"][:20] in capped
    assert WORDS[lang]["open_why"][:20] not in plain
    assert WORDS[lang]["open_plain"] in plain
    assert WORDS[lang]["open_plain"] not in capped


def test_a_receipt_is_one_document_in_the_order_of_its_causes() -> None:
    found = receipt(("gained", 0.5, 4, 3), ("decay", -0.25, 0, 0))
    assert (found["since"], found["until"]) == ("2020-01-01T00:00:00Z", "2020-01-08T00:00:00Z")
    assert [part["cause"] for part in found["parts"]] == ["decay", "gained"]
    assert receipt_of([]) is None


grains = st.integers(-(2**33), 2**33).map(lambda count: count / 2**30)


@given(st.lists(grains, min_size=1, max_size=13), st.integers(0, 2**33))
def test_a_receipt_as_printed_adds_up(points: list[float], before: int) -> None:
    parts = [(cause, value, 0, 0) for cause, value in zip(CAUSES, points, strict=False)]
    found = receipt(*parts, before=before / 2**30)
    printed = round(found["score_after"], 3) - round(found["score_before"], 3)
    assert math.fsum(part.points for part in shown_parts(found)) == pytest.approx(printed, abs=1e-9)


def test_both_languages_have_words_for_every_cause_whichever_way_it_goes() -> None:
    assert RECEIPT_WORDS["fr"].keys() == RECEIPT_WORDS["en"].keys()
    assert {f"{cause}{sign}" for cause in CAUSES for sign in "+-"} <= RECEIPT_WORDS["en"].keys()
    for key, english in RECEIPT_WORDS["en"].items():
        fields = [{name for _, name, _, _ in Formatter().parse(text) if name} for text in (english, RECEIPT_WORDS["fr"][key])]
        assert fields[0] == fields[1], key


@pytest.mark.parametrize("lang", ["fr", "en"])
@pytest.mark.parametrize("sign", [1, -1])
def test_every_line_of_a_receipt_fits_a_terminal_and_claims_no_cause(lang: Lang, sign: int) -> None:
    found = receipt(*((cause, sign * 12.345, sign * 1234, sign * 1234) for cause in CAUSES), ranks=(123456, 1))
    lines = list(receipt_lines(found, lang))
    assert len(lines) == len(CAUSES) + 3
    assert max(map(len, lines)) <= 80
    assert not re.findall(CLAIMS, "\n".join(lines))


def test_a_receipt_tells_who_entered_who_stood_still_and_one_place() -> None:
    entered = list(receipt_lines(receipt(("gained", 0.5, 1, 1), before=0.0), "en"))
    assert "Newly ranked: 8" in entered[1]
    assert "1 person" in entered[2]
    assert "+1 place" in entered[2]
    stayed = list(receipt_lines(receipt(("expired", -0.5, 0, 0), ranks=(2, 2)), "fr"))
    assert stayed[1] == "  Rang 2, inchangé ; score 1,000 → 0,500."
    text = "\n".join(
        explanation_lines(ranked_row(), "en", ranked=40, window_ms=MONTH_MS, receipt=receipt(("expired", -0.5, 0, 0)))
    )
    assert RECEIPT_WORDS["en"]["expired-0"] in text


@pytest.mark.parametrize("lang", ["fr", "en"])
@pytest.mark.parametrize("role", ROLES[1:])
def test_a_role_is_said_in_words(lang: Lang, role: str) -> None:
    assert list(explanation_lines(ranked_row(role=role), lang, ranked=40, window_ms=MONTH_MS))[1] == WORDS[lang][role]
    assert len(WORDS[lang][role]) <= 80


@pytest.mark.parametrize(
    ("changes", "window_ms", "short"),
    [
        ({"regularity": 0.9}, MONTH_MS, "7 different people responded to them, steadily, over the last 28 days."),
        ({"regularity": 0.3}, 36 * HOUR_MS, "7 different people responded to them, in a few bursts, over the last 36 hours."),
        ({"responders": 1}, DAY_MS, "1 person responded to them over the last 24 hours."),
    ],
)
def test_in_short_says_how_many_responded_and_how_steadily(changes: dict[str, Any], window_ms: int, short: str) -> None:
    assert in_short(ranked_row(**changes), window_ms, "en").startswith(short)


@pytest.mark.parametrize(("trusted", "word"), [(0.75, "nearly all"), (0.5, "most"), (0.25, "some"), (0.0, "few")])
def test_in_short_says_whose_word_it_is(trusted: float, word: str) -> None:
    for lang, words in SUMMARY.items():
        assert words[word] in in_short(ranked_row(trusted=trusted, open=1 - trusted), MONTH_MS, lang)


@pytest.mark.parametrize("role", ROLES)
def test_in_short_says_what_to_make_of_every_role(role: str) -> None:
    for lang, words in SUMMARY.items():
        assert in_short(ranked_row(role=role), MONTH_MS, lang).endswith(words[role or "no role"])


@pytest.mark.parametrize(
    ("changes", "telling"),
    [
        ({"messages": 0, "regularity": 0.5}, "silent"),
        ({"messages": 1, "regularity": 0.4}, "message"),
        ({"messages": 2, "regularity": 0.4, "lift": 2.0}, "messages"),
        ({"messages": 2, "regularity": 0.5, "lift": 2.0}, "new"),
        ({"messages": 3, "lift": 1.15}, "new"),
        ({"messages": 3, "lift": 0.85}, "same"),
        ({"messages": 3, "lift": 1.0}, None),
        ({"messages": 1, "responders": 1}, None),
    ],
)
def test_in_short_says_what_else_is_out_of_the_ordinary(changes: dict[str, Any], telling: str | None) -> None:
    for lang, words in SUMMARY.items():
        short = in_short(ranked_row(**changes), MONTH_MS, lang)
        told = [each for each in ("silent", "message", "messages", "new", "same") if words[each] in short]
        assert told == ([telling] if telling else [])
