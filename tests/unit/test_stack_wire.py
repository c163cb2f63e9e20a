"""The bytes of the native protocol: however they arrive, a block ends where its writer ended it."""

from types import SimpleNamespace
from typing import Any

import pytest
from clickhouse_driver.block import ColumnOrientedBlock
from clickhouse_driver.bufferedwriter import BufferedSocketWriter
from clickhouse_driver.client import Client
from clickhouse_driver.streams.native import BlockOutputStream
from hypothesis import given
from hypothesis import strategies as st

from prescribers.stack import native_wire as wire
from prescribers.stack.native_types import UnknownTypeError, column_type, skip_block, split_blocks
from prescribers.stack.native_wire import WireReader

TEXTS = st.text(max_size=300)
NUMBERS = st.integers(0, 2**64 - 1)
VALUES: dict[str, st.SearchStrategy[Any]] = {
    "String": TEXTS,
    "UInt64": NUMBERS,
    "Float32": st.just(0.5),
    "FixedString(3)": st.just("abc"),
    "Nullable(String)": st.none() | TEXTS,
    "LowCardinality(String)": TEXTS,
    "LowCardinality(Nullable(String))": st.none() | TEXTS,
    "Array(String)": st.lists(TEXTS, max_size=4),
    "Array(Array(LowCardinality(String)))": st.lists(st.lists(TEXTS, max_size=3), max_size=3),
    "Array(Nullable(UInt64))": st.lists(st.none() | NUMBERS, max_size=4),
    "Tuple(a String, b Array(UInt64))": st.tuples(TEXTS, st.lists(NUMBERS, max_size=3)),
    "Map(String, UInt64)": st.dictionaries(TEXTS, NUMBERS, max_size=3),
    "Enum8('a, (b' = 1)": st.just("a, (b"),
    "DateTime64(3, 'UTC')": st.just(1_700_000_000_000),
    "Decimal(38, 2)": st.just(5),
}


class Sink:
    """A socket that keeps what is sent, as plain bytes."""

    def __init__(self) -> None:
        self.sent = bytearray()

    def sendall(self, data: bytes) -> None:
        self.sent += bytes(data)


def reader_of(data: bytes, step: int) -> WireReader:
    """A reader to whom the bytes come `step` at a time."""
    parts = iter([data[at : at + step] for at in range(0, len(data), step)])
    return WireReader(lambda _size: next(parts, b""))


@given(st.integers(0, 2**63), st.integers(1, 3))
def test_a_number_reads_as_it_was_written(number: int, step: int) -> None:
    assert reader_of(wire.varint(number), step).varint() == number


@given(st.binary(max_size=300), st.integers(1, 50))
def test_text_reads_as_it_was_written_even_if_it_is_no_text(raw: bytes, step: int) -> None:
    value = raw.decode("utf-8", "surrogateescape")
    assert reader_of(wire.text(value), step).text() == value


@given(st.lists(st.binary(max_size=400), max_size=30), st.integers(1, 100))
def test_strings_are_passed_over_exactly(values: list[bytes], step: int) -> None:
    data = b"".join(wire.varint(len(value)) + value for value in values)
    reader = reader_of(data + b"end", step)
    reader.skip_strings(len(values))
    assert reader.take(3) == b"end"


def test_bytes_that_end_too_early_are_an_end() -> None:
    for data in (b"", b"\x80", b"\x05abc"):
        with pytest.raises(EOFError):
            reader_of(data, 1).text()


@pytest.mark.parametrize("kind", VALUES)
@given(data=st.data())
def test_a_block_ends_where_the_driver_ended_it(kind: str, data: st.DataObject) -> None:
    values = data.draw(st.lists(VALUES[kind], min_size=1, max_size=6))
    columns = [("value", kind), ("mark", "String")]
    sink, client = Sink(), Client("localhost")
    context = client.connection.context
    context.server_info = SimpleNamespace(used_revision=0, get_timezone=lambda: "UTC")
    context.client_settings = client.connection.context.client_settings
    writer = BufferedSocketWriter(sink, 1 << 16)
    BlockOutputStream(writer, context).write(ColumnOrientedBlock(columns, [values, ["mark"] * len(values)]))
    block = bytes(sink.sent)
    reader = reader_of(block + b"end", data.draw(st.integers(1, 200)))
    assert skip_block(reader) == (2, len(values))
    assert reader.take(3) == b"end"
    assert list(split_blocks(block * 3)) == [block] * 3
    assert wire.rows_of(block) == len(values)


@pytest.mark.parametrize(
    "name", ["AggregateFunction(sum, UInt64)", "JSON", "Variant(String, UInt8)", "Tuple()", "", "Array(Dynamic)"]
)
def test_a_type_of_unknown_width_is_refused_by_name(name: str) -> None:
    with pytest.raises(UnknownTypeError, match="not supported"):
        column_type(name)


def test_a_progress_packet_holds_differences_in_order() -> None:
    reader = reader_of(wire.progress(1, 200, 3, 4, 5), 100)
    assert [reader.varint() for _ in range(6)] == [3, 1, 200, 3, 4, 5]
