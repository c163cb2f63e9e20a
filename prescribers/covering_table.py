"""A covering list as a table of 80 columns, and what it comes to in a sentence."""

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from rich.table import Table

from prescribers.fitted_table import fitted_table
from prescribers.ranking_table import who

if TYPE_CHECKING:
    from prescribers.covering_list import CoveringList

RECORDED_SHARE = 0.8
"""Beyond, no list is recorded: the last fifth would take as many people again."""
HEADERS = ("no.", "who", "rank", "new", "known", "reached", "share", "at most", "fewest")
LEGEND = (
    "new: people who responded to nobody above; known: those of them who are credible; reached: to anybody up to here; "
    "at most: people that no list of this length exceeds; fewest: no shorter list reaches as many."
)


def covering_table(rows: Iterable[Mapping[str, Any]], *, title: str = "") -> Table:
    """One row a position, as `covering_list` builds them."""
    return fitted_table(HEADERS, [_cells(row) for row in rows], name=HEADERS.index("who"), title=title)


def covering_summary(found: "CoveringList", share: float) -> Iterator[str]:
    """What a list with rows comes to, and what is missing from it."""
    last = found.rows[-1]
    whom = "people" if last["voices"] == "all" else "credible people"
    people = f"{last['reached']:,} of the {last['everybody']:,} {whom} who responded to anybody ranked"
    yield f"{last['position']:,} {'actor reaches' if last['position'] == 1 else 'actors reach'} {people} ({last['share']:.0%})."
    shorter = last["position"] - last["fewest"]
    yield f"A shorter list could at best do with {shorter} fewer." if shorter else "No shorter list reaches as many."
    unknown = [f"no. {row['position']}" for row in found.rows if not row["new_credible"]]
    if unknown:
        yield f"Nobody of those added by {', '.join(unknown)} is known as credible; with --voices credible they do not count."
    if last["share"] < share:
        yield f"The list is recorded no further than its first {last['position']:,}."
    if found.gone:
        yield f"{found.gone} of them may no longer be ranked, or are no longer responded to, and are left out, but still counted."


def _cells(row: Mapping[str, Any]) -> list[str]:
    numbers = (row["rank"], row["new_responders"], row["new_credible"], row["reached"])
    return [
        str(row["position"]),
        who(row),
        *(f"{number:,}" for number in numbers),
        f"{row['share']:.0%}",
        f"{row['at_most']:,}",
        str(row["fewest"]),
    ]
