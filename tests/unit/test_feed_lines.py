import gzip
import io
from pathlib import Path

import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from streams import feed_lines
from streams.feed_lines import FeedLines, TooLong, identity
from streams.kafka_failures import FeedError


def lines_of(content: bytes, limit: int = 1 << 20) -> tuple[list[bytes | None], list[TooLong]]:
    lines = FeedLines("-", stdin=io.BytesIO(content), max_line_bytes=limit)
    return [line for block in lines.blocks() for line in block], lines.too_long


@given(st.lists(st.binary(max_size=40).map(lambda line: line.replace(b"\n", b"")), max_size=30), st.integers(1, 50))
def test_lines_are_what_lies_between_newlines_whatever_the_chunks(lines: list[bytes], chunk: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(feed_lines, "CHUNK_BYTES", chunk)
        assert lines_of(b"".join(line + b"\n" for line in lines)) == (lines, [])


@given(st.binary(max_size=300))
def test_nothing_but_newlines_is_taken_away(content: bytes) -> None:
    found, _ = lines_of(content)
    rebuilt = b"\n".join(line for line in found if line is not None)
    assert content in {rebuilt, rebuilt + b"\n"} or (content == b"\n" and found == [b""])


def test_an_empty_line_is_a_line_unless_it_only_follows_the_last_newline() -> None:
    assert lines_of(b"")[0] == []
    assert lines_of(b"\n")[0] == [b""]
    assert lines_of(b"a\n\nb")[0] == [b"a", b"", b"b"]
    assert lines_of(b"a\n\n")[0] == [b"a", b""]
    assert lines_of(b"a\r\n")[0] == [b"a\r"]


@pytest.mark.parametrize("chunk", [1, 3, 7, 100])
def test_a_line_too_long_is_counted_named_and_forgotten(monkeypatch: pytest.MonkeyPatch, chunk: int) -> None:
    monkeypatch.setattr(feed_lines, "CHUNK_BYTES", chunk)
    assert lines_of(b"ab\n" + b"x" * 11 + b"\n0123456789\n" + b"y" * 12, limit=10) == (
        [b"ab", None, b"0123456789", None],
        [TooLong("-", 2, 11), TooLong("-", 4, 12)],
    )


def test_every_byte_of_a_packed_file_is_counted_as_read(tmp_path: Path) -> None:
    content = b"".join(b"%d\n" % number for number in range(100_000))
    for name, packed in (("a.gz", gzip.compress(content)), ("a.zst", zstandard.compress(content)), ("a", content)):
        (tmp_path / name).write_bytes(packed)
        lines = FeedLines(str(tmp_path / name))
        seen: list[bytes] = []
        assert sum(len(block) for block in lines.blocks(seen.append)) == 100_000
        assert b"".join(seen) == content
        assert lines.read_bytes == lines.total_bytes == len(packed)
        lines.close()


@pytest.mark.parametrize("name", ["a.gz", "a.zst"])
@pytest.mark.parametrize("cut", [1, 10, 2000])
def test_a_truncated_file_is_an_error_after_its_last_whole_block(tmp_path: Path, name: str, cut: int) -> None:
    content = b"".join(b'{"n":%d}\n' % (number * number) for number in range(50_000))
    packed = gzip.compress(content) if name == "a.gz" else zstandard.compress(content)
    (tmp_path / name).write_bytes(packed[:-cut])
    lines = FeedLines(str(tmp_path / name))
    found: list[bytes | None] = []
    with pytest.raises(FeedError, match="is damaged after line"):
        found.extend(line for block in lines.blocks() for line in block)
    assert found == content.splitlines()[: len(found)]
    lines.close()


def test_a_file_that_is_not_packed_as_its_name_says_cannot_be_read(tmp_path: Path) -> None:
    for name in ("a.gz", "a.zst"):
        (tmp_path / name).write_bytes(b"plain text\n")
        lines = FeedLines(str(tmp_path / name))
        with pytest.raises(FeedError, match="cannot be read"):
            list(lines.blocks())
        lines.close()


def test_an_absent_file_is_one_clear_line(tmp_path: Path) -> None:
    with pytest.raises(FeedError, match="no such file"):
        FeedLines(str(tmp_path / "absent.jsonl"))


def test_a_changed_file_is_another_file(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"one\n")
    first = identity(str(path))
    assert identity(str(path)) == first
    path.write_bytes(b"two!\n")
    assert identity(str(path)) != first
