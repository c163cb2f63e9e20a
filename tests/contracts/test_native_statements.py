"""What a client hears of its statements: errors and codes, progress, cancelling, settings, on the engine and any named server."""
# ruff: noqa: F811 - pytest's fixtures are imported once and then named as arguments

import datetime as dt
import threading
import uuid
from collections.abc import Iterator

import pytest
from clickhouse_driver import Client

from tests.contracts.native_clients import DATABASE, Connect, client, code, connect, need_modern, table, url  # noqa: F401 - fixtures

TIMEOUT, AUTHENTICATION = 159, 516
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
    need_modern(client, "inserts that end with their client")
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
    assert 40_000_000 <= client.last_query.progress.rows < 41_000_000


def test_a_result_tells_its_size(client: Client) -> None:
    client.execute("SELECT number FROM numbers(1234)")
    assert client.last_query.profile_info.rows == 1234


def test_settings_hold_for_one_query_only(client: Client) -> None:
    ask = "SELECT value FROM system.settings WHERE name = 'max_block_size'"
    before = client.execute(ask)
    assert client.execute(ask, settings={"max_block_size": 1234}) == [("1234",)]
    assert client.execute(ask) == before


def test_an_unknown_setting_is_passed_over_unless_it_is_important(connect: Connect) -> None:
    need_modern(connect(), "important settings")
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
