"""A table in which numbers are never cut: one column of names gives way, so that the whole fits the terminal."""

from collections.abc import Sequence

from rich.table import Table
from rich.text import Text

LEAST_NAME = 8


def fitted_table(headers: Sequence[str], rows: Sequence[Sequence[str]], *, name: int, title: str = "") -> Table:
    """Right-aligned columns as wide as what they hold; column `name` takes the room that is left, and is cut with … beyond."""
    table = Table(
        title=Text(title) if title else None,
        title_justify="left",
        title_style="bold",
        box=None,
        pad_edge=False,
        header_style="bold",
        expand=True,
    )
    for number, header in enumerate(headers):
        if number == name:
            table.add_column(header, no_wrap=True, overflow="ellipsis", ratio=1, min_width=LEAST_NAME)
        else:
            width = max(len(header), *(len(row[number]) for row in rows), 0)
            table.add_column(header, justify="right", no_wrap=True, width=width)
    for row in rows:
        table.add_row(*(Text(cell) for cell in row))
    return table
