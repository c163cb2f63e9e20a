"""`prescribers cover`: the fewest people who together reach a share of all who respond."""

import click

from graph.covering import VOICES
from prescribers.covering_table import LEGEND, RECORDED_SHARE, covering_summary, covering_table
from prescribers.examples import examples
from prescribers.invocation import Invocation
from prescribers.links import Links
from prescribers.option_types import TIME
from prescribers.output import json_option, print_json_lines, print_table, say

SHARE = click.FloatRange(min=0, min_open=True, max=RECORDED_SHARE)


@click.command(
    "cover",
    epilog=examples("prescribers cover lean", "prescribers cover lean --share 0.8 --voices credible --at 2020-03-01 --json"),
)
@click.argument("theme")
@click.option(
    "--share", type=SHARE, default=0.5, show_default=True, help="Of all who responded to anybody ranked, to be reached."
)
@click.option(
    "--voices",
    type=click.Choice(VOICES),
    default="all",
    show_default=True,
    help="Whose responses count: everybody's, or credible ones.",
)
@click.option("--at", type=TIME, metavar="TIME", help="As of a date (its first instant, UTC) or an RFC 3339 time; default: now.")
@json_option
@click.pass_obj
def command(invocation: Invocation, *, theme: str, share: float, voices: str, at: int | None, as_json: bool) -> None:
    """Show the fewest people in THEME who together reach a share of those who respond.

    First whoever most people respond to; then, each time, whoever is responded to by most people that
    none before reaches. So somebody far down the ranking comes early who is heard by a circle of its own,
    and the second of two who are heard by the same people late. Only the ranked are on the list: never
    staff, brands, bots, nor who objected.

    A group of new accounts that answers one member puts that member on the list of all voices; KNOWN says
    how many of those added are credible, and with --voices credible only they count.

    No way is known of finding the shortest list of all in reasonable time; FEWEST says how much shorter
    one could be at best. The list is made with the first run of each week, and stands until the next.
    """
    from prescribers.covering_list import covering_list
    from prescribers.known_theme import explain_absence
    from prescribers.work import ready_warehouse

    settings = invocation.settings()
    warehouse = ready_warehouse(Links(settings, say), say)
    found = covering_list(warehouse, theme, at, share, voices)
    if found is None:
        say(explain_absence(warehouse, settings, theme, at))
    elif as_json:
        print_json_lines(found.rows)
    elif not found.rows:
        say(f"No covering list of {theme} yet: it is made with the first run of each week, but not with a theme's first.")
    else:
        print_table(covering_table(found.rows, title=f"{theme}, as of {found.as_of}"))
        for line in covering_summary(found, share):
            say(line)
        say(LEGEND)
