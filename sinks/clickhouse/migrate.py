"""Brings the warehouse to this release's schema: numbered, checksummed files, applied once, forward only."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from importlib.resources import files
from typing import Literal

from sinks.clickhouse.layout import Layout
from sinks.clickhouse.warehouse import Warehouse
from sinks.clickhouse.warehouse_errors import WarehouseSchemaError

State = Literal["applied", "pending"]


@dataclass(frozen=True, slots=True)
class Migration:
    """One file. `checksum` covers the template, so that it is the same on a single node and on a cluster."""

    version: int
    name: str
    template: str

    @property
    def checksum(self) -> str:
        """SHA-256 of the file, as hex."""
        return sha256(self.template.encode()).hexdigest()

    def statements(self, layout: Layout) -> list[str]:
        """What is sent, in order. Each can be repeated: a migration that failed half-way is run again whole."""
        return layout.statements(self.template)


@dataclass(frozen=True, slots=True)
class MigrationStatus:
    """A migration and whether the warehouse has it."""

    migration: Migration
    state: State


def migrations() -> list[Migration]:
    """Those of this release, in order. Raises ValueError where numbers do not run from 1 without gaps."""
    found = sorted(
        (entry.name, entry.read_text(encoding="utf-8"))
        for entry in (files("sinks.clickhouse") / "migrations").iterdir()
        if entry.name.endswith(".sql")
    )
    listed = [Migration(int(name[:4]), name[5:-4], text) for name, text in found]
    if [m.version for m in listed] != list(range(1, len(listed) + 1)):
        raise ValueError("migrations are not numbered 1, 2, 3, …")
    return listed


def status(warehouse: Warehouse) -> list[MigrationStatus]:
    """Every migration with its state. Raises `WarehouseSchemaError` where what was applied is not what this release holds."""
    applied = _applied(warehouse)
    known = migrations()
    newer = sorted(applied.keys() - {m.version for m in known})
    if newer:
        raise WarehouseSchemaError(
            f"the warehouse has migration {newer[-1]:04d}, this release ends at {known[-1].version:04d}: upgrade prescribers"
        )
    for migration in known:
        if applied.get(migration.version, migration.checksum) != migration.checksum:
            raise WarehouseSchemaError(
                f"migration {migration.version:04d} was applied from another file than this release's; "
                "restore the release that applied it, or start from an empty database"
            )
    return [MigrationStatus(m, "applied" if m.version in applied else "pending") for m in known]


def migrate(warehouse: Warehouse, *, dry_run: bool = False, say: Callable[[str], None] | None = None) -> list[Migration]:
    """Apply what is pending, and return it. With `dry_run` nothing is sent: `say` gets the SQL that would be.

    Otherwise `say` gets one line per migration applied. Creates the database where it is missing.
    """
    layout = Layout(warehouse.settings.cluster)
    if not dry_run:
        with warehouse.in_database("default") as server:
            server.command(_create_database(warehouse, layout))
    pending = [each.migration for each in status(warehouse) if each.state == "pending"]
    tell = say or (lambda _: None)
    if dry_run and pending:
        tell(f"{_create_database(warehouse, layout)};\n")
    for migration in pending:
        if dry_run:
            tell("".join(_as_sql(migration, layout)))
            continue
        for statement in migration.statements(layout):
            warehouse.command(statement)
        _record(warehouse, migration)
        tell(f"applied {migration.version:04d} {migration.name}")
    return pending


def check_schema(warehouse: Warehouse) -> None:
    """Raise `WarehouseSchemaError` unless everything is applied."""
    pending = [each.migration for each in status(warehouse) if each.state == "pending"]
    if pending:
        raise WarehouseSchemaError(f"{len(pending)} migrations are pending on the warehouse; run `prescribers migrate`")


def _applied(warehouse: Warehouse) -> dict[int, str]:
    with warehouse.in_database("default") as server:
        names = {"database": warehouse.settings.database}
        there = server.query("SELECT 1 FROM system.tables WHERE database = %(database)s AND name = 'schema_migrations'", names)
    if not there:
        return {}
    rows = warehouse.query("SELECT version, checksum FROM schema_migrations FINAL ORDER BY version")
    return {row["version"]: row["checksum"] for row in rows}


def _record(warehouse: Warehouse, migration: Migration) -> None:
    warehouse.insert(
        "schema_migrations",
        {"version": [migration.version], "name": [migration.name], "checksum": [migration.checksum]},
    )


def _create_database(warehouse: Warehouse, layout: Layout) -> str:
    (statement,) = layout.statements(f"CREATE DATABASE IF NOT EXISTS {warehouse.settings.database} {{{{on_cluster}}}}")
    return statement


def _as_sql(migration: Migration, layout: Layout) -> Iterator[str]:
    yield f"-- {migration.version:04d} {migration.name}\n"
    for statement in migration.statements(layout):
        yield f"{statement};\n\n"
