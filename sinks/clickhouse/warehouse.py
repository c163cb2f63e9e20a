"""The one client of the warehouse: clickhouse-driver's native protocol, column-wise, a connection per thread."""

import logging
import threading
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Self

import numpy as np
from clickhouse_driver import Client
from clickhouse_driver import errors as driver_errors

from sinks.clickhouse.warehouse_errors import (
    WarehouseAuthError,
    WarehouseBusyError,
    WarehouseError,
    WarehouseSchemaError,
    WarehouseStatementError,
    WarehouseUnreachableError,
)
from sinks.clickhouse.warehouse_settings import WarehouseSettings

Column = Sequence[Any] | np.ndarray[Any, Any]
INSERT_SETTINGS = {
    "async_insert": 0,  # an acknowledged row is a stored row
    "insert_deduplicate": 0,  # a block like an earlier one is a row to store again, harmless by the tables' identity
}
READ_ONLY = {"readonly": 2}
"""As the readers' profile has it: reads, and settings of the query, but nothing that changes data."""
_AUTH_CODES = frozenset({192, 193, 194, 195, 291, 497, 516})
_SCHEMA_CODES = frozenset({16, 47, 60, 81})
_BUSY_CODES = frozenset({159, 202, 203, 209, 210, 225, 236, 241, 242, 243, 252, 285, 286, 319, 394, 999})


class Warehouse:
    """Inserts and queries. Safe to share between threads: each has a connection of its own, made when first used.

    Rows travel as columns of plain lists, which is what decoded JSON is: measured against the driver's numpy mode, lists
    are as fast on numbers and faster on text and nulls, and need no pandas. Arrays are accepted and turned into lists at once.
    """

    def __init__(self, settings: WarehouseSettings) -> None:
        self.settings = settings
        self._local = threading.local()
        self._lock = threading.Lock()
        self._clients: list[Any] = []
        # The driver logs tracebacks of failures that are all raised as well, and told by the caller.
        logging.getLogger("clickhouse_driver").setLevel(logging.CRITICAL)

    def insert(self, table: str, columns: Mapping[str, Column]) -> int:
        """Insert columns of equal length, all or (on an error) perhaps some; repeating is harmless. Returns the rows stored."""
        names = ", ".join(columns)
        data = [column.tolist() if isinstance(column, np.ndarray) else list(column) for column in columns.values()]
        if not data or not data[0]:
            return 0
        return int(self._execute(f"INSERT INTO {table} ({names}) VALUES", data, settings=INSERT_SETTINGS, columnar=True))

    def query(self, sql: str, parameters: Mapping[str, object] | None = None) -> list[dict[str, Any]]:
        """Rows as dicts. Parameters stand as %(name)s and are bound, escaped, by the driver; a % of SQL itself is %%."""
        rows, columns = self._execute(sql, dict(parameters or {}), with_column_types=True)
        names = [name for name, _ in columns]
        return [dict(zip(names, row, strict=True)) for row in rows]

    def read(self, sql: str) -> tuple[list[str], list[tuple[Any, ...]]]:
        """Names of columns, and rows, of a statement that somebody typed: taken as it is, refused where it would change data.

        Raises `WarehouseStatementError` where the server does not take it.
        """
        rows, columns = self._execute(sql, typed=True, with_column_types=True, settings=READ_ONLY)
        return [name for name, _ in columns], rows

    def command(self, sql: str) -> None:
        """A statement without a result. Taken as it is: no parameters, no escapes."""
        self._execute(sql)

    def in_database(self, database: str) -> "Warehouse":
        """The same server and user, another database: the wanted one may not exist yet."""
        return Warehouse(replace(self.settings, database=database))

    def close(self) -> None:
        """Close the connections of all threads; each opens again when needed. Not while another thread is using its own."""
        with self._lock:
            clients, self._clients = self._clients, []
            self._local = threading.local()
        for client in clients:
            client.disconnect()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _client(self) -> Any:  # noqa: ANN401 - the driver has no types
        if not hasattr(self._local, "client"):
            s = self.settings
            secure = {"secure": True, "verify": s.verify, "ca_certs": s.ca_file or None} if s.secure else {}
            client = Client(
                s.host,
                port=s.port,
                database=s.database,
                user=s.user,
                password=s.password,
                client_name="prescribers",
                connect_timeout=s.connect_timeout,
                send_receive_timeout=s.send_receive_timeout,
                sync_request_timeout=s.connect_timeout,
                **secure,
            )
            with self._lock:
                self._clients.append(client)
                self._local.client = client
        return self._local.client

    def _execute(self, sql: str, params: Any = None, *, typed: bool = False, **options: Any) -> Any:  # noqa: ANN401 - the driver has no types
        try:
            return self._client().execute(sql, params, **options)
        except driver_errors.ServerException as error:
            raise self._refusal(error, typed=typed) from None
        except driver_errors.SocketTimeoutError:
            raise WarehouseUnreachableError(self.settings.address, "no answer in time") from None
        except (driver_errors.NetworkError, driver_errors.UnexpectedPacketFromServerError) as error:
            raise WarehouseUnreachableError(self.settings.address, _first_line(error.message)) from None
        except driver_errors.UnknownPacketFromServerError:
            raise WarehouseUnreachableError(self.settings.address, "no ClickHouse answers there") from None
        except EOFError:
            raise WarehouseUnreachableError(self.settings.address, "it closed the connection") from None
        except OSError as error:
            raise WarehouseUnreachableError(self.settings.address, error.strerror or type(error).__name__) from None
        except driver_errors.Error as error:
            raise WarehouseError(f"ClickHouse's client refused the data: {_first_line(error.message)}") from error

    def _refusal(self, error: driver_errors.ServerException, *, typed: bool) -> WarehouseError:
        code, said, s = error.code, _first_line(error.message), self.settings
        if code in _AUTH_CODES:
            remedy = "check user and password of [clickhouse] url, and the user's role (deploy/clickhouse)"
            return WarehouseAuthError(f"ClickHouse at {s.address} refuses user {s.user!r}: {said}; {remedy}")
        if typed and code not in _BUSY_CODES:
            return WarehouseStatementError(f"ClickHouse does not take the statement (code {code}): {said}")
        if code in _SCHEMA_CODES:
            return WarehouseSchemaError(f"ClickHouse at {s.address} lacks a table or column: {said}; run `prescribers migrate`")
        if code in _BUSY_CODES:
            return WarehouseBusyError(f"ClickHouse at {s.address} cannot take this now (code {code}): {said}")
        return WarehouseError(f"ClickHouse at {s.address} refused (code {code}): {said}")


def _first_line(message: str | None) -> str:
    """The server's words without its stack trace, "DB::Exception: " and the code, which stands elsewhere."""
    text = (message or "no reason given").split("Stack trace:")[0].strip()
    line = text.splitlines()[0] if text else "no reason given"
    return line.split("DB::Exception: ", 1)[-1].rstrip(". ")[:500]
