"""`prescribers stack`: the local stack in the foreground."""

import click

from prescribers.examples import examples
from prescribers.invocation import Invocation
from prescribers.output import say


@click.command("stack", epilog=examples("prescribers stack", "prescribers --set data_dir=/tmp/try stack --stop"))
@click.option("--stop", is_flag=True, help="Stop the stack that runs in the background.")
@click.pass_obj
def command(invocation: Invocation, *, stop: bool) -> int:
    """Run an in-memory Kafka and the embedded ClickHouse engine on loopback, for development.

    The other commands find it, and start it in the background, where no Kafka or ClickHouse is
    configured. Kafka's log ends with the process; the warehouse stays in .prescribers.
    """
    from prescribers.stack.local_stack import run_stack, stop_stack

    settings = invocation.settings()
    if stop:
        stopped = stop_stack(settings.data_dir)
        say("Stopped the local stack." if stopped else "No local stack runs there.")
        return 0
    return run_stack(settings.data_dir, settings.kafka, say=click.echo)
