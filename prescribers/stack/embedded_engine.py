"""The embedded ClickHouse engine (chdb) on a directory: sessions that run side by side, native blocks in and out.

As measured on chdb 26.9: sessions of one process run in parallel (the engine lets go of Python's lock), one session runs one
statement at a time; one chunk of a streamed `Native` result is exactly one block; a progress callback comes ten times a second
in the calling thread; `streaming_cancel_query` from another thread waits for the query it should end, while KILL QUERY from
another session ends it at once.
"""

import importlib
import json
import re
import tempfile
from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO, cast

from prescribers.failures import Failure
from prescribers.stack.native_types import split_blocks
from prescribers.stack.query_rewrite import literal

_ERROR = re.compile(r"Code: (\d+)\. (DB::Exception: .*)", re.DOTALL)
_VERSION_NOTE = re.compile(r"\s*\(version [\d.]+\)\s*$")
_UNKNOWN_EXCEPTION = 1002
_NOT_STREAMABLE = "Streaming query is not supported"
_BAD_ARGUMENTS = 36


class EngineMissingFailure(Failure):
    """The package chdb is not installed."""

    def __init__(self) -> None:
        super().__init__("The embedded warehouse needs the extra `local`: pip install 'prescribers[local]'")


class EngineError(Exception):
    """What the engine refused, with ClickHouse's own code; `message` begins with `DB::Exception:` as a server's does."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(f"Code: {code}. {message}")
        self.code = code
        self.message = message


class EngineSession:
    """One connection to the engine with its own current database, settings and temporary tables; not for two threads at once."""

    def __init__(self, connect: Callable[[], Any]) -> None:
        self._connect = connect
        self._connection = connect()
        self._callback: Callable[[Mapping[str, int]], None] | None = None

    def renew(self) -> None:
        """Begin again with a fresh session in the same database: the way out of `readonly`."""
        database = self.text("SELECT currentDatabase()")
        self._connection.close()
        self._connection = self._connect()
        self._connection.set_progress_callback(self._callback)
        self.run(f"USE {quoted(database)}")

    def on_progress(self, callback: Callable[[Mapping[str, int]], None]) -> None:
        """Call back, in the calling thread, about ten times a second while a statement runs."""
        self._callback = callback
        self._connection.set_progress_callback(callback)

    def blocks(self, sql: str) -> Generator[bytes]:
        """Run a statement and give its result as native blocks, each as soon as the engine has it. Raises EngineError."""
        try:
            with _translated():
                stream = self._connection.send_query(sql, "Native")
        except EngineError as refusal:
            if refusal.code != _BAD_ARGUMENTS or _NOT_STREAMABLE not in refusal.message:
                raise
            yield from split_blocks(self._query(sql, "Native"))
            return
        with _translated():
            try:
                while (chunk := stream.fetch()) is not None:
                    yield bytes(chunk.bytes())
            except GeneratorExit:
                stream.cancel()
                raise

    def run(self, sql: str) -> None:
        """Run a statement for its effect. Raises EngineError."""
        self._query(sql, "Null")

    def text(self, sql: str) -> str:
        """The only cell of a result. Raises EngineError."""
        return str(self.rows(sql)[0][0])

    def rows(self, sql: str) -> list[list[Any]]:
        """A small result as JSON values. Raises EngineError."""
        return [json.loads(line) for line in self._query(sql, "JSONCompactEachRow").splitlines()]

    def columns(self, what: str) -> list[tuple[str, str, str]]:
        """Name, type and kind of default of each column of a table or of a parenthesised query. Raises EngineError."""
        found = self.rows(f"DESCRIBE TABLE {what}\nSETTINGS print_pretty_type_names = 0, describe_compact_output = 0")
        return [(str(name), str(kind), str(default)) for name, kind, default, *_ in found]

    def insert(self, target: str, settings: str, blocks: BinaryIO) -> tuple[int, int]:
        """Insert a file of native blocks and give the rows and bytes written. Raises EngineError, with no row written.

        `target` is `INSERT INTO table (columns)`, `settings` a SETTINGS clause or nothing. The engine's streamed insert is of no
        use: it reports success although the rows broke a constraint and were dropped.
        """
        blocks.flush()
        blocks.seek(0)
        source = f"FROM INFILE '/dev/fd/{blocks.fileno()}' COMPRESSION 'none'"
        with _translated():
            result = self._connection.query(f"{target}\n{source}\n{settings}\nFORMAT Native", "Null")
        return int(result.rows_written()), int(result.bytes_read())

    def close(self) -> None:
        """End the session; a statement that runs is cancelled."""
        self._connection.close()

    def _query(self, sql: str, form: str) -> bytes:
        with _translated():
            return bytes(self._connection.query(sql, form).bytes())


class EmbeddedEngine:
    """The engine on one directory. chdb holds one directory per process and one process per directory."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        directory.mkdir(parents=True, exist_ok=True)
        try:
            module = importlib.import_module("chdb.state.sqlitelike")
        except ImportError as error:
            raise EngineMissingFailure from error
        self._connect = lambda: module.Connection(str(directory.absolute()))
        with _translated():
            self._control = self.session()

    def session(self) -> EngineSession:
        """A new session; takes well under a millisecond."""
        return EngineSession(self._connect)

    def spool(self) -> BinaryIO:
        """A file without a name for the blocks of an insert; it vanishes when closed, however the process ends."""
        return cast("BinaryIO", tempfile.TemporaryFile(dir=self._directory))

    def interrupt(self, log_comment: str) -> None:
        """End what the sessions with this `log_comment` setting run."""
        self._control.run(f"KILL QUERY WHERE Settings['log_comment'] = {literal(log_comment)} ASYNC")

    def close(self) -> None:
        """Let go of the directory."""
        self._control.close()


def quoted(name: str) -> str:
    """A name as an identifier in SQL."""
    return "`" + name.replace("\\", "\\\\").replace("`", "\\`") + "`"


@contextmanager
def _translated() -> Iterator[None]:
    """Turn whatever chdb raises, which is no class of its own, into an EngineError."""
    try:
        yield
    except Exception as error:
        raise _engine_error(error) from error


def _engine_error(error: Exception) -> EngineError:
    found = _ERROR.search(str(error))
    if found is None:
        return EngineError(_UNKNOWN_EXCEPTION, f"DB::Exception: {error}")
    return EngineError(int(found.group(1)), _VERSION_NOTE.sub("", found.group(2)))
