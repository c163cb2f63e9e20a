"""A receipt as `explain --json` prints it and as text is made from: what changed between two runs, cause by cause."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from prescribers.explanation import DIGITS
from prescribers.moments import rfc3339

SHARED = ("score_before", "score_after", "rank_before", "rank_after")
PART_FIELDS = ("cause", "points", "places", "people")


@dataclass(frozen=True, slots=True)
class ShownPart:
    """A part as printed: `points` are rounded so that the printed parts add up to the difference of the printed scores."""

    cause: str
    points: float
    places: int
    people: int


def receipt_of(rows: Iterable[Mapping[str, Any]]) -> dict[str, Any] | None:
    """One document from the rows of one actor (`sinks.clickhouse.queries.receipt_of_run`); None where there are none."""
    ordered = sorted(rows, key=lambda row: row["position"])
    if not ordered:
        return None
    first = ordered[0]
    return {
        "since": rfc3339(first["since"]),
        "until": rfc3339(first["window_end"]),
        **{name: first[name] for name in SHARED},
        "parts": [{name: row[name] for name in PART_FIELDS} for row in ordered],
    }


def shown_parts(receipt: Mapping[str, Any]) -> list[ShownPart]:
    """The parts that show, in their order."""
    found, reached = [], receipt["score_before"]
    for part in receipt["parts"]:
        before, reached = reached, reached + part["points"]
        points = round(round(reached, DIGITS) - round(before, DIGITS), DIGITS)
        if points or part["places"]:
            found.append(ShownPart(part["cause"], points, part["places"], part["people"]))
    return found
