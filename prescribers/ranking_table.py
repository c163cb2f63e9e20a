"""A ranking as a table of 80 columns: who, why in numbers, and how different the order by followers would be."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from rich.table import Table

from prescribers.fitted_table import fitted_table
from prescribers.plain_text import plain

HEADERS = ("rank", "who", "score", "reach", "steady", "lift", "people", "followers", "by foll.")
LEGEND = (
    "score = reach × lift^⅓; reach: credible and other responders × steady; lift: new voices among them, over the usual; "
    "people: responders; followers are shown, never counted."
)


def ranking_table(rows: Iterable[Mapping[str, Any]], *, title: str = "") -> Table:
    """One row per ranked actor, as `ranked_row` builds them. A rank shared by several is marked with =."""
    listed = list(rows)
    sharing = Counter(row["rank"] for row in listed)
    return fitted_table(
        HEADERS, [_cells(row, shared=sharing[row["rank"]] > 1) for row in listed], name=HEADERS.index("who"), title=title
    )


def who(row: Mapping[str, Any]) -> str:
    """The name, or else the id inside its source, fit for a terminal."""
    return plain(row["actor_name"] or "") or plain(row["actor_id"].removeprefix(f"{row['source']}:"))


def _cells(row: Mapping[str, Any], *, shared: bool) -> list[str]:
    return [
        f"{row['rank']}{'=' if shared else ''}",
        who(row),
        f"{row['score']:.3f}",
        f"{row['reach']:.2f}",
        f"{row['regularity']:.2f}",
        f"{row['lift']:.2f}",
        str(row["responders"]),
        "?" if row["followers"] is None else f"{row['followers']:,}",
        "?" if row["followers_rank"] is None else str(row["followers_rank"]),
    ]
