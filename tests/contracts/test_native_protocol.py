"""What clickhouse-driver may rely on, on the embedded engine and on any server in PRESCRIBERS_TEST_CLICKHOUSE."""

import datetime as dt
import threading
import uuid
from collections.abc import Callable, Iterator
from decimal import Decimal
from ipaddress import IPv4Address
from typing import Any

import numpy as np
import pytest
from clickhouse_driver import Client
from clickhouse_driver.errors import ServerException

from tests.contracts.warehouse_process import WarehouseProcess, client_of, named_server, need_embedded_engine

DATABASE = "fidelity"
Connect = Callable[..., Client]
UNKNOWN_TYPE, TIMEOUT, AUTHENTICATION = 50, 159, 516


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
    except ServerException as error:
        if error.code != UNKNOWN_TYPE:
            raise
        (version,) = client.execute("SELECT version()")[0]
        pytest.skip(f"ClickHouse {version} is too old for {columns}")


def code(act: Callable[[], object]) -> int:
    """The code of the error that an act must end with."""
    with pytest.raises(ServerException) as caught:
        act()
    return int(caught.value.code)


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


ERRORS = {
    "SELECT * FROM absent": 60,
    "SELEC 1": 62,
    "SELECT absent": 47,
    "SELECT 1; SELECT 2": 62,
    "CREATE TABLE t (a UInt8) ENGINE = Memory": 57,
    "DROP TABLE absent": 60,
    "SELECT * FROM absent.t": 81,
    "SELECT throwIf(number = 400000) FROM system.numbers": 395,
    "SELECT count() FROM system.numbers SETTINGS max_execution_time = 1": TIMEOUT,
}


@pytest.mark.parametrize("statement", ERRORS)
def test_an_error_has_its_code_and_leaves_the_connection_usable(client: Client, statement: str) -> None:
    table(client, "t", "a UInt8", "Memory")
    assert code(lambda: client.execute(statement)) == ERRORS[statement]
    assert client.execute("SELECT 1") == [(1,)]


def test_an_insert_that_cannot_be_is_refused_before_its_rows(client: Client) -> None:
    table(client, "t", "a UInt8")
    assert code(lambda: client.execute("INSERT INTO absent VALUES", [(1,)])) == 60
    assert code(lambda: client.execute("INSERT INTO t (absent) VALUES", [(1,)])) == 16
    assert client.execute("SELECT count() FROM t") == [(0,)]


def test_a_row_against_a_constraint_undoes_its_insert(client: Client) -> None:
    table(client, "t", "a UInt32, CONSTRAINT small CHECK a < 900")
    assert code(lambda: client.execute("INSERT INTO t VALUES", [list(range(1000))], columnar=True)) == 469
    assert client.execute("SELECT count() FROM t") == [(0,)]


def test_an_insert_abandoned_half_way_leaves_nothing(connect: Connect) -> None:
    client = connect(settings={"insert_block_size": 10})
    table(client, "t", "a UInt32")

    def rows() -> Iterator[tuple[int]]:
        yield from ((n,) for n in range(100))
        raise InterruptedError

    with pytest.raises(InterruptedError):
        client.execute("INSERT INTO t VALUES", rows())
    assert client.execute("SELECT count() FROM t") == [(0,)]


def test_a_client_that_was_disconnected_connects_again(client: Client) -> None:
    for _ in range(3):
        assert client.execute("SELECT currentDatabase()") == [(DATABASE,)]
        client.disconnect()


def test_a_ping_is_answered_between_statements(client: Client) -> None:
    client.execute("SELECT 1")
    assert all(client.connection.ping() for _ in range(3))


def test_wrong_credentials_and_unknown_databases_are_told_apart(connect: Connect) -> None:
    assert code(lambda: connect(user="nobody", password="x").execute("SELECT 1")) in {AUTHENTICATION, 192}
    assert code(lambda: connect(password="wrong").execute("SELECT 1")) in {AUTHENTICATION, 193}
    assert code(lambda: connect(database="absent").execute("SELECT 1")) == 81


def test_clients_insert_side_by_side(connect: Connect) -> None:
    table(connect(), "t", "client UInt8, n UInt64")
    failures: list[BaseException] = []

    def insert(number: int, client: Client) -> None:
        try:
            for batch in range(5):
                client.execute(
                    "INSERT INTO t VALUES", [[number] * 1000, list(range(batch * 1000, batch * 1000 + 1000))], columnar=True
                )
        except BaseException as error:  # noqa: BLE001 - told by the test below
            failures.append(error)

    threads = [threading.Thread(target=insert, args=(number, connect())) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not failures
    assert connect().execute("SELECT client, count(), uniqExact(n) FROM t GROUP BY client ORDER BY client") == [
        (number, 5000, 5000) for number in range(6)
    ]


def test_a_slow_query_holds_nobody_else_up(connect: Connect) -> None:
    slow, quick, done = connect(), connect(), threading.Event()

    def wait() -> None:
        slow.execute("SELECT sleep(2)")
        done.set()

    thread = threading.Thread(target=wait)
    thread.start()
    quick.execute("SELECT 1")
    assert not done.is_set()
    thread.join(30)
    assert done.is_set()


def test_a_cancelled_query_ends_long_before_its_time(client: Client) -> None:
    begun = dt.datetime.now(dt.UTC)
    progress = client.execute_with_progress("SELECT sum(sipHash64(number)) FROM numbers(100000000000)")
    next(iter(progress))
    client.cancel()
    assert dt.datetime.now(dt.UTC) - begun < dt.timedelta(seconds=20)
    assert client.execute("SELECT 1") == [(1,)]


def test_progress_adds_up_to_the_rows_read(client: Client) -> None:
    client.execute("SELECT sum(sipHash64(number)) FROM numbers(40000000)")
    assert client.last_query.progress.rows == 40_000_000


def test_a_result_tells_its_size(client: Client) -> None:
    client.execute("SELECT number FROM numbers(1234)")
    assert client.last_query.profile_info.rows == 1234


def test_settings_hold_for_one_query_only(client: Client) -> None:
    ask = "SELECT value FROM system.settings WHERE name = 'max_block_size'"
    before = client.execute(ask)
    assert client.execute(ask, settings={"max_block_size": 1234}) == [("1234",)]
    assert client.execute(ask) == before


def test_an_unknown_setting_is_passed_over_unless_it_is_important(connect: Connect) -> None:
    assert connect().execute("SELECT 1", settings={"no_such_setting": 1}) == [(1,)]
    assert code(lambda: connect(settings_is_important=True).execute("SELECT 1", settings={"no_such_setting": 1})) == 115


def test_a_read_only_query_cannot_write_and_the_next_one_can(client: Client) -> None:
    write = "CREATE TABLE t (a UInt8) ENGINE = Memory"
    assert code(lambda: client.execute(write, settings={"readonly": 1})) == 164
    assert client.execute("SELECT 1", settings={"readonly": 1}) == [(1,)]
    client.execute(write)


def test_two_queries_at_once_cannot_have_one_id(connect: Connect) -> None:
    first, second, name = connect(), connect(), str(uuid.uuid4())
    progress = first.execute_with_progress("SELECT sum(sipHash64(number)) FROM numbers(100000000000)", query_id=name)
    next(iter(progress))
    assert code(lambda: second.execute("SELECT 1", query_id=name)) == 216
    first.cancel()
    assert first.execute("SELECT 1", query_id=name) == [(1,)]


def test_parameters_are_put_in_as_values(client: Client) -> None:
    words = {"text": 'it\'s \\ a "quoted" `name`', "number": 5, "many": ["a", "b'"]}
    assert client.execute("SELECT %(text)s, %(number)s, %(many)s", words) == [(words["text"], 5, ["a", "b'"])]


def test_a_format_is_the_clients_business(client: Client) -> None:
    assert client.execute("SELECT 1 AS format FORMAT JSON") == [(1,)]


def test_statements_that_show_something_have_rows(client: Client) -> None:
    table(client, "t", "a UInt8")
    assert client.execute("SHOW TABLES") == [("t",)]
    assert client.execute("EXISTS TABLE t") == [(1,)]
    assert client.execute("DESCRIBE TABLE t")[0][:2] == ("a", "UInt8")
    assert "CREATE TABLE" in client.execute("SHOW CREATE TABLE t")[0][0]


def test_rows_in_the_text_and_rows_of_a_select_are_inserted(client: Client) -> None:
    table(client, "t", "a UInt64, b String")
    client.execute("INSERT INTO t SELECT number, 'selected' FROM numbers(10)")
    assert client.execute("SELECT count(), max(a) FROM t") == [(10, 9)]
