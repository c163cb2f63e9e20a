"""`prescribers top`: a ranking as of a time."""

import click

from prescribers.centralities import LEGEND as CENTRALITIES_LEGEND
from prescribers.centralities import centralities_table
from prescribers.examples import examples
from prescribers.invocation import Invocation
from prescribers.links import Links
from prescribers.option_types import ANY_SCORE, TIME
from prescribers.output import centralities_option, json_option, print_json_lines, print_table, say
from prescribers.ranking_table import LEGEND, ranking_table


@click.command(
    "top",
    epilog=examples(
        "prescribers top lean",
        "prescribers top lean --at 2020-03-01 -n 50 --json",
        "prescribers top lean --score help",
        "prescribers top lean --centralities",
    ),
)
@click.argument("theme")
@click.option("--at", type=TIME, metavar="TIME", help="As of a date (its first instant, UTC) or an RFC 3339 time; default: now.")
@click.option("-n", "first", type=click.IntRange(min=1), default=20, show_default=True, help="How many.")
@click.option("--all", "everybody", is_flag=True, help="Everybody who is ranked.")
@click.option("--score", type=ANY_SCORE, metavar="V", help="Another score, in words or as score_version.")
@centralities_option
@json_option
@click.pass_obj
def command(
    invocation: Invocation,
    *,
    theme: str,
    at: int | None,
    first: int,
    everybody: bool,
    score: str | None,
    centralities: bool,
    as_json: bool,
) -> None:
    """Show who comes first in THEME, by whose word makes others act.

    Followers are shown beside, with the rank that they would give; they never count.
    With --json, one object a line, the same as `replay --json` prints. --score shows what a shadow
    says (docs/ranking.md, section 12), or a stored `replay --score`. With --centralities, the ranks by
    PageRank and temporal PageRank and how many circles somebody joins, as of the last run that told them
    (the first of a week): to compare, never counted.
    """
    from prescribers.known_theme import explain_absence
    from prescribers.warehouse_ranking import warehouse_ranking
    from prescribers.work import ready_warehouse

    settings = invocation.settings()
    warehouse = ready_warehouse(Links(settings, say), say)
    wanted = None if everybody else first
    one_more = None if everybody else first + 1
    found = warehouse_ranking(warehouse, theme, at, one_more, score or "", centralities=centralities)
    if found is None:
        say(explain_absence(warehouse, settings, theme, at, score or ""))
    elif as_json:
        print_json_lines(found.rows[:wanted])
    else:
        table, legend = (centralities_table, CENTRALITIES_LEGEND) if centralities else (ranking_table, LEGEND)
        under = f" under {found.score_name}" if found.shadow else ""
        shown = len(found.rows[:wanted])
        print_table(table(found.rows, wanted, title=f"{theme}{under}, as of {found.window_end}: {shown} of {found.ranked}"))
        say(legend)
        if any(row["cold_start"] for row in found.rows):
            young = "this score has not ranked it for long" if found.shadow else "the theme is young"
            say(f"Cold start: {young}, the order is provisional.")
