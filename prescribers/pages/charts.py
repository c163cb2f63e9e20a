"""Charts as SVG text, the same figures giving the same bytes. Matplotlib is the extra `plots`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from io import StringIO
from math import isnan
from typing import TYPE_CHECKING

from prescribers.failures import ConfigurationFailure

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

OURS, OTHERS, FAINT, BEHIND = "#0b7285", "#868e96", "#ced4da", "#c92a2a"
WIDTH = 8.6
ROW = 0.26


@dataclass(frozen=True, slots=True)
class Dots:
    """A row of a dot chart: single values and the point that they come to. `ours` stands out."""

    name: str
    values: Sequence[float]
    point: float
    ours: bool


@dataclass(frozen=True, slots=True)
class Span:
    """A row of an interval chart."""

    name: str
    low: float
    point: float
    high: float


def dots(rows: Sequence[Dots], label: str) -> str:
    """A row for each score, the first on top."""
    figure, axes = _axes(len(rows))
    for at, row in enumerate(rows):
        known = [value for value in row.values if not isnan(value)]
        axes.plot(known, [at] * len(known), "o", color=FAINT, markersize=4, zorder=1)
        axes.plot([row.point], [at], "o", color=OURS if row.ours else OTHERS, markersize=8, zorder=2)
    _name_rows(axes, [row.name for row in rows], label)
    axes.set_xlim(left=0)
    return _svg(figure, label)


def spans(rows: Sequence[Span], label: str) -> str:
    """A row for each interval, with a line at nought; what lies wholly below it is shown as such."""
    figure, axes = _axes(len(rows))
    axes.axvline(0, color=OTHERS, linewidth=1)
    for at, row in enumerate(rows):
        color = BEHIND if row.high < 0 else OURS if row.low > 0 else OTHERS
        axes.plot([row.low, row.high], [at, at], color=color, linewidth=2, solid_capstyle="round")
        axes.plot([row.point], [at], "o", color=color, markersize=6)
    _name_rows(axes, [row.name for row in rows], label)
    return _svg(figure, label)


def bars(rows: Mapping[str, Sequence[float]], series: Sequence[str], label: str) -> str:
    """A group of bars for each row, one for each of the series; the first of them is ours."""
    figure, axes = _axes(len(rows) * (len(series) + 1) * 0.5)
    height = 0.8 / len(series)
    shades = [OURS, "#495057", "#868e96", "#adb5bd", "#ced4da"]
    for number, name in enumerate(series):
        values = [row[number] for row in rows.values()]
        axes.barh([at + number * height for at in range(len(rows))], values, height * 0.9, color=shades[number], label=name)
    _name_rows(axes, list(rows), label, middle=0.4 - height / 2)
    axes.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=len(series), frameon=False, fontsize=9)
    axes.set_xlim(0, 1)
    return _svg(figure, label)


def _axes(rows: float) -> "tuple[Figure, Axes]":
    try:
        from matplotlib.figure import Figure
    except ImportError as error:
        raise ConfigurationFailure("charts need matplotlib: pip install 'prescribers[plots]'") from error
    figure = Figure(figsize=(WIDTH, 1.1 + ROW * rows), layout="constrained")
    axes = figure.subplots()
    axes.grid(axis="x", color="#f1f3f5")
    axes.set_axisbelow(True)
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    return figure, axes


def _name_rows(axes: "Axes", names: Sequence[str], label: str, *, middle: float = 0.0) -> None:
    """`middle`: of a row, below its number."""
    axes.set_yticks([at + middle for at in range(len(names))], names)
    axes.tick_params(axis="y", length=0)
    axes.invert_yaxis()
    axes.set_xlabel(label)


def _svg(figure: "Figure", label: str) -> str:
    from matplotlib import rc_context

    out = StringIO()
    with rc_context({"svg.hashsalt": label, "svg.fonttype": "none", "font.family": "sans-serif"}):
        figure.savefig(out, format="svg", metadata={"Date": None, "Title": label})
    text = out.getvalue()
    return text[text.index("<svg") :]
