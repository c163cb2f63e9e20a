"""The words of ClickHouse's native TCP protocol at revision 54429: reading what a client sends, framing what a server answers.

At this revision a block is framed like `FORMAT Native` (name, type, data) after a block-info header; later ones put a
serialisation byte into every column and more into every query. Settings travel as strings from this revision on.
Field order: `clickhouse_driver.connection`, `.clientinfo`, `.progress`, `.blockstreamprofileinfo`.
"""

import struct
from collections.abc import Callable
from enum import IntEnum

REVISION = 54429
CHUNK_BYTES = 1 << 20
_SEVEN_BITS = 0x7F
_BLOCK_INFO_OVERFLOWS = 1
_BLOCK_INFO_BUCKET = 2


class ClientPacket(IntEnum):
    """What a client may send."""

    HELLO = 0
    QUERY = 1
    DATA = 2
    CANCEL = 3
    PING = 4


class ServerPacket(IntEnum):
    """What this server answers."""

    HELLO = 0
    DATA = 1
    EXCEPTION = 2
    PROGRESS = 3
    PONG = 4
    END_OF_STREAM = 5
    PROFILE_INFO = 6


class WireReader:
    """A cursor over bytes that arrive: `receive(n)` gives at most n more of them, none at the end.

    Whole blocks stay in one buffer, so that they can be handed on as they came. Raises EOFError when the bytes end too early.
    """

    __slots__ = ("_data", "_receive", "position")

    def __init__(self, receive: Callable[[int], bytes]) -> None:
        self._receive = receive
        self._data = bytearray()
        self.position = 0

    def forget(self) -> None:
        """Drop what has been read; positions kept by the caller become void."""
        del self._data[: self.position]
        self.position = 0

    def exhausted(self) -> bool:
        """Whether nothing more can be read; waits for a byte to know."""
        try:
            self._until(self.position + 1)
        except EOFError:
            return True
        return False

    def holds_more(self) -> bool:
        """Whether bytes have arrived that nobody has read yet."""
        return len(self._data) > self.position

    def since(self, start: int) -> bytes:
        """The bytes from a position kept by the caller up to here."""
        return bytes(self._data[start : self.position])

    def byte(self) -> int:
        """One byte."""
        self._until(self.position + 1)
        value = self._data[self.position]
        self.position += 1
        return value

    def varint(self) -> int:
        """An unsigned number, seven bits a byte, lowest first."""
        value = shift = 0
        while True:
            byte = self.byte()
            value |= (byte & _SEVEN_BITS) << shift
            if byte <= _SEVEN_BITS:
                return value
            shift += 7

    def uint64(self) -> int:
        """Eight bytes, lowest first."""
        return int.from_bytes(self.take(8), "little")

    def take(self, size: int) -> bytes:
        """The next `size` bytes."""
        start = self.position
        self.skip(size)
        return bytes(self._data[start : self.position])

    def text(self) -> str:
        """A string with its length before it; bytes that are no UTF-8 are kept as surrogates."""
        return self.take(self.varint()).decode("utf-8", "surrogateescape")

    def skip(self, size: int) -> None:
        """Pass over `size` bytes."""
        end = self.position + size
        self._until(end)
        self.position = end

    def skip_strings(self, count: int) -> None:
        """Pass over `count` strings: the one loop per cell of the insert path, about 10 million a second."""
        data, position, left = self._data, self.position, count
        while left:
            try:
                for _ in range(left):
                    size = data[position]
                    if size <= _SEVEN_BITS:
                        position += 1 + size
                    else:
                        self.position = position
                        position = self._after_long_string()
                    left -= 1
            except IndexError:
                self._until(position + 1)
        self._until(position)
        self.position = position

    def block_info(self) -> None:
        """Pass over the header that precedes each block on the wire and is absent from `FORMAT Native`."""
        while field := self.varint():
            if field == _BLOCK_INFO_OVERFLOWS:
                self.skip(1)
            elif field == _BLOCK_INFO_BUCKET:
                self.skip(4)

    def _after_long_string(self) -> int:
        return self.varint() + self.position

    def _until(self, end: int) -> None:
        while len(self._data) < end:
            more = self._receive(CHUNK_BYTES)
            if not more:
                raise EOFError
            self._data += more


def varint(value: int) -> bytes:
    """An unsigned number, seven bits a byte, lowest first."""
    out = bytearray()
    while value > _SEVEN_BITS:
        out.append(value & _SEVEN_BITS | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def text(value: str) -> bytes:
    """A string with its length before it."""
    raw = value.encode("utf-8", "surrogateescape")
    return varint(len(raw)) + raw


_NO_OVERFLOWS, _NO_BUCKET = varint(_BLOCK_INFO_OVERFLOWS) + b"\0", varint(_BLOCK_INFO_BUCKET) + struct.pack("<i", -1)
_NO_TABLE_NO_INFO = text("") + _NO_OVERFLOWS + _NO_BUCKET + varint(0)


def hello(version: tuple[int, int, int], timezone: str, display_name: str) -> bytes:
    """The answer to a client's hello."""
    major, minor, patch = version
    numbers = varint(major) + varint(minor) + varint(REVISION)
    return varint(ServerPacket.HELLO) + text("ClickHouse") + numbers + text(timezone) + text(display_name) + varint(patch)


def data(block: bytes) -> bytes:
    """A block of `FORMAT Native` as a data packet."""
    return varint(ServerPacket.DATA) + _NO_TABLE_NO_INFO + block


def header(columns: list[tuple[str, str]]) -> bytes:
    """A block without rows: names and types only."""
    return varint(len(columns)) + varint(0) + b"".join(text(name) + text(kind) for name, kind in columns)


def rows_of(block: bytes) -> int:
    """The rows of a block, told at its beginning."""
    beginning = iter((block[:20],))
    reader = WireReader(lambda _size: next(beginning, b""))
    reader.varint()
    return reader.varint()


def exception(code: int, message: str) -> bytes:
    """An error with ClickHouse's own code, without a stack and without a nested one."""
    return varint(ServerPacket.EXCEPTION) + struct.pack("<i", code) + text("DB::Exception") + text(message) + text("") + b"\0"


def progress(rows: int, size: int, total: int, written_rows: int, written_bytes: int) -> bytes:
    """What has been done since the last progress packet: differences, not totals."""
    return varint(ServerPacket.PROGRESS) + b"".join(map(varint, (rows, size, total, written_rows, written_bytes)))


def profile(rows: int, blocks: int, size: int) -> bytes:
    """The size of a result, sent after it."""
    return varint(ServerPacket.PROFILE_INFO) + varint(rows) + varint(blocks) + varint(size) + b"\0" + varint(0) + b"\0"
