"""One HTML file: headings, words, charts inside it as SVG, and the figures behind every chart as a table."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from string import Template

from prescribers.failures import Failure
from prescribers.output import say

_PAGE = Template("""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>$title</title>
<style>
:root { color-scheme: light; }
body { font: 16px/1.5 system-ui, sans-serif; color: #1f2933; background: #fff; }
body { max-width: 62rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.7rem; line-height: 1.2; } h2 { font-size: 1.25rem; margin-top: 2.5rem; }
p { max-width: 44rem; } .lead { font-size: 1.1rem; }
figure { margin: 1rem 0; overflow-x: auto; } svg { max-width: 100%; height: auto; }
table { border-collapse: collapse; font-size: .85rem; } .scroll { overflow-x: auto; }
th, td { padding: .2rem .6rem; text-align: right; border-bottom: 1px solid #e4e7eb; font-variant-numeric: tabular-nums; }
th:first-child, td:first-child { text-align: left; } tr.ours { font-weight: 600; background: #f0f7f4; }
summary { cursor: pointer; color: #52606d; }
</style>
</head>
<body>
<h1>$title</h1>
<p class="lead">$lead</p>
$sections
</body>
</html>
""")


@dataclass(frozen=True, slots=True)
class Table:
    """Figures behind a chart: plain text, the first column a name; the rows `ours` stand out."""

    headers: Sequence[str]
    rows: Sequence[Sequence[str]]
    ours: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Section:
    """A heading, words, a chart (SVG; "" for none) and the figures behind it."""

    heading: str
    words: str
    chart: str
    table: Table


def page(title: str, lead: str, sections: Sequence[Section]) -> str:
    """The whole document."""
    return _PAGE.substitute(title=escape(title), lead=escape(lead), sections="\n".join(map(_section, sections)))


def count(number: int, one: str, many: str = "") -> str:
    """A number with its noun."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def save(path: Path, document: str) -> None:
    """Write it, and say so. Raises `Failure` where the file cannot be written."""
    try:
        path.write_text(document, "utf-8")
    except OSError as error:
        raise Failure(f"{path} cannot be written: {error.strerror}. Name a file in a directory that is there.") from error
    say(f"{path}: the charts")


def _section(section: Section) -> str:
    figures = f'<div class="scroll">{_table(section.table)}</div>'
    if section.chart:
        figures = f"<figure>{section.chart}</figure>\n<details><summary>The figures</summary>\n{figures}\n</details>"
    return f"<section>\n<h2>{escape(section.heading)}</h2>\n<p>{escape(section.words)}</p>\n{figures}\n</section>"


def _table(table: Table) -> str:
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in table.headers)
    rows = "\n".join(map(_row, table.rows, [row[0] in table.ours for row in table.rows]))
    return f"<table>\n<thead><tr>{head}</tr></thead>\n<tbody>\n{rows}\n</tbody>\n</table>"


def _row(cells: Sequence[str], ours: bool) -> str:  # noqa: FBT001 - mapped over two columns
    start = '<tr class="ours">' if ours else "<tr>"
    return start + "".join(f"<td>{escape(cell)}</td>" for cell in cells) + "</tr>"
