"""The peer: what `store` writes, written as rows with the same client, one insert per row or one per record."""

from collections.abc import Sequence
from typing import Any

from clickhouse_driver import Client

from graph.publication import Acts, RankingRows, decode_publication
from sinks.clickhouse.act_columns import actor_columns, interaction_columns, message_columns
from sinks.clickhouse.run_columns import ranking_columns
from sinks.clickhouse.warehouse import INSERT_SETTINGS
from sinks.clickhouse.warehouse_settings import WarehouseSettings


class RowStore:
    """Acts and ranking rows only. Nothing is gathered: each record is stored before the next one is looked at."""

    def __init__(self, settings: WarehouseSettings) -> None:
        self._client = Client(settings.host, port=settings.port, database=settings.database, user=settings.user)

    def write(self, publications: Sequence[bytes]) -> None:
        """A record's rows of a table in one insert, as tuples."""
        for value in publications:
            for table, names, rows in _rows(value):
                self._insert(table, names, rows)

    def write_singly(self, publications: Sequence[bytes]) -> None:
        """One insert per row."""
        for value in publications:
            for table, names, rows in _rows(value):
                for row in rows:
                    self._insert(table, names, [row])

    def close(self) -> None:
        """Close the connection."""
        self._client.disconnect()

    def _insert(self, table: str, names: str, rows: list[tuple[Any, ...]]) -> None:
        if rows:
            self._client.execute(f"INSERT INTO {table} ({names}) VALUES", rows, settings=INSERT_SETTINGS)


def _rows(value: bytes) -> list[tuple[str, str, list[tuple[Any, ...]]]]:
    """(table, columns, rows) of one record, the same values as the app's writer stores."""
    record = decode_publication(value)
    if isinstance(record, Acts):
        found = {
            "interactions": interaction_columns([record]),
            "messages": message_columns([record]),
            "actors": actor_columns([record]),
        }
    elif isinstance(record, RankingRows):
        found = {"rankings": ranking_columns([record])}
    else:
        raise TypeError(f"acts and ranking rows are measured, not {type(record).__name__}")
    return [(table, ", ".join(columns), list(zip(*columns.values(), strict=True))) for table, columns in found.items()]
