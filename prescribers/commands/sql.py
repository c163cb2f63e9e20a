"""`prescribers sql`: one question to the warehouse, typed as it is, where no other client is at hand."""

import sys
from collections.abc import Iterator, Sequence
from typing import Any

import click

from prescribers.examples import examples
from prescribers.failures import ConfigurationFailure
from prescribers.invocation import Invocation
from prescribers.links import Links
from prescribers.output import json_option, print_json_lines, say
from prescribers.sql_values import plain_json, shown

EXAMPLES = (
    'prescribers sql "SELECT * FROM themes"',
    "prescribers sql --json \"SELECT rank, actor_name FROM ranking_current WHERE theme = 'demo' ORDER BY rank\"",
)


@click.command("sql", epilog=examples(*EXAMPLES))
@click.argument("statement")
@json_option
@click.pass_obj
def command(invocation: Invocation, *, statement: str, as_json: bool) -> None:
    """Ask the warehouse: STATEMENT is one of SQL, or - for standard input, that reads and changes nothing.

    What there is to ask, with an example of each view: docs/data-dictionary.md. Any client of
    ClickHouse's native protocol does as well; `prescribers doctor` names the address.
    """
    from prescribers.work import ready_warehouse

    sql = (sys.stdin.read() if statement == "-" else statement).strip().rstrip(";")
    if not sql:
        raise ConfigurationFailure(f"no statement. Example: {EXAMPLES[0]}")
    warehouse = ready_warehouse(Links(invocation.settings(), say), say)
    names, rows = warehouse.read(sql)
    if as_json:
        print_json_lines({name: plain_json(value) for name, value in zip(names, row, strict=True)} for row in rows)
        return
    for line in lines(names, rows):
        click.echo(line)
    say(f"{len(rows):,} row{'' if len(rows) == 1 else 's'}")


def lines(names: Sequence[str], rows: Sequence[Sequence[Any]]) -> Iterator[str]:
    """In columns as wide as what they hold, numbers to the right; nothing is cut but texts of more than 200 characters."""
    cells = [list(names), *([shown(value) for value in row] for row in rows)]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    numeric = [all(isinstance(row[number], int | float | None) for row in rows) for number in range(len(names))]
    for line in cells:
        padded = (f"{cell:{'>' if right else '<'}{width}}" for cell, width, right in zip(line, widths, numeric, strict=True))
        yield "  ".join(padded).rstrip()
