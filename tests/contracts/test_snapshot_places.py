"""One suite for every place of snapshots: a local directory, memory, a file system and an object store by URL."""

import os
import threading
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from streams.halt import OutOfLogError
from streams.snapshot_file import FORMAT, Header, encode_snapshot
from streams.snapshot_place import SnapshotPlace, SnapshotPlaceError
from streams.snapshot_store import KEEP, SUFFIX, ForeignConfigurationError, SnapshotStore
from streams.url_place import UrlPlace
from tests.contracts.snapshot_places import place_of, s3_server

FOLDER = "interactions-0"


def name_of(offset: int) -> str:
    return f"{offset:020d}{SUFFIX}"


def bytes_of(offset: int, body: bytes, *, partition: int = 0, config: str = "c") -> bytes:
    return b"".join(encode_snapshot(Header(FORMAT, "interactions", partition, offset, config, len(body)), body))


def of_a_later_format(content: bytes) -> bytes:
    """As a later release would write it: another format number, and a checksum that fits."""
    from streams import snapshot_file

    head_and_body = content[: -snapshot_file._DIGEST_BYTES].replace(
        bytes([0xA6, *b"format", FORMAT]), bytes([0xA6, *b"format", FORMAT + 1])
    )
    return head_and_body + snapshot_file._digest(head_and_body)


def test_what_is_written_is_listed_and_read_back_whole(place: SnapshotPlace) -> None:
    assert place.names("f") == []
    place.write("f", "a", [b"one", b"", b"two"])
    place.write("f", "b", [bytes(1 << 20)])
    place.write("other", "c", [b"x"])
    place.write("f", "a", [b"again"])
    assert sorted(place.names("f")) == ["a", "b"]
    assert (place.read("f", "a"), place.read("f", "b")) == (b"again", bytes(1 << 20))


def test_what_is_not_there_is_told_apart_from_what_cannot_be_read(place: SnapshotPlace) -> None:
    with pytest.raises(FileNotFoundError):
        place.read("f", "a")
    place.write("f", "a", [b"x"])
    with pytest.raises(FileNotFoundError):
        place.read("f", "b")
    place.remove("f", "b")
    place.set_aside("f", "b")
    place.remove("f", "a")
    assert place.names("f") == []


def test_what_is_set_aside_counts_no_more(place: SnapshotPlace) -> None:
    place.write("f", "a", [b"x"])
    place.set_aside("f", "a")
    assert place.names("f") == []
    assert "f" in place.where("f")


def test_the_newest_is_loaded_and_only_the_last_few_are_kept(store: SnapshotStore) -> None:
    for offset in range(1, KEEP + 4):
        store.save(0, offset, "c", b"state %d" % offset)
    found = store.load(0, "c")
    assert found is not None
    assert (found.next_offset, found.body) == (KEEP + 3, b"state %d" % (KEEP + 3))
    assert store.count(1) == KEEP


def test_a_first_start_has_none(store: SnapshotStore) -> None:
    assert store.load(7, "c") is None


def test_a_snapshot_of_another_configuration_is_refused_with_a_remedy(store: SnapshotStore) -> None:
    store.save(0, 10, "old", b"state")
    with pytest.raises(ForeignConfigurationError, match=r"interactions\[0\].*old, now new.*move the directory away"):
        store.load(0, "new")


def test_a_snapshot_of_another_log_of_the_same_name_is_refused_with_a_remedy(store: SnapshotStore) -> None:
    replace(store, log_id="first").save(0, 10, "c", b"state")
    assert replace(store, log_id="first").load(0, "c") == store.load(0, "c") is not None
    with pytest.raises(OutOfLogError, match=r"interactions\[0\].*another log.*move the directory away"):
        replace(store, log_id="second").load(0, "c")


WHOLE = bytes_of(20, b"newer")
DAMAGES = {
    "empty": b"",
    "magic alone": WHOLE[:8],
    "truncated": WHOLE[:-1],
    "a bit flipped": WHOLE[:40] + bytes([WHOLE[40] ^ 1]) + WHOLE[41:],
    "zeroes": bytes(500),
    "of a later format": of_a_later_format(WHOLE),
    "of another partition": bytes_of(20, b"theirs", partition=1),
    "of another offset": bytes_of(10, b"older"),
    "longer than it says": WHOLE + b"x",
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_snapshot_falls_back_to_the_one_before_and_then_to_the_log(store: SnapshotStore, damage: str) -> None:
    store.save(0, 10, "c", b"older")
    store.place.write(FOLDER, name_of(20), [DAMAGES[damage]])
    found = store.load(0, "c")
    assert found is not None
    assert (found.next_offset, found.body) == (10, b"older")
    store.place.write(FOLDER, name_of(10), [DAMAGES[damage] if damage != "of another offset" else b"x"])
    assert store.load(0, "c") is None
    store.save(0, 5, "c", b"from the log")
    found = store.load(0, "c")
    assert found is not None, "what is damaged pushed out what was saved after it"
    assert found.body == b"from the log"


@st.composite
def damaged(draw: st.DrawFn, content: bytes) -> bytes | None:
    """Anything that may have become of a file; None: gone."""
    at = draw(st.integers(0, len(content) - 1))
    return draw(
        st.sampled_from(
            [
                None,
                b"",
                content[:at],
                content[:at] + bytes([content[at] ^ draw(st.integers(1, 255))]) + content[at + 1 :],
                content[:at] + content[at + 1 :],
                content[at:] + content[:at] if at else content[:-1],
                content + b"\0",
                of_a_later_format(content),
            ]
        )
    )


@pytest.mark.parametrize("kind", ["directory", "memory"])
@given(data=st.data())
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_damaged_what_comes_back_was_saved_and_the_next_save_counts(
    kind: str, data: st.DataObject, tmp_path: Path
) -> None:
    store = SnapshotStore(place_of(kind, tmp_path), "interactions")
    offsets = sorted(data.draw(st.sets(st.integers(1, 60), min_size=1, max_size=6)))
    for offset in offsets:
        store.save(0, offset, "c", b"state %d" % offset)
    whole = set(offsets[-KEEP:])
    for offset in data.draw(st.sets(st.sampled_from(offsets[-KEEP:]))):
        content = data.draw(damaged(bytes_of(offset, b"state %d" % offset)))
        whole.discard(offset)
        if content is None:
            store.place.remove(FOLDER, name_of(offset))
        else:
            store.place.write(FOLDER, name_of(offset), [content])
    found = store.load(0, "c")
    assert (found.next_offset if found else 0) == max(whole, default=0)
    assert found is None or found.body == b"state %d" % found.next_offset
    later = data.draw(st.integers(max(whole, default=0) + 1, 80))
    store.save(0, later, "c", b"state %d" % later)
    again = store.load(0, "c")
    assert again is not None
    assert (again.next_offset, again.body) == (later, b"state %d" % later)


def test_two_owners_at_once_never_show_a_broken_snapshot(place: SnapshotPlace) -> None:
    """Both write the same states under the same offsets, one behind the other, while a third looks."""
    body = os.urandom(200_000)
    failures: list[BaseException] = []

    def own(offsets: range) -> None:
        store = SnapshotStore(place, "interactions")
        try:
            for offset in offsets:
                store.save(0, offset, "c", body + b"%d" % offset)
        except BaseException as error:  # noqa: BLE001 - told by the test's own thread
            failures.append(error)

    SnapshotStore(place, "interactions").save(0, 1, "c", body + b"1")
    owners = [threading.Thread(target=own, args=(offsets,)) for offsets in (range(2, 22), range(1, 21))]
    for owner in owners:
        owner.start()
    while any(owner.is_alive() for owner in owners):
        found = SnapshotStore(place, "interactions").load(0, "c")
        assert found is None or found.body == body + b"%d" % found.next_offset
    for owner in owners:
        owner.join()
    assert failures == []
    last = SnapshotStore(place, "interactions").load(0, "c")
    assert last is not None
    assert last.next_offset == 21
    assert set(place.names(FOLDER)) >= {name_of(21), name_of(20), name_of(19)}


def test_an_object_store_that_does_not_answer_is_an_error_and_no_empty_state() -> None:
    with s3_server() as server:
        store = SnapshotStore(place_of("s3", Path()), "interactions")
        store.save(0, 1, "c", b"x")
        missing = SnapshotStore(UrlPlace("s3://no-such-bucket/x"), "interactions")
        assert missing.load(0, "c") is None
        server.stop()
        with pytest.raises(SnapshotPlaceError, match="cannot be read"):
            store.load(0, "c")
