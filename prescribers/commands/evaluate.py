"""`prescribers evaluate`: how well the score foretells who will be answered, against thirteen baselines."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from prescribers.examples import examples
from prescribers.failures import ConfigurationFailure, NotFoundFailure
from prescribers.invocation import Invocation
from prescribers.option_types import DURATION, FILE
from prescribers.output import html_option, json_option, print_json, print_table, say

if TYPE_CHECKING:
    from graph.evaluation.standings import SetMarks


@click.command(
    "evaluate",
    epilog=examples(
        "prescribers evaluate lean.jsonl.gz --html lean.html",
        "prescribers evaluate --window 4d --half-life 36h --outcome 1d --json mentions.jsonl",
    ),
)
@click.argument("files", nargs=-1, type=FILE, metavar="FILE...")
@click.option("--sets", "listing", type=click.Path(exists=True, dir_okay=False, path_type=Path), metavar="TOML", help="Sets.")
@click.option("--theme", default="", metavar="T", help="The theme of events that name none, and the only one looked at.")
@click.option("--window", type=DURATION, metavar="28d", help="What the scores look back on. Default: 28d.")
@click.option("--half-life", type=DURATION, metavar="10d", help="Of a response. Default: 5/14 of the window.")
@click.option("--outcome", type=DURATION, metavar="14d", help="How far ahead the truth lies. Default: half the window.")
@click.option("--every", type=DURATION, metavar="14d", help="From one cut date to the next. Default: the outcome period.")
@click.option("--first", type=DURATION, metavar="42d", help="From the first act to the first cut date. Default: 3/2 windows.")
@click.option("--addressed", is_flag=True, help="Candidates are also those who were only acted toward.")
@click.option("--seed", default=1, show_default=True, help="Decides ties, and what the intervals draw.")
@html_option
@json_option
@click.pass_obj
def command(
    invocation: Invocation,
    *,
    files: tuple[str, ...],
    listing: Path | None,
    theme: str,
    window: int | None,
    half_life: int | None,
    outcome: int | None,
    every: int | None,
    first: int | None,
    addressed: bool,
    seed: int,
    html: Path | None,
    as_json: bool,
) -> None:
    """Hold the score, and thirteen baselines, against what came true later.

    FILE holds mention.v1, JSON lines (.gz, .zst, or - for standard input); each theme in it is a set.
    At several cut dates every score is handed the conversation until then, and judged by who was
    answered afterwards. --sets names a TOML file with a table [sets.NAME] per conversation: files,
    and window, half_life, outcome, every, first where they differ from the flags.
    """
    from prescribers.evaluation_report import comparisons, report
    from prescribers.evaluation_run import evaluate
    from prescribers.evaluation_sets import NOTHING, Entry, listed, plan_of
    from prescribers.evaluation_tables import LEGEND, comparison_tables, standing_tables

    if bool(files) == (listing is not None):
        raise ConfigurationFailure("name files, or --sets FILE.toml. Example: prescribers evaluate mentions.jsonl")
    usual = plan_of(window, half_life, outcome, every, first, addressed=addressed)
    entries = [Entry("", files, usual)] if listing is None else listed(listing, usual)
    settings = invocation.settings()
    sets = [found for entry in entries for found in evaluate(entry, settings, theme, seed)]
    for found in sets:
        _say_left_out(found)
    if not sets:
        raise NotFoundFailure(NOTHING.format(theme=theme or "a theme"))
    if not any(found.dates for found in sets):
        raise NotFoundFailure("no cut date to look at: give a shorter --window, --outcome or --first, or a longer conversation")
    compared = comparisons(sets, seed)
    document = report(sets, compared, seed)
    if html is not None:
        from graph.evaluation.own_scores import COLUMNS
        from prescribers.pages.evaluation_page import evaluation_page
        from prescribers.pages.page import save

        save(html, evaluation_page(document, frozenset(COLUMNS)))
    if as_json:
        print_json(document)
    else:
        for table in (*standing_tables(sets), *comparison_tables(compared)):
            print_table(table)
            click.echo()
        for found in sets:
            _say_dates(found)
        say(LEGEND)


def _say_dates(found: "SetMarks") -> None:
    """One line a set: an interval over three dates is not what one over thirty is."""
    from prescribers.moments import day_and_minute

    judged = sorted({one.at_ms for one in found.dates})
    if judged:
        first, last = day_and_minute(judged[0]), day_and_minute(judged[-1])
        say(f"{found.name}: judged at {len(judged)} cut dates, {first} to {last} UTC.")


def _say_left_out(found: "SetMarks") -> None:
    """One line a set: nobody should think that dates without a verdict were never looked at."""
    from graph.evaluation.cut_dates import FEWEST_CANDIDATES, FEWEST_RESPONDERS

    every = {one.at_ms for one in found.dates} | {one.at_ms for one in found.left_out}
    for outcomes in dict.fromkeys(one.outcomes for one in found.left_out):
        silent = {one.at_ms for one in found.left_out if one.outcomes == outcomes}
        say(
            f"{found.name}: {len(silent)} of {len(every)} cut dates left out on {', '.join(outcomes)}: "
            f"fewer than {FEWEST_CANDIDATES} candidates, or fewer than {FEWEST_RESPONDERS} people who respond afterwards."
        )
