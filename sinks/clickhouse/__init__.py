"""ClickHouse: schema, migrations, columnar writes, queries."""
