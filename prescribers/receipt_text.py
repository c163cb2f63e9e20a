"""A receipt as lines of text: what changed since an earlier run, the largest first, adding up as printed."""

from collections.abc import Iterator, Mapping
from typing import Any

from prescribers.explanation import DIGITS
from prescribers.explanation_words import WORDS, Lang, minute, number
from prescribers.receipt import ShownPart, shown_parts
from prescribers.receipt_words import RECEIPT_WORDS

LABEL_WIDTH, POINTS_WIDTH, PLACES_WIDTH = 54, 9, 15


def receipt_lines(receipt: Mapping[str, Any], lang: Lang) -> Iterator[str]:
    """`receipt` is as `receipt_of` builds it, of an actor that the later run ranks."""
    words = RECEIPT_WORDS[lang]
    since, until = (minute(receipt[name], lang) for name in ("since", "until"))
    yield words["title"].format(since=since, until=until)
    filled = {name: number(receipt[name], lang, DIGITS) for name in ("score_before", "score_after")}
    ranks = {name: number(receipt[name], lang) for name in ("rank_before", "rank_after")}
    yield "  " + words[_headline(receipt)].format(**filled, **ranks)
    parts = shown_parts(receipt)
    for part in sorted(parts, key=lambda part: (-abs(part.points), -abs(part.places))):
        yield _line(_label(part, lang), part.points, part.places, lang)
    points = round(receipt["score_after"], DIGITS) - round(receipt["score_before"], DIGITS)
    yield _line(words["total"], points, receipt["rank_before"] - receipt["rank_after"], lang)


def _headline(receipt: Mapping[str, Any]) -> str:
    if not receipt["score_before"]:
        return "entered"
    return "stayed" if receipt["rank_before"] == receipt["rank_after"] else "moved"


def _label(part: ShownPart, lang: Lang) -> str:
    words = RECEIPT_WORDS[lang]
    sign = "+" if (part.points or part.places) > 0 else "-"
    key = f"{part.cause}{sign}"
    bare = f"{key}0"
    template = words[bare if bare in words and not part.people else key]
    count = (
        WORDS[lang]["person"] if abs(part.people) == 1 else WORDS[lang]["persons"].format(count=number(abs(part.people), lang))
    )
    return template.format(people=count, lost=count)


def _line(label: str, points: float, places: int, lang: Lang) -> str:
    words = RECEIPT_WORDS[lang]
    score = number(points, lang, DIGITS, signed=True) if points else ""
    moved = words["place" if abs(places) == 1 else "places"].format(places=number(places, lang, signed=True)) if places else ""
    return f"  {label:<{LABEL_WIDTH}}{score:>{POINTS_WIDTH}}{moved:>{PLACES_WIDTH}}".rstrip()
