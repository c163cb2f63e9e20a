"""Results on stdout, everything else on stderr; JSON for programs, tables for people."""

import sys
from collections.abc import Iterable
from pathlib import Path

import click
import orjson
from rich.console import Console
from rich.table import Table

LEAST_WIDTH = 80

json_option = click.option("--json", "as_json", is_flag=True, help="For programs: JSON instead of a table.")
centralities_option = click.option(
    "--centralities", is_flag=True, help="Ranks by PageRank and temporal PageRank, and who joins circles, beside."
)
html_option = click.option(
    "--html", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE", help="Charts as well, one page."
)


def say(line: str) -> None:
    """A line for people, on stderr."""
    click.echo(line, err=True)


def print_json(document: object) -> None:
    """One JSON document."""
    _write(orjson.dumps(document, option=orjson.OPT_INDENT_2))


def print_json_lines(rows: Iterable[object]) -> None:
    """One JSON object a line."""
    for row in rows:
        _write(orjson.dumps(row))


def print_table(table: Table) -> None:
    """A table as wide as the terminal; 80 columns where there is none, or a narrower one: numbers are never cut."""
    console = Console(soft_wrap=False, highlight=False)
    console.width = max(console.width, LEAST_WIDTH) if sys.stdout.isatty() else LEAST_WIDTH
    console.print(table)


def _write(document: bytes) -> None:
    sys.stdout.buffer.write(document + b"\n")
