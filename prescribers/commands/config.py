"""`prescribers config`: the effective settings, each with its source."""

import click
from rich.table import Table
from rich.text import Text

from prescribers.durations import duration_text
from prescribers.examples import examples
from prescribers.invocation import Invocation
from prescribers.output import json_option, print_json, print_table
from prescribers.setting_keys import key_of
from prescribers.setting_layers import Effective
from prescribers.settings import Settings
from streams.kafka_settings import Secret

MASK = "***"


@click.command("config", epilog=examples("prescribers config", "prescribers --set themes.lean.step=6h config --json"))
@json_option
@click.pass_obj
def command(invocation: Invocation, *, as_json: bool) -> None:
    """Show every setting in force and where it comes from; secrets are masked.

    Flags (--set) win over the environment (PRESCRIBERS_KAFKA__BROKERS=…), which wins over
    prescribers.toml, which wins over the defaults.
    """
    settings = invocation.settings()
    if as_json:
        shown = [{"key": ".".join(s.path), "value": shown_value(s, settings), "source": s.source} for s in settings.effective]
        print_json(shown)
        return
    table = Table("setting", "value", "source", box=None, pad_edge=False, header_style="bold")
    for item in settings.effective:
        table.add_row(Text(".".join(item.path)), Text(_written(shown_value(item, settings))), Text(item.source))
    print_table(table)


def shown_value(item: Effective, settings: Settings) -> object:
    """The value as it would be written, durations like "28d", secrets as ***."""
    key = key_of(item.path)
    if item.path == ("clickhouse", "url") and settings.warehouse:
        return settings.warehouse.url
    if item.secret or isinstance(item.value, Secret):
        return MASK if item.value else ""
    if key and key.kind == "duration" and isinstance(item.value, int):
        return duration_text(item.value)
    return list(item.value) if isinstance(item.value, tuple) else item.value


def _written(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(value) or "-"
    if isinstance(value, bool):
        return str(value).lower()
    return str(value) if value != "" else "-"
