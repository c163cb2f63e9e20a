"""What the contract suites run on.

A warehouse: the embedded engine, and besides it any server in PRESCRIBERS_TEST_CLICKHOUSE. Places of snapshots of each kind.
"""

from collections.abc import Iterator
from dataclasses import replace
from itertools import count
from pathlib import Path

import pytest

from sinks.clickhouse.migrate import migrate
from sinks.clickhouse.warehouse import Warehouse
from sinks.clickhouse.warehouse_settings import WarehouseSettings, parse_warehouse_url
from streams.snapshot_place import SnapshotPlace
from streams.snapshot_store import SnapshotStore
from tests.contracts.snapshot_places import KINDS, place_of, s3_server
from tests.contracts.warehouse_process import WarehouseProcess, named_server, need_embedded_engine

_numbers = count()


@pytest.fixture(scope="module", params=["embedded", *(["server"] if named_server() else [])])
def warehouse_settings(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[WarehouseSettings]:
    """Where a warehouse answers that tests may fill."""
    if request.param == "server":
        yield parse_warehouse_url(named_server())
        return
    need_embedded_engine()
    with WarehouseProcess(tmp_path_factory.mktemp("contract")) as process:
        yield parse_warehouse_url(process.url)


@pytest.fixture
def empty_warehouse(warehouse_settings: WarehouseSettings) -> Iterator[Warehouse]:
    """A database of the test's own that does not exist yet."""
    database = f"prescribers_contract_{next(_numbers)}"
    with Warehouse(replace(warehouse_settings, database="default")) as server:
        server.command(f"DROP DATABASE IF EXISTS {database} SYNC")
        with server.in_database(database) as warehouse:
            yield warehouse
        server.command(f"DROP DATABASE IF EXISTS {database} SYNC")


@pytest.fixture
def warehouse(empty_warehouse: Warehouse) -> Warehouse:
    """A migrated, empty warehouse."""
    migrate(empty_warehouse)
    return empty_warehouse


@pytest.fixture(scope="module")
def _s3() -> Iterator[None]:
    with s3_server():
        yield


@pytest.fixture(params=KINDS)
def place(request: pytest.FixtureRequest, tmp_path: Path) -> SnapshotPlace:
    """One of each kind, empty."""
    if request.param == "s3":
        request.getfixturevalue("_s3")
    return place_of(request.param, tmp_path)


@pytest.fixture
def store(place: SnapshotPlace) -> SnapshotStore:
    """Snapshots of `interactions` there."""
    return SnapshotStore(place, "interactions")
