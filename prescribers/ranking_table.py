"""A ranking as a table of 80 columns: who, why in numbers, and how different the order by followers would be."""

from collections.abc import Iterable, Mapping
from typing import Any

from rich.table import Table
from rich.text import Text

from prescribers.plain_text import plain

NARROW = 9


def ranking_table(rows: Iterable[Mapping[str, Any]], *, title: str = "") -> Table:
    """One row per ranked actor, as `ranked_row` builds them. A rank shared by several is marked with =."""
    table = Table(title=title or None, title_justify="left", title_style="bold", box=None, pad_edge=False, header_style="bold")
    table.add_column("rank", justify="right", no_wrap=True)
    table.add_column("who", overflow="ellipsis", no_wrap=True, ratio=1)
    for name in ("score", "reach", "steady", "lift", "people", "followers", "by foll."):
        table.add_column(name, justify="right", no_wrap=True, max_width=NARROW)
    for row in rows:
        shared = "=" if row["rank_high"] > row["rank_low"] else ""
        table.add_row(
            f"{row['rank']}{shared}",
            Text(who(row)),
            f"{row['score']:.3f}",
            f"{row['reach']:.2f}",
            f"{row['regularity']:.2f}",
            f"{row['lift']:.2f}",
            str(row["responders"]),
            "?" if row["followers"] is None else f"{row['followers']:,}",
            "?" if row["followers_rank"] is None else str(row["followers_rank"]),
        )
    return table


LEGEND = (
    "score = reach × lift^⅓; reach: credible and other responders × steady; lift: responses per message over the usual; "
    "people: responders; followers are shown, never counted."
)


def who(row: Mapping[str, Any]) -> str:
    """The name, or else the id, fit for a terminal."""
    return plain(row["actor_name"] or "") or plain(row["actor_id"])
