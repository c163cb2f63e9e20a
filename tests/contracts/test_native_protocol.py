"""What goes over the wire comes back: columns of every type, large and empty inserts, on the engine and on any named server."""
# ruff: noqa: F811 - pytest's fixtures are imported once and then named as arguments

import datetime as dt
import uuid
from decimal import Decimal
from ipaddress import IPv4Address
from typing import Any

import numpy as np
import pytest
from clickhouse_driver import Client

from tests.contracts.native_clients import Connect, client, connect, need_modern, table, url  # noqa: F401 - fixtures

NUMPY = {
    **{f"{sign}Int{bits}": np.arange(40).astype(f"{sign.lower()}int{bits}") for sign in ("U", "") for bits in (8, 16, 32, 64)},
    "Float32": np.linspace(-1, 1, 40, dtype=np.float32),
    "Float64": np.array([0.1, -1e300, np.inf, 5e-324]),
    "String": np.array(["", "é", "x" * 127, "y" * 128, "z" * 70_000], dtype=object),
    "LowCardinality(String)": np.array([f"kind {i % 300}" for i in range(2_000)], dtype=object),
    "Date": np.array(["1970-01-02", "2026-11-24"], dtype="datetime64[D]"),
    "DateTime('UTC')": np.array(["1970-01-02T00:00:01", "2026-11-24T03:00:00"], dtype="datetime64[s]"),
    "DateTime64(3, 'UTC')": np.array(["1970-01-02T00:00:01.001", "2026-11-24T03:00:00.123"], dtype="datetime64[ms]"),
}


@pytest.mark.parametrize("kind", NUMPY)
def test_a_numpy_column_comes_back_as_it_was_sent(connect: Connect, kind: str) -> None:
    client, values = connect(settings={"use_numpy": True}), NUMPY[kind]
    table(client, "t", f"at UInt32, value {kind}")
    position = np.arange(len(values), dtype=np.uint32)
    assert client.execute("INSERT INTO t VALUES", [position, values], columnar=True) == len(values)
    (found,) = client.execute("SELECT value FROM t ORDER BY at", columnar=True)
    assert list(found) == list(values)


PYTHON: dict[str, list[Any]] = {
    "Array(String)": [["a", "b" * 200], [], ["é"]],
    "Array(Array(UInt32))": [[[1, 2], []], [], [[3]]],
    "Array(LowCardinality(String))": [["a", "a", "b"], [], ["c"]],
    "Array(Nullable(UInt8))": [[1, None], [], [None]],
    "Array(Tuple(String, UInt64))": [[("a", 1), ("b", 2)], [], [("c", 3)]],
    "Nullable(String)": [None, "", "x"],
    "Nullable(Float64)": [1.5, None],
    "LowCardinality(Nullable(String))": [None, "a", "a", "b", None],
    "Tuple(name String, weight Nullable(Float64))": [("a", 1.5), ("b", None)],
    "Tuple(LowCardinality(String), Array(LowCardinality(String)))": [("a", ["b", "b"]), ("c", [])],
    "Map(String, UInt64)": [{"a": 1, "b": 2}, {}],
    "Map(LowCardinality(String), Array(UInt8))": [{"a": [1], "b": []}, {}],
    "Enum8('on' = 1, 'it''s, (off)' = 2)": ["on", "it's, (off)"],
    "FixedString(4)": ["abcd", "ef"],
    "UUID": [uuid.UUID(int=0), uuid.UUID(int=2**127 + 5)],
    "IPv4": [IPv4Address("127.0.0.1"), IPv4Address("255.1.2.3")],
    "Decimal(18, 3)": [Decimal("1.500"), Decimal("-123456789.001")],
    "Decimal(38, 2)": [Decimal("1.50"), Decimal("-99999999999999999999.01")],
    "UInt256": [0, 2**255],
    "Bool": [True, False],
    "Date32": [dt.date(1950, 1, 1), dt.date(2026, 11, 24)],
    "SimpleAggregateFunction(max, UInt64)": [1, 2**63],
}


@pytest.mark.parametrize("kind", PYTHON)
def test_a_column_comes_back_as_it_was_sent(client: Client, kind: str) -> None:
    values = PYTHON[kind]
    if "Array(Tuple" in kind:
        need_modern(client, kind)
    table(client, "t", f"at UInt32, value {kind}, mark String")
    marks = [f"mark {at}" for at in range(len(values))]
    client.execute("INSERT INTO t VALUES", [list(range(len(values))), values, marks], columnar=True)
    found, after = client.execute("SELECT value, mark FROM t ORDER BY at", columnar=True)
    assert list(found) == values
    assert list(after) == marks


def test_bytes_that_are_no_text_come_back_unchanged(connect: Connect) -> None:
    client = connect(settings={"strings_as_bytes": True})
    values = [b"\xff\xfe", b"\x00", b"\xed\xa0\x80"]
    table(client, "t", "at UInt8, value String")
    client.execute("INSERT INTO t VALUES", [[0, 1, 2], values], columnar=True)
    assert client.execute("SELECT value FROM t ORDER BY at", columnar=True) == [tuple(values)]


def test_a_large_insert_arrives_whole_however_it_is_cut(connect: Connect) -> None:
    count = 300_000
    client = connect(settings={"use_numpy": True, "insert_block_size": 7_001})
    table(client, "t", "n UInt64, actor String, kind String")
    numbers = np.arange(count, dtype=np.uint64)
    actors = np.array([f"forum:{n}" for n in range(count)], dtype=object)
    client.execute("INSERT INTO t (actor, n, kind) VALUES", [actors, numbers, actors], columnar=True)
    found = connect().execute("SELECT count(), sum(n), uniqExact(actor), countIf(actor != kind) FROM t")
    assert found == [(count, count * (count - 1) // 2, count, 0)]


def test_a_large_result_comes_in_blocks(client: Client) -> None:
    rows = client.execute_iter("SELECT number, toString(number) FROM system.numbers LIMIT 500000")
    assert sum(number for number, _text in rows) == 500_000 * 499_999 // 2


def test_an_insert_of_nothing_inserts_nothing(client: Client) -> None:
    table(client, "t", "n UInt64")
    client.execute("INSERT INTO t VALUES", [])
    assert client.execute("SELECT count() FROM t") == [(0,)]


def test_an_empty_result_still_tells_its_columns(client: Client) -> None:
    table(client, "t", "n UInt64, s Array(String)")
    for query in ("SELECT n AS a, s FROM t", "WITH 1 AS one SELECT n AS a, s FROM t -- nothing", "SELECT n AS a, s FROM t;"):
        assert client.execute(query, with_column_types=True) == ([], [("a", "UInt64"), ("s", "Array(String)")])


def test_columns_that_compute_themselves_are_not_asked_for(client: Client) -> None:
    table(client, "t", "a UInt8, b UInt8 DEFAULT 7, c UInt8 MATERIALIZED a + 1, d UInt8 ALIAS a + 2")
    client.execute("INSERT INTO t VALUES", [(1, 2)])
    client.execute("INSERT INTO t (a) VALUES", [(5,)])
    assert client.execute("SELECT a, b, c, d FROM t ORDER BY a") == [(1, 2, 2, 3), (5, 7, 6, 7)]
