"""One client's conversation with the embedded warehouse in ClickHouse's native protocol: hello, ping, cancel, query, insert.

Blocks pass through as bytes in both directions. What a statement does is the engine's affair; what a client hears when it fails
is ClickHouse's code and text. Not served, each with a clear error: compression, external tables, old clients.
"""

import hmac
import socket
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from threading import Event, Lock

import structlog

from prescribers.stack import native_wire as wire
from prescribers.stack.client_query import UNEXPECTED_PACKET, UNSUPPORTED, ClientQuery, RefusedClientError, read_hello, read_query
from prescribers.stack.client_watch import ClientWatch
from prescribers.stack.embedded_engine import EmbeddedEngine, EngineError, EngineSession, quoted
from prescribers.stack.insert_stream import insert_columns, receive_blocks
from prescribers.stack.native_types import UnknownTypeError, columns_of
from prescribers.stack.native_wire import ClientPacket, ServerPacket, WireReader
from prescribers.stack.query_rewrite import Query, UnsupportedStatementError, WireInsert, rewrite
from prescribers.stack.session_settings import SessionSettings

logger = structlog.get_logger(__name__)

_AUTHENTICATION_FAILED = 516
_LOGICAL_ERROR = 49
_QUERY_RUNS_ALREADY = 216
_GOODBYE_SECONDS = 1.0


class RunningQueries:
    """The query ids under way: a client may give one to know a query again, and no two at once may have the same."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._ids: set[str] = set()

    @contextmanager
    def running(self, query_id: str) -> Iterator[None]:
        """Hold an id while its query runs; an empty one is nobody's. Raises EngineError."""
        with self._lock:
            if query_id in self._ids:
                message = f"DB::Exception: Query with id = {query_id} is already running."
                raise EngineError(_QUERY_RUNS_ALREADY, message)
            self._ids |= {query_id} - {""}
        try:
            yield
        finally:
            with self._lock:
                self._ids.discard(query_id)


@dataclass(frozen=True, slots=True)
class Host:
    """What all conversations share."""

    engine: EmbeddedEngine
    version: tuple[int, int, int]
    timezone: str
    known_settings: frozenset[str]
    stopping: Event
    user: str = "default"
    password: str = field(default="", repr=False)
    queries: RunningQueries = field(default_factory=RunningQueries)


class Conversation:
    """Serves one connection until the client leaves; one thread each."""

    def __init__(self, connection: socket.socket, host: Host, name: str) -> None:
        self._connection = connection
        self._host = host
        self._name = name
        self._reader = WireReader(connection.recv)

    def run(self) -> None:
        """Answer until the client goes away."""
        with closing(self._connection), suppress(EOFError, ConnectionError):
            try:
                self._greet()
                with closing(self._host.engine.session()) as session:
                    self._serve(session)
            except RefusedClientError as refusal:
                self._hang_up(refusal.code, f"DB::Exception: {refusal}")
            except EngineError as refusal:
                self._hang_up(refusal.code, refusal.message)
            except (OSError, EOFError):
                raise
            except Exception:
                logger.exception("conversation failed")
                self._hang_up(_LOGICAL_ERROR, "DB::Exception: the embedded warehouse failed; its log says where")

    def _greet(self) -> None:
        host, hello = self._host, read_hello(self._reader)
        self._database = hello.database
        same_password = hmac.compare_digest(hello.password.encode("utf-8", "replace"), host.password.encode())
        if hello.user != host.user or not same_password:
            message = f"{hello.user}: Authentication failed: password is incorrect, or there is no user with such name."
            raise RefusedClientError(_AUTHENTICATION_FAILED, message)

    def _serve(self, session: EngineSession) -> None:
        if self._database:
            session.run(f"USE {quoted(self._database)}")
        settings = SessionSettings(session, self._host.known_settings, self._name)
        watch = ClientWatch(self._connection, self._reader, lambda: self._host.engine.interrupt(self._name), self._host.stopping)
        session.on_progress(watch.progress)
        self._send(wire.hello(self._host.version, self._host.timezone, "prescribers local stack"))
        while True:
            self._reader.forget()
            if self._reader.exhausted():
                return
            packet = self._reader.varint()
            if packet == ClientPacket.PING:
                self._send(wire.varint(ServerPacket.PONG))
            elif packet == ClientPacket.QUERY:
                self._answer(read_query(self._reader), session, settings, watch)
            elif packet != ClientPacket.CANCEL:
                raise RefusedClientError(UNEXPECTED_PACKET, f"packet {packet} is not served")

    def _answer(self, query: ClientQuery, session: EngineSession, settings: SessionSettings, watch: ClientWatch) -> None:
        self._reader.forget()
        watch.begin()
        try:
            with self._host.queries.running(query.query_id):
                statement = rewrite(query.sql, external_tables=query.external_tables)
                settings.apply(query.settings)
                if isinstance(statement, WireInsert):
                    self._insert(statement, session)
                else:
                    self._run(statement, session, watch)
        except EngineError as refusal:
            if not watch.stopped:
                self._refuse(refusal.code, refusal.message)
                return
        except (UnsupportedStatementError, UnknownTypeError) as refusal:
            self._refuse(UNSUPPORTED, f"DB::Exception: {refusal}")
            return
        self._send(wire.varint(ServerPacket.END_OF_STREAM))

    def _run(self, query: Query, session: EngineSession, watch: ClientWatch) -> None:
        blocks = rows = size = 0
        with closing(session.blocks(query.sql)) as results, watch.telling_progress():
            for block in results:
                if not blocks:
                    # A server tells names and types in a block without rows first: clients take them from there.
                    self._send(wire.data(wire.header(columns_of(block))))
                blocks, rows, size = blocks + 1, rows + wire.rows_of(block), size + len(block)
                self._send(wire.data(block))
                if watch.asked_to_stop():
                    return
        if not blocks and query.answers:
            columns = [(name, kind) for name, kind, _default in session.columns(f"({query.sql}\n)")]
            self._send(wire.data(wire.header(columns)))
        if blocks:
            self._send(wire.profile(rows, blocks, size))

    def _insert(self, insert: WireInsert, session: EngineSession) -> None:
        columns = insert_columns(session, insert)
        self._send(wire.data(wire.header(columns)))
        with self._host.engine.spool() as spool:
            if receive_blocks(self._reader, spool):
                written = session.insert(insert.sql, insert.settings, spool)
                self._send(wire.progress(0, 0, 0, *written))

    def _refuse(self, code: int, message: str) -> None:
        logger.info("statement refused", code=code)
        self._send(wire.exception(code, message))

    def _hang_up(self, code: int, message: str) -> None:
        """Say why, then wait until the client has taken it: closing with its bytes unread would destroy the message."""
        logger.info("client refused", code=code)
        self._send(wire.exception(code, message))
        self._connection.shutdown(socket.SHUT_WR)
        self._connection.settimeout(_GOODBYE_SECONDS)
        with suppress(OSError):
            while self._connection.recv(wire.CHUNK_BYTES):
                pass

    def _send(self, packet: bytes) -> None:
        self._connection.sendall(packet)
