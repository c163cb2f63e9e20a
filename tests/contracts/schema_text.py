"""The schema as the migrations tell it: tables and views with their columns and comments."""

import re
from dataclasses import dataclass, replace

from sinks.clickhouse.layout import Layout
from sinks.clickhouse.migrate import migrations

_OBJECT = re.compile(
    r"CREATE (?P<kind>TABLE IF NOT EXISTS|OR REPLACE VIEW) (?P<name>\w+)\s*\n"
    r"\(\n(?P<columns>.*?)\n\)\n.*COMMENT '(?P<comment>.*)'$",
    re.DOTALL,
)
_ADDED = re.compile(r"ALTER TABLE (?P<name>\w+)\n(?P<columns>.*)", re.DOTALL)
_COMMENTED = re.compile(r"ALTER TABLE (?P<name>\w+) ?\n    COMMENT COLUMN (?P<column>\w+) '(?P<comment>.*)'")
_SORTING = re.compile(r",\n\s*MODIFY ORDER BY .*")
_COLUMN = re.compile(
    r"^    (?P<name>\w+) (?P<type>\w+(?:\(.*?\))?)(?: DEFAULT .*?| TTL .*?)? COMMENT '(?P<comment>.*?)',?$", re.MULTILINE
)


@dataclass(frozen=True, slots=True)
class Described:
    """A table or view; `columns` are (name, type, comment)."""

    name: str
    is_view: bool
    comment: str
    columns: tuple[tuple[str, str, str], ...]


def described() -> list[Described]:
    """Every table and view, in order of the migrations; later definitions replace earlier ones."""
    found: dict[str, Described] = {}
    for migration in migrations():
        for statement in migration.statements(Layout()):
            if said := _COMMENTED.fullmatch(statement):
                table = found[said["name"]]
                columns = tuple(
                    (name, kind, _plain(said["comment"]) if name == said["column"] else comment)
                    for name, kind, comment in table.columns
                )
                found[table.name] = replace(table, columns=columns)
                continue
            if added := _ADDED.fullmatch(statement):
                table = found[added["name"]]
                columns = _columns(_SORTING.sub("", added["columns"]).replace("ADD COLUMN IF NOT EXISTS ", ""), table.name)
                found[table.name] = replace(table, columns=table.columns + columns)
                continue
            match = _OBJECT.fullmatch(statement)
            assert match, f"not a table or view with a comment: {statement[:80]}"
            columns = _columns(match["columns"], match["name"])
            found[match["name"]] = Described(match["name"], match["kind"].endswith("VIEW"), _plain(match["comment"]), columns)
    return list(found.values())


def _columns(text: str, name: str) -> tuple[tuple[str, str, str], ...]:
    columns = tuple((m["name"], m["type"], _plain(m["comment"])) for m in _COLUMN.finditer(text))
    assert len(columns) == len(text.splitlines()), f"a column without a comment in {name}"
    return columns


def _plain(literal: str) -> str:
    return literal.replace("''", "'")
