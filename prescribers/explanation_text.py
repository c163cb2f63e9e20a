"""An explanation as lines of text, from a ranked row."""

import re
import textwrap
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from graph.run import EVIDENCE_RANKS
from prescribers.centralities import centrality_sentences
from prescribers.explanation import DIGITS, score_parts
from prescribers.explanation_summary import in_short
from prescribers.explanation_words import NO_BREAK, WORDS, Lang, minute, number, percent
from prescribers.plain_text import plain
from prescribers.receipt_text import receipt_lines

WIDTH, LABEL_WIDTH = 80, 66
BEFORE_SIGN, KEPT_SIGN = (re.compile(f"{space}(?=[:;!?])") for space in (" ", NO_BREAK))


def explanation_lines(
    row: Mapping[str, Any],
    lang: Lang,
    *,
    ranked: int,
    window_ms: int,
    sharing: int = 1,
    plain_source: bool = False,
    receipt: Mapping[str, Any] | None = None,
    centralities: Mapping[str, Any] | None = None,
) -> Iterator[str]:
    """Score, what changed, evidence, ranks by other measures, and what to bear in mind.

    `row`, `receipt` and `centralities` are as `ranked_row`, `receipt_of` and `centralities_of` build them. `ranked`: how many
    the run ranks; `window_ms`: its window, ms; `sharing`: how many share the rank; `plain_source`: in the actor's source every
    responder counts alike.
    """
    words = WORDS[lang]
    title = {"actor": _actor(row), "rank": row["rank"], "ranked": ranked, "theme": plain(row["theme"])}
    yield words["title"].format(**title, time=_time(row["window_end"], lang))
    if row["role"]:
        yield words[row["role"]]
    yield ""
    yield from _filled([in_short(row, window_ms, lang)], "")
    yield ""
    yield words["parts"].format(score=number(row["score"], lang, DIGITS))
    yield from _part_lines(row, lang, plain_source=plain_source)
    yield ""
    if receipt is not None:
        yield from receipt_lines(receipt, lang)
        yield ""
    yield _evidence_heading(row, lang)
    for item in row["evidence"]:
        who = plain(item["responder_name"] or "") or plain(item["responder_id"])
        verb, time = words.get(item["kind"], words["other"]), _time(item["occurred_at"], lang)
        yield "  " + words["item"].format(who=who, verb=verb, time=time)
        if item["url"]:
            yield "    " + plain(item["url"])
        elif item["object_id"]:
            yield "    " + words["at"].format(identity=plain(item["object_id"]))
    yield ""
    if centralities is not None:
        yield words["beside"].format(time=_time(centralities["as_of"], lang))
        yield from _filled(centrality_sentences(centralities, lang))
        yield ""
    yield words["notes"]
    yield from _filled(_notes(row, lang, sharing=sharing, plain_source=plain_source))


def _evidence_heading(row: Mapping[str, Any], lang: Lang) -> str:
    words = WORDS[lang]
    if row["rank"] > EVIDENCE_RANKS:
        return words["evidence_beyond"].format(ranks=number(EVIDENCE_RANKS, lang))
    return words["evidence" if row["evidence"] else "evidence_none"]


def _filled(sentences: Iterable[str], indent: str = "  ") -> Iterator[str]:
    """Broken at spaces alone, and never before the signs that French sets apart."""
    for each in sentences:
        kept = BEFORE_SIGN.sub(NO_BREAK, each)
        filled = textwrap.fill(kept, WIDTH, initial_indent=indent, subsequent_indent=indent, break_on_hyphens=False)
        yield KEPT_SIGN.sub(" ", filled)


def _part_lines(row: Mapping[str, Any], lang: Lang, *, plain_source: bool) -> Iterator[str]:
    words = WORDS[lang]
    filled = {
        "people": _count(row["responders"], "person", lang),
        "messages": _count(row["messages"], "message", lang) if row["messages"] else words["message_none"],
        "percent": percent(row["regularity"], lang),
        "ratio": number(row["lift"], lang, 2),
        "window": words["window"],
    }
    for part in score_parts(row):
        label = words[part.name].format(**filled)
        yield f"  {label:<{LABEL_WIDTH}}{number(part.shown, lang, DIGITS, signed=True):>10}"
        why = words["open_plain" if plain_source and part.name == "open" else f"{part.name}_why"].format(**filled)
        yield from _filled([why], "    ")
    yield f"  {words['score']:<{LABEL_WIDTH}}{number(row['score'], lang, DIGITS):>10}"


def _notes(row: Mapping[str, Any], lang: Lang, *, sharing: int, plain_source: bool) -> Iterator[str]:
    words = WORDS[lang]
    if sharing > 1:
        yield words["tie" if sharing == 2 else "ties"].format(others=number(sharing - 1, lang))  # noqa: PLR2004 - two share
    if row["rank_high"] > row["rank_low"]:
        yield words["span"].format(low=row["rank_low"], high=row["rank_high"])
    if row["cold_start"]:
        yield words["cold"]
    if plain_source:
        yield words["plain"]
    if row["solicited_share"] > 0:
        yield words["solicited"].format(percent=percent(row["solicited_share"], lang))
    if row["followers"] is None:
        yield words["followers_unknown"]
    else:
        followers = _count(row["followers"], "follower", lang)
        yield words["audience"].format(followers=followers, followers_rank=number(row["followers_rank"], lang))
    yield words["association"]


def _actor(row: Mapping[str, Any]) -> str:
    name, identity = plain(row["actor_name"] or ""), plain(row["actor_id"])
    return f"{name} ({identity})" if name and name != identity else identity


def _count(count: int, word: str, lang: Lang) -> str:
    return WORDS[lang][word] if count == 1 else WORDS[lang][f"{word}s"].format(count=number(count, lang))


def _time(moment: str, lang: Lang) -> str:
    return f"{minute(moment, lang)} UTC"
