"""`prescribers doctor`: every link of the chain, and a remedy for each that is broken."""

import click
from rich.table import Table
from rich.text import Text

from prescribers.checkup import Finding, checkup
from prescribers.examples import examples
from prescribers.failures import DONE
from prescribers.invocation import Invocation
from prescribers.links import Links
from prescribers.output import json_option, print_json, print_table

STYLES = {"ok": "green", "failed": "bold red", "skipped": "yellow"}


@click.command("doctor", epilog=examples("prescribers doctor", "prescribers --config staging.toml doctor --json"))
@json_option
@click.pass_obj
def command(invocation: Invocation, *, as_json: bool) -> int:
    """Check configuration, Kafka, topics, groups and lag, ClickHouse, migrations, disk, snapshots.

    Nothing is started or changed. The exit status is that of the first broken link.
    """
    found = list(checkup(Links(invocation.settings(), lambda _: None)))
    status = next((finding.status for finding in found if finding.state == "failed"), DONE)
    if as_json:
        print_json([{"link": f.link, "state": f.state, "seen": f.seen, "remedy": f.remedy} for f in found])
    else:
        print_table(_table(found))
    return status


def _table(found: list[Finding]) -> Table:
    table = Table("link", "state", "seen", box=None, pad_edge=False, header_style="bold")
    for finding in found:
        seen = Text(finding.seen)
        if finding.remedy:
            seen.append(f"\n→ {finding.remedy}", "bold")
        table.add_row(finding.link, Text(finding.state, STYLES[finding.state]), seen)
    return table
