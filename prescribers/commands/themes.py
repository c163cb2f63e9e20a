"""`prescribers themes`: what is ranked."""

import time
from typing import Any

import click
from rich.table import Table

from graph.theme_settings import ThemeSettings
from prescribers.awaited import awaited
from prescribers.examples import examples
from prescribers.fitted_table import fitted_table
from prescribers.invocation import Invocation
from prescribers.links import Links
from prescribers.moments import day_and_minute, rfc3339
from prescribers.output import json_option, print_json, print_table, say
from prescribers.plain_text import plain

MOMENTS = ("first_act_at", "last_act_at", "first_run_at", "last_run_at")


@click.command("themes", epilog=examples("prescribers themes", "prescribers themes --json"))
@json_option
@click.pass_obj
def command(invocation: Invocation, *, as_json: bool) -> None:
    """Show every theme: how many events it has had, when, its rankings, and the scores that ranked it."""
    from prescribers.work import ready_warehouse
    from sinks.clickhouse import queries

    settings = invocation.settings()
    warehouse = ready_warehouse(Links(settings, say), say)
    found = {row["theme"]: row for row in queries.themes(warehouse)}
    versions = queries.versions(warehouse)
    waiting = [name for name in settings.themes if name not in found]
    waiting += [name for name, row in found.items() if not row["runs"]]
    if as_json:
        print_json(
            [_plain(row) | {"versions": [_plain(v) for v in versions if v["theme"] == name]} for name, row in found.items()]
        )
    elif found:
        print_table(_table(list(found.values())))
        if any(version["shadow"] for version in versions):
            print_table(_versions_table(versions))
    for name in waiting:
        theme = settings.themes.get(name) or ThemeSettings(name=name)
        say(awaited(theme, found.get(name), time.time_ns() // 1_000_000))
    if not found and not settings.themes:
        say("No theme yet: no event has come through. Feed some (prescribers feed FILE), and take them in (prescribers worker);")
        say("or see the whole of it: prescribers demo")


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    return row | {name: _time(row[name]) for name in MOMENTS if name in row}


def _time(ms: int | None) -> str | None:
    return None if ms is None else rfc3339(ms)


def _table(rows: list[dict[str, object]]) -> Table:
    headers = ("theme", "events", "late", "first event", "last event", "rankings", "ranked")
    return fitted_table(headers, [_cells(row) for row in rows], name=0)


def _versions_table(rows: list[dict[str, Any]]) -> Table:
    headers = ("theme", "score", "version", "shadow", "rankings", "from", "to")
    return fitted_table(headers, [_version_cells(row) for row in rows], name=1)


def _version_cells(row: dict[str, Any]) -> list[str]:
    said = [plain(row["theme"]), row["score_name"], row["score_version"], "yes" if row["shadow"] else "no"]
    return [*said, f"{row['runs']:,}", _day(row["first_run_at"]), _day(row["last_run_at"])]


def _cells(row: dict[str, object]) -> list[str]:
    first, last = (_day(row[name]) for name in ("first_act_at", "last_act_at"))
    counts = [f"{row['events']:,}", f"{row['late']:,}"]
    return [plain(str(row["theme"])), *counts, first, last, f"{row['runs']:,}", f"{row['ranked'] or 0:,}"]


def _day(ms: object) -> str:
    return day_and_minute(ms)[:10] if isinstance(ms, int) else "-"
