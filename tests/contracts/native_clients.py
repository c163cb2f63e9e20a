"""Clients of a warehouse for the protocol suite, each test in an empty database: the embedded engine and any named server."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from clickhouse_driver import Client
from clickhouse_driver.errors import ServerException

from tests.contracts.warehouse_process import WarehouseProcess, client_of, named_server, need_embedded_engine

DATABASE = "fidelity"
Connect = Callable[..., Client]
OLDEST_SUPPORTED = (24, 8)


@pytest.fixture(scope="module", params=["embedded", *(["server"] if named_server() else [])])
def url(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    if request.param == "server":
        yield named_server()
        return
    need_embedded_engine()
    with WarehouseProcess(tmp_path_factory.mktemp("warehouse")) as warehouse:
        yield warehouse.url


@pytest.fixture
def connect(url: str) -> Iterator[Connect]:
    """Makes clients in a database of the test's own."""
    opened: list[Client] = []

    def make(**options: Any) -> Client:  # noqa: ANN401 - the driver's own options
        opened.append(client_of(url, **options))
        return opened[-1]

    keeper = make()
    keeper.execute(f"DROP DATABASE IF EXISTS {DATABASE}")
    keeper.execute(f"CREATE DATABASE {DATABASE}")
    yield lambda **options: make(**{"database": DATABASE, **options})
    for client in opened:
        client.disconnect()


@pytest.fixture
def client(connect: Connect) -> Client:
    return connect()


def table(client: Client, name: str, columns: str, engine: str = "MergeTree ORDER BY tuple()") -> None:
    """A table, or a skip that names the server's age."""
    try:
        client.execute(f"CREATE TABLE {name} ({columns}) ENGINE = {engine}")
    except ServerException:
        need_modern(client, columns)
        raise


def need_modern(client: Client, what: str) -> None:
    """Skip on servers older than the oldest one supported, which lack some of what is tried."""
    (version,) = client.execute("SELECT version()")[0]
    if tuple(map(int, version.split(".")[:2])) < OLDEST_SUPPORTED:
        pytest.skip(f"ClickHouse {version} is too old for {what}")


def code(act: Callable[[], object]) -> int:
    """The code of the error that an act must end with."""
    with pytest.raises(ServerException) as caught:
        act()
    return int(caught.value.code)
