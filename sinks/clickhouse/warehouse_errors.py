"""What can go wrong with the warehouse, each in one line that names cause and remedy."""

from typing import ClassVar


class WarehouseError(Exception):
    """The warehouse refused a statement. `exit_status` is what a command that gives up on it returns."""

    exit_status: ClassVar[int] = 1


class WarehouseUnreachableError(WarehouseError):
    """No answer from the server: wait and try again."""

    exit_status: ClassVar[int] = 3

    def __init__(self, address: str, reason: str) -> None:
        self.address = address
        self.reason = reason
        self.remedy = "start ClickHouse, or set [clickhouse] url to where it listens (native port)"
        super().__init__(f"ClickHouse at {address} cannot be reached: {reason}; {self.remedy}")


class WarehouseBusyError(WarehouseError):
    """The server answers, but cannot take the work now: overload, no memory, no disk, no keeper. Wait and try again."""

    exit_status: ClassVar[int] = 3


class WarehouseAuthError(WarehouseError):
    """Wrong user or password, or a user that lacks a right."""

    exit_status: ClassVar[int] = 2


class WarehouseStatementError(WarehouseError):
    """A statement that somebody typed is none, asks for what is not there, or would change data."""

    exit_status: ClassVar[int] = 2


class WarehouseSchemaError(WarehouseError):
    """The tables are missing, older or newer than this release, or were migrated from other files."""

    exit_status: ClassVar[int] = 4


TRANSIENT_ERRORS: tuple[type[WarehouseError], ...] = (WarehouseUnreachableError, WarehouseBusyError)
"""Worth repeating the same call for ever; the others need a person."""
