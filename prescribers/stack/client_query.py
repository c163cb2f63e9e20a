"""What a client says before anything runs: its hello, and a query with its settings."""

from dataclasses import dataclass, field

from prescribers.stack.native_types import UnknownTypeError, skip_block
from prescribers.stack.native_wire import REVISION, ClientPacket, WireReader
from prescribers.stack.session_settings import Setting


class RefusedClientError(Exception):
    """The conversation cannot go on: `code` is ClickHouse's, the text is for the person who runs the client."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(reason)
        self.code = code


UNEXPECTED_PACKET = 101
UNSUPPORTED = 48
TOO_OLD = 32


@dataclass(frozen=True, slots=True)
class ClientHello:
    """Who connects and to which database (empty: the default one)."""

    database: str
    user: str
    password: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class ClientQuery:
    """A statement with the settings of this query only; `external_tables` says that tables came with it."""

    query_id: str
    settings: tuple[Setting, ...]
    sql: str
    external_tables: bool


def read_hello(reader: WireReader) -> ClientHello:
    """The first packet of a connection. Raises RefusedClientError."""
    if reader.varint() != ClientPacket.HELLO:
        raise RefusedClientError(UNEXPECTED_PACKET, "this port speaks ClickHouse's native protocol, which begins with a hello")
    reader.text()
    reader.varint()
    reader.varint()
    revision = reader.varint()
    if revision < REVISION:
        raise RefusedClientError(TOO_OLD, f"the client speaks protocol revision {revision}, the oldest one served is {REVISION}")
    database, user, password = reader.text(), reader.text(), reader.text()
    return ClientHello(database, user, password)


def read_query(reader: WireReader) -> ClientQuery:
    """The rest of a query packet, up to the empty block that ends the external tables. Raises RefusedClientError."""
    query_id = reader.text()
    _skip_client_info(reader)
    settings = []
    while name := reader.text():
        settings.append(Setting(name, reader.varint(), reader.text()))
    reader.varint()
    if reader.varint():
        raise RefusedClientError(UNSUPPORTED, "blocks come uncompressed here: connect with compression=False")
    sql = reader.text()
    return ClientQuery(query_id, tuple(settings), sql, _skip_external_tables(reader))


def read_block(reader: WireReader) -> tuple[int, bytes]:
    """The rest of a data packet: its number of columns and its block as `FORMAT Native` has it. Raises RefusedClientError."""
    reader.text()
    reader.block_info()
    start = reader.position
    try:
        columns, _rows = skip_block(reader)
    except UnknownTypeError as error:
        raise RefusedClientError(UNSUPPORTED, str(error)) from error
    block = reader.since(start)
    reader.forget()
    return columns, block


def expect_data(reader: WireReader, packet: int) -> tuple[int, bytes]:
    """A data packet and nothing else, given its first number. Raises RefusedClientError."""
    if packet != ClientPacket.DATA:
        raise RefusedClientError(UNEXPECTED_PACKET, f"a block of data was due, packet {packet} came")
    return read_block(reader)


def _skip_client_info(reader: WireReader) -> None:
    if not reader.byte():
        return
    for _ in range(3):
        reader.text()
    reader.byte()
    for _ in range(3):
        reader.text()
    for _ in range(3):
        reader.varint()
    reader.text()
    reader.varint()


def _skip_external_tables(reader: WireReader) -> bool:
    found = False
    while expect_data(reader, reader.varint())[0]:
        found = True
    return found
