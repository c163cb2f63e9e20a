"""An INSERT whose rows come on the wire: blocks from the client to the engine, byte for byte."""

from prescribers.stack.client_query import expect_data
from prescribers.stack.embedded_engine import EngineError, EngineInsert, EngineSession, quoted
from prescribers.stack.native_types import column_type
from prescribers.stack.native_wire import ClientPacket, WireReader
from prescribers.stack.query_rewrite import WireInsert

_NOT_INSERTED = frozenset({"MATERIALIZED", "ALIAS", "EPHEMERAL"})
_NO_SUCH_COLUMN = 16


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


def receive_insert(reader: WireReader, insert: EngineInsert) -> tuple[int, int] | None:
    """Pass blocks on until the empty one, then write; gives rows and bytes written, None if the client cancelled.

    After the engine refused a block the rest is read and dropped, because the client listens only when it has sent everything.
    A client that goes away leaves nothing acknowledged. Raises EngineError, RefusedClientError, EOFError, OSError.
    """
    refusal: EngineError | None = None
    try:
        while (packet := reader.varint()) != ClientPacket.CANCEL:
            columns, block = expect_data(reader, packet)
            if not columns:
                break
            if refusal is None:
                refusal = _append(insert, block)
        else:
            insert.cancel()
            return None
    except BaseException:
        insert.cancel()
        raise
    if refusal is not None:
        insert.cancel()
        raise refusal
    return insert.finish()


def _append(insert: EngineInsert, block: bytes) -> EngineError | None:
    try:
        insert.append(block)
    except EngineError as error:
        return error
    return None
