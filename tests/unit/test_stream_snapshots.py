"""Snapshots: a damaged one is passed over, a foreign one refused, and a wrong state never loaded."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.snapshot_file import UnreadableSnapshotError, decode_snapshot, encode_snapshot
from streams.snapshot_store import KEEP, ForeignConfigurationError, SnapshotStore


@pytest.fixture
def store(tmp_path: Path) -> SnapshotStore:
    return SnapshotStore(tmp_path, "interactions")


@given(st.binary(max_size=200), st.integers(0, 2**63 - 1))
def test_what_is_encoded_is_decoded(body: bytes, next_offset: int) -> None:
    header, found = decode_snapshot(b"".join(encode_snapshot("t", 3, next_offset, "abc", body)))
    assert (header.next_offset, bytes(found)) == (next_offset, body)


@given(st.data())
def test_no_flipped_or_missing_byte_goes_unseen(data: st.DataObject) -> None:
    whole = b"".join(encode_snapshot("t", 3, 42, "abc", b"state"))
    at = data.draw(st.integers(0, len(whole) - 1))
    with pytest.raises(UnreadableSnapshotError):
        decode_snapshot(whole[:at])
    flipped = whole[:at] + bytes([whole[at] ^ data.draw(st.integers(1, 255))]) + whole[at + 1 :]
    with pytest.raises(UnreadableSnapshotError):
        decode_snapshot(flipped)


def test_the_newest_is_loaded_and_only_the_last_few_are_kept(store: SnapshotStore) -> None:
    for offset in range(1, KEEP + 4):
        store.save(0, offset, "c", b"state %d" % offset)
    found = store.load(0, "c")
    assert found is not None
    assert (found.next_offset, found.body) == (KEEP + 3, b"state %d" % (KEEP + 3))
    assert len(list(store.directory(0).iterdir())) == KEEP


def test_a_first_start_has_none(store: SnapshotStore) -> None:
    assert store.load(7, "c") is None


@pytest.mark.parametrize("damage", [b"", b"PRSNAP\r\n", b"\x00" * 500])
def test_a_damaged_snapshot_falls_back_to_the_one_before(store: SnapshotStore, damage: bytes) -> None:
    store.save(0, 10, "c", b"older")
    store.save(0, 20, "c", b"newer").write_bytes(damage)
    found = store.load(0, "c")
    assert found is not None
    assert found.body == b"older"


def test_a_truncated_snapshot_falls_back_to_the_log_where_it_is_alone(store: SnapshotStore) -> None:
    path = store.save(0, 10, "c", b"state")
    path.write_bytes(path.read_bytes()[:-1])
    assert store.load(0, "c") is None


def test_a_snapshot_of_another_configuration_is_refused_with_a_remedy(store: SnapshotStore) -> None:
    store.save(0, 10, "old", b"state")
    with pytest.raises(ForeignConfigurationError, match=r"interactions\[0\].*old, now new.*move the directory away"):
        store.load(0, "new")


def test_a_snapshot_copied_from_another_partition_is_passed_over(store: SnapshotStore) -> None:
    path = store.save(1, 10, "c", b"theirs")
    store.directory(0).mkdir(parents=True)
    (store.directory(0) / path.name).write_bytes(path.read_bytes())
    assert store.load(0, "c") is None


def test_what_a_killed_process_left_half_written_is_swept_away(store: SnapshotStore) -> None:
    store.save(0, 1, "c", b"state")
    left = store.directory(0) / ".00000000000000000009.99999999.tmp"
    left.write_bytes(b"half")
    store.save(0, 2, "c", b"state")
    assert not left.exists()
