"""An INSERT whose rows come on the wire: blocks from the client to the engine, byte for byte."""

from typing import BinaryIO

from prescribers.stack.client_query import expect_data
from prescribers.stack.embedded_engine import EngineError, EngineSession, quoted
from prescribers.stack.native_types import column_type
from prescribers.stack.native_wire import ClientPacket, WireReader
from prescribers.stack.query_rewrite import WireInsert

_NOT_INSERTED = frozenset({"MATERIALIZED", "ALIAS", "EPHEMERAL"})
_NO_SUCH_COLUMN = 16
_NOT_ENOUGH_SPACE = 243


def insert_columns(session: EngineSession, insert: WireInsert) -> list[tuple[str, str]]:
    """Names and types that the client must send: those it named, or all that take values.

    Raises EngineError and UnknownTypeError, before the client has sent anything.
    """
    found = session.columns(insert.target)
    if insert.columns:
        types = {name: kind for name, kind, _default in found}
        for name in insert.columns:
            if name not in types:
                raise EngineError(_NO_SUCH_COLUMN, f"DB::Exception: No such column {quoted(name)} in table {insert.target}")
        columns = [(name, types[name]) for name in insert.columns]
    else:
        columns = [(name, kind) for name, kind, default in found if default not in _NOT_INSERTED]
    for _name, kind in columns:
        column_type(kind)
    return columns


def receive_blocks(reader: WireReader, spool: BinaryIO) -> int | None:
    """Write blocks to a file until the empty one; gives how many, None if the client cancelled instead.

    The engine sees nothing before the insert is whole, so that a client that goes away half-way leaves nothing. When the disk is
    full the rest is read and dropped, because the client listens only when it has sent everything.
    Raises EngineError, RefusedClientError, EOFError, OSError of the connection.
    """
    received, refusal = 0, None
    while (packet := reader.varint()) != ClientPacket.CANCEL:
        columns, block = expect_data(reader, packet)
        if not columns:
            if refusal is not None:
                raise refusal
            return received
        received += 1
        refusal = refusal or _write(spool, block)
    return None


def _write(spool: BinaryIO, block: bytes) -> EngineError | None:
    try:
        spool.write(block)
        spool.flush()
    except OSError as error:
        return EngineError(_NOT_ENOUGH_SPACE, f"DB::Exception: the rows cannot be kept: {error.strerror}")
    return None
