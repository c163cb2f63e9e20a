"""The lines as a table for people."""

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table

from bench.outcome import Line, Skipped


def print_table(lines: Sequence[Line], seconds: float) -> None:
    """One row per line, the reasons of skipped ones below."""
    table = Table(box=None, pad_edge=False)
    for heading in ("what", "over", "min", "median", "max", "target", ""):
        table.add_column(heading, justify="left" if heading in {"what", "over", ""} else "right", overflow="fold")
    console = Console()
    for line in lines:
        if isinstance(line, Skipped):
            table.add_row(line.name, "-", "-", "-", "-", "-", "skipped")
            continue
        shown = line.to_json()
        figures = (f"{shown[name]:.3g}" for name in ("min", "median", "max"))
        sign = "≥" if line.more_is_better else "≤"
        table.add_row(line.name, line.peer, *figures, f"{sign} {line.target:.3g}", "met" if line.met else "MISSED")
    console.print(table)
    for line in lines:
        note = line.reason if isinstance(line, Skipped) else line.detail
        if note:
            console.print(f"  {line.name}: {note}", highlight=False)
    console.print(f"{seconds:.0f} s in total; ratios of CPU seconds or bytes inside this run.", highlight=False)
