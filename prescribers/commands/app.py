"""`prescribers app NAME`: one app in this process; what `prescribers worker` starts, a child each."""

import click

from prescribers.children import SUPERVISED, end_with_parent
from prescribers.examples import examples
from prescribers.failures import DONE
from prescribers.idleness import ORDER
from prescribers.invocation import Invocation
from prescribers.links import Links
from prescribers.output import say


@click.command("app", hidden=True, epilog=examples("prescribers app rank", "prescribers --config staging.toml app store"))
@click.argument("name", type=click.Choice(ORDER))
@click.option(SUPERVISED, is_flag=True, help="End when standard input does, which is when the supervisor is gone.")
@click.pass_obj
def command(invocation: Invocation, *, name: str, supervised: bool) -> int:
    """Run one app in this process, without a supervisor."""
    try:
        if supervised:
            end_with_parent()
        settings = invocation.settings()
        from prescribers.start_app import start_app

        return start_app(name, settings, Links(settings, say))
    except KeyboardInterrupt:
        # Asked to end before the app could listen: nothing was begun.
        return DONE
