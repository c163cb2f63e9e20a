"""What readers of a warehouse are shown: every row of every view, to be compared with what they should be shown."""

from collections import Counter
from collections.abc import Iterable, Mapping

from sinks.clickhouse.queries import VIEWS
from sinks.clickhouse.warehouse import Warehouse

Shown = Mapping[str, "Counter[str]"]
"""By view: each row as text, and how often."""
MOST_TOLD = 3


def shown(warehouse: Warehouse, themes: Iterable[str]) -> Shown:
    """Every row, floats to the last bit. The views without parameters whole, the others as of now, by theme.

    Only what no reader sees is left out, because it may differ between two exact runs: offsets, the order and time of inserts.
    """
    found = {view: _rows(warehouse, view) for view in VIEWS}
    for view in ("ranking_as_of", "evidence_as_of"):
        found[view] = Counter()
        for theme in themes:
            found[view] += _rows(warehouse, f"{view}(theme='{theme}', at='2199-01-01 00:00:00.000')")
    return found


def fates_of(rows: Shown) -> int:
    """How many inputs the four fates account for."""
    return sum(int(row.partition("'events': ")[2].split(",")[0].rstrip("}")) * times for row, times in rows["fates"].items())


def differences(expected: Shown, found: Shown) -> list[str]:
    """One line per view that differs, with a few of its rows; empty where nothing does."""
    told = []
    for view in sorted(expected.keys() | found.keys()):
        missing, extra = expected[view] - found[view], found[view] - expected[view]
        if missing or extra:
            examples = [f"missing {row}" for row in [*missing][:MOST_TOLD]] + [f"extra {row}" for row in [*extra][:MOST_TOLD]]
            told.append(f"{view}: {missing.total()} missing, {extra.total()} extra: " + "; ".join(examples))
    return told


def _rows(warehouse: Warehouse, source: str) -> "Counter[str]":
    rows = warehouse.query(f"SELECT * FROM {source}")  # noqa: S608 - names of our views
    return Counter(
        str({name: sorted(row[name].items()) if isinstance(row[name], dict) else row[name] for name in row}) for row in rows
    )
