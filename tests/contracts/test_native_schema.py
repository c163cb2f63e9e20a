"""Every kind of statement that a schema and its readers use works over the wire, on the engine and on any named server."""
# ruff: noqa: F811 - pytest's fixtures are imported once and then named as arguments

from clickhouse_driver import Client

from tests.contracts.native_clients import client, connect, need_modern, table, url  # noqa: F401 - fixtures


def test_the_newest_version_of_a_row_replaces_the_others(client: Client) -> None:
    table(client, "t", "id String, score Float64, version UInt64", "ReplacingMergeTree(version) ORDER BY id")
    for version, score in ((2, 0.5), (1, 0.25)):
        client.execute("INSERT INTO t VALUES", [["a"], [score], [version]], columnar=True)
    assert client.execute("SELECT id, score FROM t FINAL") == [("a", 0.5)]


def test_states_of_aggregates_add_up(client: Client) -> None:
    need_modern(client, "materialized views with a target")
    table(client, "acts", "theme String, actor String, n UInt64")
    table(client, "sums", "theme String, actors AggregateFunction(uniqExact, String)", "AggregatingMergeTree ORDER BY theme")
    client.execute(
        "CREATE MATERIALIZED VIEW feed TO sums AS SELECT theme, uniqExactState(actor) AS actors FROM acts GROUP BY theme"
    )
    for actor in ("a", "b", "a"):
        client.execute("INSERT INTO acts VALUES", [("lean", actor, 1)])
    assert client.execute("SELECT theme, uniqExactMerge(actors) FROM sums GROUP BY theme") == [("lean", 2)]


def test_views_carry_comments_and_take_parameters(client: Client) -> None:
    need_modern(client, "comments of views")
    table(client, "t", "theme String COMMENT 'what is talked about', n UInt64", "MergeTree ORDER BY theme COMMENT 'a table'")
    client.execute("CREATE VIEW plain (theme String COMMENT 'its theme') AS (SELECT theme FROM t) COMMENT 'a view'")
    client.execute("CREATE VIEW asked AS SELECT theme, n FROM t WHERE n >= {least:UInt64}")
    client.execute("INSERT INTO t VALUES", [("lean", 1), ("coq", 2)])
    assert client.execute("SELECT * FROM asked(least = 2)") == [("coq", 2)]
    found = client.execute("SELECT name, comment FROM system.tables WHERE database = currentDatabase() ORDER BY name")
    assert dict(found) == {"asked": "", "plain": "a view", "t": "a table"}
    assert client.execute("SELECT comment FROM system.columns WHERE table = 'plain' AND database = currentDatabase()") == [
        ("its theme",)
    ]


def test_rows_expire_by_their_own_time(client: Client) -> None:
    need_modern(client, "TTL")
    table(client, "t", "day Date, n UInt8", "MergeTree ORDER BY n TTL day + INTERVAL 1 DAY")
    client.execute("INSERT INTO t SELECT toDate('2001-01-01'), 1")
    client.execute("OPTIMIZE TABLE t FINAL")
    assert client.execute("SELECT count() FROM t") == [(0,)]


def test_windows_rank_rows(client: Client) -> None:
    need_modern(client, "window functions")
    query = "SELECT number, rank() OVER (ORDER BY number % 2) AS place FROM numbers(4) ORDER BY place, number"
    assert client.execute(query) == [(0, 1), (2, 1), (1, 3), (3, 3)]


def test_a_table_can_be_altered_while_it_has_rows(client: Client) -> None:
    need_modern(client, "low cardinality")
    table(client, "t", "n UInt64")
    client.execute("INSERT INTO t VALUES", [(1,)])
    client.execute("ALTER TABLE t ADD COLUMN tier LowCardinality(String) DEFAULT 'open' COMMENT 'how sure'")
    client.execute("INSERT INTO t VALUES", [(2, "trusted")])
    assert client.execute("SELECT n, tier FROM t ORDER BY n") == [(1, "open"), (2, "trusted")]
    client.execute("ALTER TABLE t DELETE WHERE n = 1 SETTINGS mutations_sync = 1")
    assert client.execute("SELECT count() FROM t") == [(1,)]


def test_the_same_token_inserts_once(client: Client) -> None:
    need_modern(client, "deduplication without replication")
    table(client, "t", "n UInt64", "MergeTree ORDER BY n SETTINGS non_replicated_deduplication_window = 10")
    for token in ("one", "one", "two"):
        client.execute("INSERT INTO t VALUES", [(1,)], settings={"insert_deduplication_token": token})
    client.execute("INSERT INTO t (n) SETTINGS insert_deduplication_token = 'two' VALUES", [(1,)])
    assert client.execute("SELECT count() FROM t") == [(2,)]


def test_totals_do_not_disturb_the_rows(client: Client) -> None:
    found = client.execute("SELECT number % 2 AS parity, count() FROM numbers(10) GROUP BY parity WITH TOTALS ORDER BY parity")
    assert found[:2] == [(0, 5), (1, 5)]


def test_temporary_tables_belong_to_one_client(client: Client) -> None:
    client.execute("CREATE TEMPORARY TABLE mine (n UInt8)")
    client.execute("INSERT INTO mine VALUES", [(7,)])
    assert client.execute("SELECT n FROM mine") == [(7,)]


def test_rows_may_stand_in_the_text_of_an_insert(client: Client) -> None:
    need_modern(client, "rows in the text over the native protocol")
    table(client, "t", "n UInt64, s String")
    client.execute("INSERT INTO t (n, s) SELECT 1, 'it''s; VALUES'")
    assert client.execute("SELECT n, s FROM t") == [(1, "it's; VALUES")]
