"""A ranking as a table of 80 columns: who, why in numbers, and how different the order by followers would be."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from rich.table import Table

from prescribers.fitted_table import fitted_table
from prescribers.plain_text import plain

HEADERS = ("rank", "who", "score", "reach", "steady", "lift", "people", "followers", "by foll.")
LEGEND = (
    "score = reach × lift^⅓; reach: credible and other responders × steady; lift: new voices among them, over the usual; "
    "people: responders; followers are shown, never counted."
)


def ranking_table(rows: Sequence[Mapping[str, Any]], first: int | None = None, *, title: str = "") -> Table:
    """The first (all, without a number) of the rows, as `ranked_row` builds them, one a ranked actor."""
    cells = [_cells(row, rank) for row, rank in zip(rows, ranks(rows, first), strict=False)]
    return fitted_table(HEADERS, cells, name=HEADERS.index("who"), title=title)


def ranks(rows: Sequence[Mapping[str, Any]], first: int | None = None) -> list[str]:
    """Of the first rows, marked with = where shared: also with the row behind the last that is shown, so hand in one more."""
    sharing = Counter(row["rank"] for row in rows)
    return [f"{row['rank']}{'=' if sharing[row['rank']] > 1 else ''}" for row in rows[:first]]


def who(row: Mapping[str, Any]) -> str:
    """The name, or else the id inside its source, fit for a terminal."""
    return plain(row["actor_name"] or "") or plain(row["actor_id"].removeprefix(f"{row['source']}:"))


def _cells(row: Mapping[str, Any], rank: str) -> list[str]:
    return [
        rank,
        who(row),
        f"{row['score']:.3f}",
        f"{row['reach']:.2f}",
        f"{row['regularity']:.2f}",
        f"{row['lift']:.2f}",
        str(row["responders"]),
        "?" if row["followers"] is None else f"{row['followers']:,}",
        "?" if row["followers_rank"] is None else str(row["followers_rank"]),
    ]
