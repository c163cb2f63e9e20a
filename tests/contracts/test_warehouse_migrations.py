"""The schema: applied once, repeatable, commented throughout, refused where it is not this release's."""

import pytest

from sinks.clickhouse.layout import Layout
from sinks.clickhouse.migrate import check_schema, migrate, migrations, status
from sinks.clickhouse.warehouse import Warehouse
from sinks.clickhouse.warehouse_errors import WarehouseSchemaError
from tests.contracts.schema_text import described


def test_migrations_are_applied_once_in_order(empty_warehouse: Warehouse) -> None:
    said: list[str] = []
    assert {each.state for each in status(empty_warehouse)} == {"pending"}
    applied = migrate(empty_warehouse, say=said.append)
    assert [each.version for each in applied] == list(range(1, len(migrations()) + 1))
    assert said[0] == "applied 0001 schema_migrations"
    assert {each.state for each in status(empty_warehouse)} == {"applied"}
    assert migrate(empty_warehouse) == []
    check_schema(empty_warehouse)


def test_a_migration_that_stopped_half_way_is_run_again_whole(warehouse: Warehouse) -> None:
    for migration in migrations():
        for statement in migration.statements(Layout()):
            warehouse.command(statement)
    warehouse.command("TRUNCATE TABLE schema_migrations")
    assert len(migrate(warehouse)) == len(migrations())


def test_a_dry_run_prints_the_sql_and_sends_nothing(empty_warehouse: Warehouse) -> None:
    said: list[str] = []
    assert len(migrate(empty_warehouse, dry_run=True, say=said.append)) == len(migrations())
    text = "\n".join(said)
    assert f"CREATE DATABASE IF NOT EXISTS {empty_warehouse.settings.database};" in text
    assert all(f"TABLE IF NOT EXISTS {each.name}" in text for each in described() if not each.is_view)
    with empty_warehouse.in_database("default") as server:
        names = {"name": empty_warehouse.settings.database}
        assert server.query("SELECT 1 FROM system.databases WHERE name = %(name)s", names) == []


def test_pending_migrations_are_named_with_their_remedy(empty_warehouse: Warehouse) -> None:
    with pytest.raises(WarehouseSchemaError, match="run `prescribers migrate`"):
        check_schema(empty_warehouse)


def test_a_migration_applied_from_another_file_is_refused(warehouse: Warehouse) -> None:
    warehouse.command("TRUNCATE TABLE schema_migrations")
    warehouse.insert("schema_migrations", {"version": [1], "name": ["schema_migrations"], "checksum": ["0" * 64]})
    with pytest.raises(WarehouseSchemaError, match="migration 0001 was applied from another file") as refused:
        migrate(warehouse)
    assert refused.value.exit_status == 4


def test_a_newer_schema_is_refused(warehouse: Warehouse) -> None:
    warehouse.insert("schema_migrations", {"version": [999], "name": ["future"], "checksum": ["0" * 64]})
    with pytest.raises(WarehouseSchemaError, match="has migration 0999, this release ends at"):
        status(warehouse)


def test_every_table_view_and_column_says_what_it_is(warehouse: Warehouse) -> None:
    here = "database = currentDatabase()"
    tables = {row["name"]: row["comment"] for row in warehouse.query(f"SELECT name, comment FROM system.tables WHERE {here}")}  # noqa: S608
    columns = {
        (row["table"], row["name"]): row["comment"]
        for row in warehouse.query(f"SELECT table, name, comment FROM system.columns WHERE {here}")  # noqa: S608
    }
    assert tables == {each.name: each.comment for each in described()}
    assert "" not in tables.values()
    assert "" not in columns.values()
    with_parameters = {"ranking_as_of", "evidence_as_of"}  # the server lists no columns of a view before it is given parameters
    told = {(each.name, name): comment for each in described() for name, _, comment in each.columns}
    assert columns == {key: comment for key, comment in told.items() if key[0] not in with_parameters}


def test_the_ranks_of_actors_are_no_part_of_an_identity(warehouse: Warehouse) -> None:
    rows = warehouse.query("SELECT name, sorting_key FROM system.tables WHERE database = currentDatabase() AND sorting_key != ''")
    keys = {row["name"]: row["sorting_key"].split(", ") for row in rows}
    assert keys["interactions"] == ["theme", "day", "event_key"]
    assert keys["messages"][:2] == ["source", "object_id"]
    assert keys["actors"] == ["actor_id"]
    assert keys["ranking_runs"] == ["theme", "score_version", "window_end", "run_id"]
    assert keys["rankings"] == ["theme", "score_version", "window_end", "run_id", "actor_id"]
    assert set(keys["evidence"]) == {"theme", "window_end", "run_id", "actor_id", "position"}


@pytest.mark.parametrize("layout", [Layout(), Layout("everywhere")])
def test_every_statement_is_one_the_server_can_parse(warehouse: Warehouse, layout: Layout) -> None:
    for migration in migrations():
        for statement in migration.statements(layout):
            assert warehouse.query("SELECT formatQuery(%(statement)s) AS sql", {"statement": statement})[0]["sql"]
