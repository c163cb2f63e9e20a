"""`prescribers worker`: the apps, a process each, supervised."""

import click

from prescribers.examples import examples
from prescribers.idleness import ORDER
from prescribers.invocation import Invocation
from prescribers.links import Links
from prescribers.output import say


@click.command("worker", epilog=examples("prescribers worker", "prescribers worker normalise rank --until-idle"))
@click.argument("apps", nargs=-1, type=click.Choice(ORDER))
@click.option("--until-idle", is_flag=True, help="Drain every log, publish, and end with status 0.")
@click.pass_obj
def command(invocation: Invocation, *, apps: tuple[str, ...], until_idle: bool) -> int:
    """Run the apps normalise, rank and store, a process each; all three unless named.

    A child that crashes is started again, with growing pauses; one that refuses to go on with the
    data or with its configuration stops the worker with its status. SIGTERM and Ctrl-C save
    everything and end with status 0.
    """
    from prescribers.work import lay_ground, work

    wanted = tuple(app for app in ORDER if app in apps or not apps)
    links = Links(invocation.settings(), say)
    lay_ground(wanted, links, say)
    say(f"Running {', '.join(wanted)}{' until every log is drained' if until_idle else ''}; Ctrl-C ends.")
    return work(wanted, links, invocation.flags(links.assignments()), until_idle=until_idle, say=say)
