"""One template gives the statements of a single node and of a cluster."""

import pytest

from sinks.clickhouse.layout import Layout
from sinks.clickhouse.migrate import migrations

TEMPLATE = """-- A note; with a semicolon
CREATE TABLE IF NOT EXISTS {{table things}}
(
    at DateTime COMMENT 'a; b'
)
ENGINE = {{engine ReplacingMergeTree(at)}}
ORDER BY at;

{{distributed things by cityHash64(at)}};

CREATE VIEW v {{on_cluster}} AS SELECT {at:DateTime};
"""


def test_a_single_node_has_plain_tables() -> None:
    table, view = Layout().statements(TEMPLATE)
    assert table.startswith("CREATE TABLE IF NOT EXISTS things\n")
    assert "ENGINE = ReplacingMergeTree(at)\n" in table
    assert "'a; b'" in table
    assert view == "CREATE VIEW v  AS SELECT {at:DateTime}"


def test_a_cluster_has_replicated_tables_behind_distributed_ones() -> None:
    table, distributed, view = Layout("all").statements(TEMPLATE)
    assert table.startswith("CREATE TABLE IF NOT EXISTS things_local ON CLUSTER all\n")
    assert "ReplicatedReplacingMergeTree('/clickhouse/tables/{shard}/{database}/{table}', '{replica}', at)" in table
    assert distributed.startswith("CREATE TABLE IF NOT EXISTS things ON CLUSTER all AS things_local\n")
    assert distributed.endswith("Distributed(all, currentDatabase(), things_local, cityHash64(at))")
    assert view == "CREATE VIEW v ON CLUSTER all AS SELECT {at:DateTime}"


def test_an_engine_without_arguments_is_replicated_too() -> None:
    (statement,) = Layout("all").statements("{{engine AggregatingMergeTree}};")
    assert statement == "ReplicatedAggregatingMergeTree('/clickhouse/tables/{shard}/{database}/{table}', '{replica}')"


def test_a_column_is_added_on_a_cluster_to_the_distributed_table_too() -> None:
    template = "ALTER TABLE {{table things}}\nADD COLUMN a String;\n{{distributed_alter things\nADD COLUMN a String}};"
    assert Layout().statements(template) == ["ALTER TABLE things\nADD COLUMN a String"]
    assert Layout("all").statements(template) == [
        "ALTER TABLE things_local ON CLUSTER all\nADD COLUMN a String",
        "ALTER TABLE things ON CLUSTER all\nADD COLUMN a String",
    ]


def test_a_placeholder_that_is_unknown_is_an_error() -> None:
    with pytest.raises(ValueError, match="unknown placeholder"):
        Layout().statements("{{engin x}};")


def test_migrations_are_numbered_without_gaps_and_checksummed() -> None:
    found = migrations()
    assert [each.version for each in found] == list(range(1, len(found) + 1))
    assert len({each.checksum for each in found}) == len(found)
    assert all(each.statements(Layout()) for each in found)


def test_every_table_of_a_cluster_is_reached_through_a_distributed_one() -> None:
    single = [s for each in migrations() for s in each.statements(Layout()) if "CREATE TABLE" in s]
    cluster = [s for each in migrations() for s in each.statements(Layout("all")) if "CREATE TABLE" in s]
    assert len(cluster) == 2 * len(single)
    assert all("ON CLUSTER all" in statement for statement in cluster)
