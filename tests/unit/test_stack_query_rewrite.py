"""What the server makes of a statement before the engine parses it."""

import pytest

from prescribers.stack.query_rewrite import Query, UnsupportedStatementError, WireInsert, literal, rewrite


@pytest.mark.parametrize(
    ("sql", "target", "columns"),
    [
        ("INSERT INTO t VALUES", "t", ()),
        ("insert into table db.t (a, b) values ;", "db.t", ("a", "b")),
        ('INSERT INTO `d b`.`t` (`a``b`, n.x, "c", format) FORMAT Native', "`d b`.`t`", ("a`b", "n.x", "c", "format")),
        ("/* why */ INSERT INTO t -- where\n (a) VALUES -- rows follow", "t -- where", ("a",)),
        ("INSERT INTO t (a)", "t", ("a",)),
    ],
)
def test_an_insert_whose_rows_follow_is_known(sql: str, target: str, columns: tuple[str, ...]) -> None:
    found = rewrite(sql)
    assert isinstance(found, WireInsert)
    assert (found.target.strip(), found.columns, found.settings) == (target, columns, "")
    assert "VALUES" not in found.sql.upper()


def test_settings_of_an_insert_are_set_apart() -> None:
    assert rewrite("INSERT INTO t (a) SETTINGS x = 'VALUES' VALUES") == WireInsert(
        "INSERT INTO t (a) ", "SETTINGS x = 'VALUES' ", "t ", ("a",)
    )


@pytest.mark.parametrize(
    "sql",
    [
        "INSERT INTO t SELECT 1",
        "INSERT INTO t (SELECT 1)",
        "INSERT INTO t (a) WITH 1 AS x SELECT x",
        "INSERT INTO t VALUES (1), (2)",
        "INSERT INTO FUNCTION null('a UInt8') VALUES",
        "CREATE TABLE t (a UInt8) ENGINE = Memory",
        "",
        "-- nothing",
    ],
)
def test_other_statements_go_to_the_engine_as_they_are(sql: str) -> None:
    assert rewrite(sql) == Query(sql, answers=False)


@pytest.mark.parametrize(
    ("sql", "left"),
    [
        ("SELECT 1 FORMAT JSON", "SELECT 1 "),
        ("SELECT 1 FORMAT JSON;", "SELECT 1 "),
        ("SELECT 1 FORMAT Null SETTINGS max_threads = 1", "SELECT 1 SETTINGS max_threads = 1"),
        ("SELECT format FROM t", "SELECT format FROM t"),
        ("SELECT 'x FORMAT JSON'", "SELECT 'x FORMAT JSON'"),
        ("SELECT 1 AS format", "SELECT 1 AS format"),
        ("SELECT (SELECT 1 FORMAT JSON)", "SELECT (SELECT 1 FORMAT JSON)"),
        ("(SELECT 1)", "(SELECT 1)"),
        ("WITH 1 AS x SELECT x -- FORMAT JSON", "WITH 1 AS x SELECT x -- FORMAT JSON"),
    ],
)
def test_a_format_at_the_end_is_cut_off_and_nothing_else(sql: str, left: str) -> None:
    assert rewrite(sql) == Query(left, answers=True)


@pytest.mark.parametrize("sql", ["SELECT 1 INTO OUTFILE 'x'", "INSERT INTO t (* EXCEPT(a)) VALUES"])
def test_what_only_a_real_server_or_client_does_is_refused(sql: str) -> None:
    with pytest.raises(UnsupportedStatementError):
        rewrite(sql)


def test_a_literal_escapes_what_would_end_it() -> None:
    assert literal("it's \\ done") == r"'it\'s \\ done'"
