"""Failures of the warehouse come as typed errors of one line that names the remedy, and never a password."""

import signal
import socket
from dataclasses import replace
from pathlib import Path

import pytest

from sinks.clickhouse import queries
from sinks.clickhouse.warehouse import Warehouse
from sinks.clickhouse.warehouse_errors import (
    TRANSIENT_ERRORS,
    WarehouseAuthError,
    WarehouseError,
    WarehouseSchemaError,
    WarehouseStatementError,
    WarehouseUnreachableError,
)
from sinks.clickhouse.warehouse_settings import WarehouseSettings, parse_warehouse_url
from tests.contracts.published import act, acts, run, store
from tests.contracts.warehouse_process import WarehouseProcess, need_embedded_engine


def test_nobody_listening_is_unreachable() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with (
        Warehouse(WarehouseSettings(host="127.0.0.1", port=port)) as warehouse,
        pytest.raises(WarehouseUnreachableError, match=f"127.0.0.1:{port} cannot be reached: Connection refused") as refused,
    ):
        queries.themes(warehouse)
    assert isinstance(refused.value, TRANSIENT_ERRORS)
    assert (refused.value.exit_status, refused.value.address) == (3, f"127.0.0.1:{port}")
    assert "start ClickHouse" in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_host_that_does_not_exist_is_unreachable() -> None:
    with (
        Warehouse(WarehouseSettings(host="nowhere.invalid")) as warehouse,
        pytest.raises(WarehouseUnreachableError, match="nowhere"),
    ):
        warehouse.command("SELECT 1")


def test_a_server_that_says_nothing_is_unreachable_after_the_time_allowed() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        settings = WarehouseSettings(host="127.0.0.1", port=silent.getsockname()[1], send_receive_timeout=0.2)
        with Warehouse(settings) as warehouse, pytest.raises(WarehouseUnreachableError, match="no answer in time"):
            warehouse.command("SELECT 1")


def test_a_wrong_password_is_told_without_telling_it(tmp_path: Path) -> None:
    need_embedded_engine()
    with WarehouseProcess(tmp_path, password="correct") as process:
        settings = replace(parse_warehouse_url(process.url), password="hunter2")
        with Warehouse(settings) as warehouse, pytest.raises(WarehouseAuthError, match="refuses user 'default'") as refused:
            warehouse.command("SELECT 1")
        assert refused.value.exit_status == 2
        assert not isinstance(refused.value, TRANSIENT_ERRORS)
        assert "hunter2" not in str(refused.value) + repr(settings) + settings.url
        with Warehouse(parse_warehouse_url(process.url)) as warehouse:
            assert warehouse.query("SELECT 1 AS one") == [{"one": 1}]


def test_missing_tables_and_databases_are_told_with_their_remedy(empty_warehouse: Warehouse, warehouse: Warehouse) -> None:
    with pytest.raises(WarehouseSchemaError, match="run `prescribers migrate`"):
        warehouse.query("SELECT * FROM weekly_lists")
    with (
        empty_warehouse.in_database("never_made") as nowhere,
        pytest.raises(WarehouseSchemaError, match="run `prescribers migrate`"),
    ):
        store(nowhere, acts(act("m1", "ada")))


def test_data_that_do_not_fit_are_refused_and_the_next_call_works(warehouse: Warehouse) -> None:
    with pytest.raises(WarehouseError, match="refused"):
        warehouse.insert("schema_migrations", {"version": [-1], "name": ["x"], "checksum": ["y"]})
    with pytest.raises(WarehouseError, match="refused"):
        warehouse.command("SELEC 1")
    store(warehouse, *run(1, {"ada": 1.0}))
    assert queries.ranking(warehouse, "lean")[0]["score"] == 1.0


def test_a_server_killed_and_started_again_keeps_what_it_acknowledged(tmp_path: Path) -> None:
    need_embedded_engine()
    from sinks.clickhouse.migrate import migrate

    process = WarehouseProcess(tmp_path)
    with Warehouse(replace(parse_warehouse_url(process.url), database="survivor")) as warehouse:
        migrate(warehouse)
        store(warehouse, *run(1, {"ada": 1.0}))
        process.end(signal.SIGKILL)
        with pytest.raises(WarehouseUnreachableError):
            store(warehouse, *run(2, {"bob": 1.0}))
    with (
        WarehouseProcess(tmp_path) as again,
        Warehouse(replace(parse_warehouse_url(again.url), database="survivor")) as warehouse,
    ):
        store(warehouse, *run(2, {"bob": 1.0}))
        assert [row["actor_id"] for row in queries.ranking(warehouse, "lean")] == ["bob"]
        assert warehouse.query("SELECT count() AS n FROM rankings_published") == [{"n": 2}]


def test_what_somebody_typed_is_read_as_it_stands(warehouse: Warehouse) -> None:
    store(warehouse, *run(1, {"ada": 2.0, "bob": 1.0}))
    names, rows = warehouse.read("SELECT actor_id, rank FROM ranking_current WHERE actor_id LIKE '%d%' ORDER BY rank")
    assert (names, rows) == (["actor_id", "rank"], [("ada", 1)])


@pytest.mark.parametrize(
    "sql",
    [
        "SELEC 1",
        "SELECT nothing FROM ranking_current",
        "SELECT 1 FROM nowhere",
        "SELECT 1; SELECT 2",
        "DROP TABLE rankings",
        "TRUNCATE TABLE rankings",
        "ALTER TABLE rankings DELETE WHERE 1",
        "INSERT INTO dead_letters (topic) VALUES ('x')",
    ],
)
def test_what_is_no_question_is_refused_and_changes_nothing(warehouse: Warehouse, sql: str) -> None:
    store(warehouse, *run(1, {"ada": 2.0}))
    with pytest.raises(WarehouseStatementError) as refused:
        warehouse.read(sql)
    assert refused.value.exit_status == 2
    assert "\n" not in str(refused.value)
    assert "migrate" not in str(refused.value)
    assert [row["actor_id"] for row in queries.ranking(warehouse, "lean")] == ["ada"]
