"""The embedded warehouse as a process: it survives being killed, ends cleanly, and guards its directory and its door."""

import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from clickhouse_driver import Client
from clickhouse_driver.errors import Error, ServerException

from tests.contracts.warehouse_process import WarehouseProcess, client_of, need_embedded_engine

MODULE = "prescribers.stack.embedded_warehouse"


@pytest.fixture(autouse=True)
def _engine() -> None:
    need_embedded_engine()


@pytest.fixture
def client(tmp_path: Path) -> Iterator[Client]:
    with WarehouseProcess(tmp_path / "warehouse") as warehouse:
        client = client_of(warehouse.url)
        yield client
        client.disconnect()


def insert_until_killed(url: str, first: int, acknowledged: list[int], enough: threading.Event) -> None:
    """Batches of one number each, 500 times; notes a number once its insert is acknowledged."""
    client = client_of(url, settings={"use_numpy": True})
    number = first
    try:
        while True:
            column = np.full(500, number, dtype=np.uint64)
            client.execute("INSERT INTO t (n, s) VALUES", [column, column.astype(str).astype(object)], columnar=True)
            acknowledged.append(number)
            number += 1
            if number - first >= 5:
                enough.set()
    except (Error, OSError, EOFError):
        client.disconnect()


def test_no_acknowledged_row_is_lost_when_the_process_is_killed(tmp_path: Path) -> None:
    acknowledged: list[int] = []
    for round_ in range(4):
        warehouse = WarehouseProcess(tmp_path)
        keeper = client_of(warehouse.url)
        keeper.execute("CREATE TABLE IF NOT EXISTS t (n UInt64, s String) ENGINE = MergeTree ORDER BY n")
        found = dict(keeper.execute("SELECT n, count() FROM t GROUP BY n"))
        assert [number for number in acknowledged if found.get(number) != 500] == []
        assert set(found.values()) <= {500}
        keeper.disconnect()
        threads = []
        for writer in range(2):
            enough = threading.Event()
            first = (round_ * 2 + writer) * 1_000_000
            threads.append(
                (threading.Thread(target=insert_until_killed, args=(warehouse.url, first, acknowledged, enough)), enough)
            )
        for thread, _ in threads:
            thread.start()
        assert all(enough.wait(30) for _, enough in threads)
        assert warehouse.end(signal.SIGKILL) == -signal.SIGKILL
        for thread, _ in threads:
            thread.join(30)
    assert len(acknowledged) >= 40


def test_a_stopped_warehouse_finishes_what_runs_and_exits_with_0(tmp_path: Path) -> None:
    warehouse = WarehouseProcess(tmp_path)
    slow = client_of(warehouse.url)
    begun, found = threading.Event(), []

    def ask() -> None:
        rows = slow.execute_iter("SELECT sleep(0.2) AS slept, number FROM numbers(4) SETTINGS max_block_size = 1")
        for row in rows:
            begun.set()
            found.append(row)

    thread = threading.Thread(target=ask)
    thread.start()
    assert begun.wait(10)
    assert warehouse.end(signal.SIGTERM) == 0
    thread.join(10)
    assert len(found) == 4
    slow.disconnect()


def test_what_was_inserted_is_there_after_a_clean_restart(tmp_path: Path) -> None:
    with WarehouseProcess(tmp_path) as warehouse, client_of(warehouse.url) as client:
        client.execute("CREATE TABLE t ENGINE = MergeTree ORDER BY n AS SELECT number AS n FROM numbers(1000)")
    with WarehouseProcess(tmp_path) as warehouse, client_of(warehouse.url) as client:
        assert client.execute("SELECT sum(n) FROM t") == [(499_500,)]


def test_a_second_process_on_a_directory_says_so(tmp_path: Path) -> None:
    with WarehouseProcess(tmp_path):
        second = subprocess.run(
            [sys.executable, "-m", MODULE, str(tmp_path), "0"], capture_output=True, text=True, timeout=60, check=False
        )
    assert second.returncode == 1
    assert second.stdout == f"Another process has {tmp_path} open: stop it, or choose another directory\n"
    assert "Traceback" not in second.stderr


def test_a_port_in_use_is_one_clear_line(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        done = subprocess.run(
            [sys.executable, "-m", MODULE, str(tmp_path), port], capture_output=True, text=True, timeout=60, check=False
        )
    assert done.returncode == 1
    assert "in use" in done.stdout
    assert "Traceback" not in done.stderr


def test_only_loopback_is_served(tmp_path: Path) -> None:
    from prescribers.stack.embedded_warehouse import EmbeddedWarehouse, NotLoopbackFailure

    with pytest.raises(NotLoopbackFailure, match="development server"):
        EmbeddedWarehouse(tmp_path, host="192.0.2.1")


def test_the_password_is_asked_for_when_one_is_set(tmp_path: Path) -> None:
    with WarehouseProcess(tmp_path, password="s3cret") as warehouse:
        with client_of(warehouse.url) as client:
            assert client.execute("SELECT 1") == [(1,)]
        with client_of(warehouse.url, password="") as client, pytest.raises(ServerException) as caught:
            client.execute("SELECT 1")
    assert caught.value.code == 516


def test_external_tables_are_refused_and_the_connection_goes_on(client: Client) -> None:
    extra = [{"name": "extra", "structure": [("n", "UInt64"), ("s", "String")], "data": [{"n": 1, "s": "x"}]}]
    with pytest.raises(ServerException, match="temporary table") as caught:
        client.execute("SELECT * FROM extra", external_tables=extra)
    assert caught.value.code == 48
    assert client.execute("SELECT 1") == [(1,)]


def test_compression_is_refused_in_words(client: Client) -> None:
    client.execute("SELECT 1")
    client.connection.compression = 1
    with pytest.raises(ServerException, match="compression=False"):
        client.execute("SELECT 1")


def test_a_stranger_on_the_port_does_no_harm(client: Client) -> None:
    client.execute("SELECT 1")
    address = (client.connection.host, client.connection.port)
    for noise in (b"GET / HTTP/1.1\r\n\r\n", b"", b"\x00", os.urandom(4096)):
        with socket.create_connection(address, timeout=5) as stranger:
            stranger.sendall(noise)
    assert client.execute("SELECT 1") == [(1,)]


def test_a_client_that_vanishes_ends_its_query(client: Client) -> None:
    client.execute("SELECT 1")
    gone = Client(client.connection.host, port=client.connection.port)
    next(iter(gone.execute_with_progress("SELECT sum(sipHash64(number)) FROM numbers(1000000000000)")))
    gone.disconnect()
    running = "SELECT count() FROM system.processes WHERE query LIKE '%1000000000000%' AND query NOT LIKE '%processes%'"
    for _ in range(100):
        if client.execute(running + " AND sleep(0.05) = 0") == [(0,)]:
            return
    pytest.fail("the query still runs")
