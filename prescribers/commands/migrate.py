"""`prescribers migrate`: bring the warehouse to this release's tables and views."""

import click

from prescribers.examples import examples
from prescribers.failures import DONE, FAILED
from prescribers.invocation import Invocation
from prescribers.links import Links
from prescribers.output import json_option, print_json, say


@click.command("migrate", epilog=examples("prescribers migrate --dry-run", "prescribers migrate --status --json"))
@click.option("--dry-run", is_flag=True, help="Print the SQL, change nothing.")
@click.option("--status", "only_status", is_flag=True, help="Only list the migrations; exit status 1 where one is pending.")
@json_option
@click.pass_obj
def command(invocation: Invocation, *, dry_run: bool, only_status: bool, as_json: bool) -> int:
    """Apply the warehouse's pending migrations: numbered, checksummed, forward only."""
    from sinks.clickhouse import migrate
    from sinks.clickhouse.warehouse import Warehouse

    warehouse = Warehouse(Links(invocation.settings(), say).warehouse)
    if not only_status:
        applied = migrate.migrate(warehouse, dry_run=dry_run, say=click.echo if dry_run and not as_json else None)
        state = "pending" if dry_run else "applied"
        if as_json:
            print_json([{"version": each.version, "name": each.name, "state": state} for each in applied])
        elif not applied:
            click.echo("Nothing is pending.")
        elif not dry_run:
            click.echo("\n".join(f"applied {each.version:04d} {each.name}" for each in applied))
        return DONE
    found = migrate.status(warehouse)
    if as_json:
        print_json([{"version": each.migration.version, "name": each.migration.name, "state": each.state} for each in found])
    else:
        for each in found:
            click.echo(f"{each.migration.version:04d} {each.migration.name}: {each.state}")
    return FAILED if any(each.state == "pending" for each in found) else DONE
