"""A progress bar with rate and time left, on stderr and only on a terminal."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

Report = Callable[[int, int, int | None], None]
"""Called with events so far, bytes read, and bytes in all (None where that is not known, as of a pipe)."""


@contextmanager
def progress_bar(title: str, *, console: Console | None = None) -> Iterator[Report]:
    """Gives a function to report to. Bytes measure how far it is; events are what people count."""
    shown = console or Console(stderr=True)
    columns = (
        TextColumn("{task.description}"),
        BarColumn(bar_width=20),
        TextColumn("{task.percentage:>3.0f} %"),
        TextColumn("{task.fields[events]:,} events"),
        TextColumn("{task.fields[rate]:,.0f}/s"),
        TimeElapsedColumn(),
        TextColumn("left"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=shown, disable=console is None and not sys.stderr.isatty(), transient=True) as bar:
        task = bar.add_task(title, total=None, events=0, rate=0.0)

        def report(events: int, read: int, total: int | None) -> None:
            elapsed = bar.tasks[task].elapsed or 0.0
            bar.update(task, completed=read, total=total, events=events, rate=events / elapsed if elapsed else 0.0)

        yield report
