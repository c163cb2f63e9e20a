"""The bytes of a snapshot: whatever happens to them, what comes back is what was written, or nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.snapshot_file import FORMAT, Header, UnreadableSnapshotError, decode_snapshot, encode_snapshot


def header_of(next_offset: int, body: bytes) -> Header:
    return Header(FORMAT, "t", 3, next_offset, "abc", len(body), volumes=("one", "two"))


@given(st.binary(max_size=200), st.integers(0, 2**63 - 1))
def test_what_is_encoded_is_decoded(body: bytes, next_offset: int) -> None:
    header, found = decode_snapshot(b"".join(encode_snapshot(header_of(next_offset, body), body)))
    assert (header.next_offset, bytes(found)) == (next_offset, body)


@given(st.data())
def test_no_flipped_or_missing_byte_goes_unseen(data: st.DataObject) -> None:
    whole = b"".join(encode_snapshot(header_of(42, b"state"), b"state"))
    at = data.draw(st.integers(0, len(whole) - 1))
    with pytest.raises(UnreadableSnapshotError):
        decode_snapshot(whole[:at])
    flipped = whole[:at] + bytes([whole[at] ^ data.draw(st.integers(1, 255))]) + whole[at + 1 :]
    with pytest.raises(UnreadableSnapshotError):
        decode_snapshot(flipped)
