"""Where a block of `FORMAT Native` ends: the width of each column type, walked without making a Python value of any cell.

A block does not tell its own size, and the server must know where the client's block stops to hand its bytes on unchanged.
Layout of each type: ClickHouse's Native format, as written by `clickhouse_driver.columns`.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from prescribers.stack.native_wire import WireReader

_OPENING, _CLOSING, _QUOTES = "(", ")", "'\"`"
_NUMBER_BITS = (8, 16, 32, 64, 128, 256)
_WIDTHS = {f"{sign}Int{bits}": bits // 8 for bits in _NUMBER_BITS for sign in ("", "U")} | {
    **dict.fromkeys(("Bool", "Enum8", "Nothing"), 1),
    **dict.fromkeys(("Enum16", "Date", "BFloat16"), 2),
    **dict.fromkeys(("Float32", "Date32", "DateTime", "Time", "IPv4", "Decimal32"), 4),
    **dict.fromkeys(("Float64", "DateTime64", "Time64", "Decimal64"), 8),
    **dict.fromkeys(("UUID", "IPv6", "Decimal128"), 16),
    "Decimal256": 32,
}
_DECIMAL_DIGITS = ((9, 4), (18, 8), (38, 16), (76, 32))
_DICTIONARY_VERSION_BYTES = 8
_GLOBAL_DICTIONARY, _ADDITIONAL_KEYS = 1 << 8, 1 << 9


class UnknownTypeError(ValueError):
    """A column type whose width on the wire is not known here."""


@dataclass(frozen=True, slots=True)
class ColumnType:
    """How to pass over a column: `prefix` bytes once, then `skip(reader, rows)`."""

    prefix: int
    skip: Callable[[WireReader, int], None]


def skip_block(reader: WireReader) -> tuple[int, int]:
    """Pass over one block; gives its columns and rows. Raises UnknownTypeError, after which the reader's position is void."""
    columns, rows = reader.varint(), reader.varint()
    for _ in range(columns):
        reader.skip(reader.varint())
        kind = column_type(reader.text())
        if rows:
            reader.skip(kind.prefix)
            kind.skip(reader, rows)
    return columns, rows


def columns_of(block: bytes) -> list[tuple[str, str]]:
    """Names and types of a block's columns, read past their data."""
    parts = iter((block,))
    reader = WireReader(lambda _size: next(parts, b""))
    columns, rows = reader.varint(), reader.varint()
    found: list[tuple[str, str]] = []
    for number in range(columns):
        name, kind = reader.text(), reader.text()
        found.append((name, kind))
        if rows and number + 1 < columns:
            layout = column_type(kind)
            reader.skip(layout.prefix)
            layout.skip(reader, rows)
    return found


def split_blocks(native: bytes) -> Iterator[bytes]:
    """The blocks of a `FORMAT Native` text, one by one."""
    parts = iter((native,))
    reader = WireReader(lambda _size: next(parts, b""))
    while not reader.exhausted():
        start = reader.position
        skip_block(reader)
        yield reader.since(start)


@lru_cache(maxsize=1024)
def column_type(name: str) -> ColumnType:
    """The layout of a type by its ClickHouse name. Raises UnknownTypeError."""
    head, _, rest = name.strip().partition(_OPENING)
    arguments = _split(rest[:-1]) if rest else []
    if head in _WIDTHS or head.startswith("Interval"):
        return _fixed(_WIDTHS.get(head, 8))
    try:
        return _BUILDERS[head](arguments)
    except (LookupError, StopIteration, ValueError) as error:
        message = f"the type {name} is not supported on the wire of the embedded warehouse"
        raise UnknownTypeError(message) from error


def _fixed(width: int) -> ColumnType:
    return ColumnType(0, lambda reader, rows: reader.skip(width * rows))


def _nullable(inner: ColumnType) -> ColumnType:
    def skip(reader: WireReader, rows: int) -> None:
        reader.skip(rows)
        inner.skip(reader, rows)

    return ColumnType(inner.prefix, skip)


def _array(inner: ColumnType) -> ColumnType:
    def skip(reader: WireReader, rows: int) -> None:
        if rows:
            reader.skip(8 * (rows - 1))
            inner.skip(reader, reader.uint64())

    return ColumnType(inner.prefix, skip)


def _tuple(elements: list[str]) -> ColumnType:
    kinds = [column_type(_after_name(element)) for element in elements]

    def skip(reader: WireReader, rows: int) -> None:
        for kind in kinds:
            kind.skip(reader, rows)

    return ColumnType(sum(kind.prefix for kind in kinds), skip)


def _low_cardinality(inner: ColumnType) -> ColumnType:
    def skip(reader: WireReader, rows: int) -> None:
        while rows > 0:
            flags = reader.uint64()
            for flag in (_GLOBAL_DICTIONARY, _ADDITIONAL_KEYS):
                if flags & flag:
                    inner.skip(reader, reader.uint64())
            indexes = reader.uint64()
            reader.skip(indexes << (flags & 0xFF))
            rows -= indexes

    return ColumnType(_DICTIONARY_VERSION_BYTES + inner.prefix, skip)


def _without_null(name: str) -> str:
    """The type inside Nullable: a dictionary keeps its null as an entry, without a map of nulls."""
    return name[len("Nullable(") : -1] if name.startswith("Nullable(") else name


def _after_name(element: str) -> str:
    """The type of a tuple's element, which may have a name before it: no type has a space outside its parentheses."""
    return _split(element, " ")[-1]


def _split(arguments: str, separator: str = ",") -> list[str]:
    """Cut at the separators outside parentheses and quotes; a backslash or a doubled quote does not end a quoted name."""
    parts, depth, quote, start, escaped = [], 0, "", 0, False
    for index, letter in enumerate(arguments):
        if escaped:
            escaped = False
        elif quote:
            escaped = letter == "\\"
            quote = "" if letter == quote else quote
        elif letter in _QUOTES:
            quote = letter
        elif letter == separator and not depth:
            parts.append(arguments[start:index].strip())
            start = index + 1
        else:
            depth += (letter == _OPENING) - (letter == _CLOSING)
    return [*parts, arguments[start:].strip()]


_BUILDERS: Mapping[str, Callable[[list[str]], ColumnType]] = {
    "String": lambda _: ColumnType(0, WireReader.skip_strings),
    "FixedString": lambda arguments: _fixed(int(arguments[0])),
    "Decimal": lambda arguments: _fixed(next(width for digits, width in _DECIMAL_DIGITS if int(arguments[0]) <= digits)),
    "Nullable": lambda arguments: _nullable(column_type(arguments[0])),
    "LowCardinality": lambda arguments: _low_cardinality(column_type(_without_null(arguments[0]))),
    "SimpleAggregateFunction": lambda arguments: column_type(arguments[-1]),
    "Array": lambda arguments: _array(column_type(arguments[0])),
    "Map": lambda arguments: _array(_tuple(arguments)),
    "Nested": lambda arguments: _array(_tuple(arguments)),
    "Tuple": _tuple,
    "Point": lambda _: _tuple(["Float64", "Float64"]),
}
