"""`prescribers attack`: what a place on the list costs those who would rather buy it."""

from pathlib import Path

import click

from prescribers.examples import examples
from prescribers.failures import ConfigurationFailure, NotFoundFailure
from prescribers.invocation import Invocation
from prescribers.option_types import DURATION, FILE
from prescribers.output import html_option, json_option, print_json, print_table, say

SIZES = (10, 50, 200)


@click.command(
    "attack",
    epilog=examples(
        "prescribers attack --simulated 2 --dates 1 --size 50",
        "prescribers attack --attack ring --attack questions lean.jsonl.gz",
    ),
)
@click.argument("files", nargs=-1, type=FILE, metavar="[FILE]...")
@click.option("--sets", "listing", type=click.Path(exists=True, dir_okay=False, path_type=Path), metavar="TOML", help="Sets.")
@click.option("--simulated", type=click.IntRange(min=1), metavar="N", help="Simulated communities. Default: 4, without FILE.")
@click.option("--theme", default="", metavar="T", help="The theme of events that name none, and the only one attacked.")
@click.option("--window", type=DURATION, metavar="28d", help="What the scores look back on. Default: 28d.")
@click.option("--half-life", type=DURATION, metavar="10d", help="Of a response. Default: 5/14 of the window.")
@click.option("--dates", type=click.IntRange(min=1), default=3, show_default=True, help="At most so many dates a community.")
@click.option("--attack", "names", multiple=True, metavar="NAME", help="Only this one; repeatable. Default: all.")
@click.option("--size", "sizes", multiple=True, type=click.IntRange(min=1), metavar="N", help="Accounts. Default: 10, 50, 200.")
@click.option("--ring", type=FILE, metavar="FILE", help="Replay a real ring as well: a file that only its members wrote.")
@click.option("--seed", default=1, show_default=True, help="Decides what attackers do by chance.")
@html_option
@json_option
@click.pass_obj
def command(
    invocation: Invocation,
    *,
    files: tuple[str, ...],
    listing: Path | None,
    simulated: int | None,
    theme: str,
    window: int | None,
    half_life: int | None,
    dates: int,
    names: tuple[str, ...],
    sizes: tuple[int, ...],
    ring: str | None,
    seed: int,
    html: Path | None,
    as_json: bool,
) -> None:
    """Attack the list: made-up accounts try to bring a boss into the first places.

    Each attack is added to honest conversations, from FILE (mention.v1), --sets or the simulation,
    and the ranking as of a date is made with it. Stated is how often the boss gets in, under our
    score and under PageRank, in-degree and distinct responders, and the price in accounts and acts.
    """
    from graph.attacks.catalogue import ATTACKS
    from graph.attacks.prices import prices, results
    from graph.attacks.real_ring import replayed
    from prescribers import attack_run
    from prescribers.attack_tables import LEGEND, price_table, report, result_tables
    from prescribers.evaluation_run import read_entry
    from prescribers.evaluation_sets import NOTHING, Entry, listed, plan_of

    unknown = [name for name in names if name not in ATTACKS]
    if unknown:
        raise ConfigurationFailure(f'no attack "{unknown[0]}"; there are: {", ".join(ATTACKS)}')
    settings = invocation.settings()
    usual = plan_of(window, half_life, None, None, None)
    entries = [Entry("", files, usual)] if files else []
    entries += listed(listing, usual) if listing else []
    found = {
        community.name: community
        for source in (
            attack_run.communities(entries, settings, theme),
            attack_run.simulated(simulated or 4, usual) if simulated or not entries else (),
        )
        for community in source
    }
    if not found:
        raise NotFoundFailure(NOTHING.format(theme=theme or "a theme"))
    ring_acts = [acts for acts in read_entry(Entry("", (ring,), usual), settings, "").values() if acts] if ring else []
    runs = {}
    for community in found.values():
        attacks = {name: ATTACKS[name] for name in names or (() if ring else ATTACKS)}
        if attacks:
            runs[community.name] = attack_run.attacked(community, settings, attacks, sizes or SIZES, dates=dates, seed=seed)
        for acts in ring_acts:
            real = {"real ring": replayed(acts, community.plan)}
            members = len({act.actor_id for act in acts})
            runs.setdefault(community.name, []).extend(
                attack_run.attacked(community, settings, real, [members], dates=dates, seed=seed)
            )
    if not any(runs.values()):
        raise NotFoundFailure("no date with 30 people: give a shorter --window, or a longer conversation")
    document = report(runs, seed)
    if html is not None:
        from prescribers.attack_tables import SCORES
        from prescribers.pages.attack_page import attack_page
        from prescribers.pages.page import save

        save(html, attack_page(document, {score: "ours" if score == SCORES[0] else score for score in SCORES}))
    if as_json:
        print_json(document)
        return
    summary = results([one for many in runs.values() for one in many])
    for table in (*result_tables(summary), price_table(prices(summary))):
        print_table(table)
        click.echo()
    say(LEGEND)
