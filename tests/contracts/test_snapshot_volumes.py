"""Volumes, which snapshots share, at every place: kept while they are named, checked when loaded, written again when lost."""

from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import cast

import pytest

from graph.volumes import Shelf, volume_name
from streams.snapshot_place import SnapshotPlace
from streams.snapshot_store import KEEP, VOLUME_SUFFIX, SnapshotStore
from tests.contracts.snapshot_places import place_of

FOLDER = "interactions-0"


def shelf_of(*contents: bytes, present: frozenset[str] = frozenset()) -> Shelf:
    """A snapshot's volumes, of which those not present are to be written."""
    named = {volume_name(content): content for content in contents}
    return Shelf(present, dict.fromkeys(named), {name: content for name, content in named.items() if name not in present})


def volumes_of(store: SnapshotStore) -> set[bytes]:
    names = store.place.names(FOLDER)
    return {store.place.read(FOLDER, name) for name in names if name.endswith(VOLUME_SUFFIX)}


def test_volumes_are_kept_while_a_kept_snapshot_names_them(store: SnapshotStore) -> None:
    for offset in range(1, KEEP + 3):
        store.save(0, offset, "c", b"state", shelf_of(b"%d" % (offset - 1), b"%d" % offset, present=store.volumes(0)))
        if offset == 2:
            store = SnapshotStore(store.place, "interactions")
    assert volumes_of(store) == {b"%d" % number for number in range(2, KEEP + 3)}
    found = store.load(0, "c")
    assert found is not None
    assert found.volumes == {volume_name(content): content for content in (b"%d" % (KEEP + 1), b"%d" % (KEEP + 2))}
    store.save(0, KEEP + 3, "c", b"state", shelf_of(present=store.volumes(0)))
    assert volumes_of(store) == {b"%d" % number for number in range(3, KEEP + 3)}


@pytest.mark.parametrize("damage", [None, b"", b"new", b"newe", b"newer!", b"newes"], ids=repr)
def test_a_missing_or_damaged_volume_falls_back_to_the_snapshot_before_and_is_written_again(
    store: SnapshotStore, damage: bytes | None
) -> None:
    store.save(0, 1, "c", b"older", shelf_of(b"old"))
    store.save(0, 2, "c", b"newer", shelf_of(b"old", b"newer", present=store.volumes(0)))
    name = volume_name(b"newer") + VOLUME_SUFFIX
    if damage is None:
        store.place.remove(FOLDER, name)
    else:
        store.place.write(FOLDER, name, [damage])
    found = store.load(0, "c")
    assert found is not None
    assert (found.body, list(found.volumes.values())) == (b"older", [b"old"])
    assert volume_name(b"newer") not in store.volumes(0)
    store.save(0, 2, "c", b"newer", shelf_of(b"old", b"newer", present=store.volumes(0)))
    again = store.load(0, "c")
    assert again is not None
    assert (again.body, list(again.volumes.values())) == (b"newer", [b"old", b"newer"])


class FailingPlace:
    """Hands on to a place, and dies before or after one of the calls that change it, as a killed process does."""

    def __init__(self, place: SnapshotPlace, calls: int, *, after: bool) -> None:
        self._place = place
        self._calls = calls
        self._after = after

    def __getattr__(self, name: str) -> object:
        found = getattr(self._place, name)
        return found if name not in ("write", "remove", "set_aside") else partial(self._change, found)

    def _change(self, change: Callable[..., None], *arguments: object) -> None:
        self._calls -= 1
        if self._calls < 0 and not self._after:
            raise InterruptedError
        change(*arguments)
        if self._calls < 0:
            raise InterruptedError


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("kind", ["directory", "memory"])
def test_a_death_at_any_step_of_a_save_leaves_a_whole_snapshot(kind: str, after: bool, tmp_path: Path) -> None:  # noqa: FBT001 - data
    """Of each volume, of the snapshot, of what is removed: the one before or the new one is there, with all of its volumes."""
    for calls in range(6):
        place = place_of(kind, tmp_path / str(calls))
        for offset in range(1, KEEP + 1):
            store = SnapshotStore(place, "interactions")
            store.save(0, offset, "c", b"%d" % offset, shelf_of(b"v", b"v%d" % offset, present=store.volumes(0)))
        dying = SnapshotStore(cast("SnapshotPlace", FailingPlace(place, calls, after=after)), "interactions")
        shelf = shelf_of(b"v", b"v4", b"v5", present=dying.volumes(0))
        with suppress(InterruptedError):
            dying.save(0, KEEP + 1, "c", b"4", shelf)
        store = SnapshotStore(place, "interactions")
        found = store.load(0, "c")
        assert found is not None
        saved = calls + after > 2
        assert (found.body, set(found.volumes.values())) == ((b"4", {b"v", b"v4", b"v5"}) if saved else (b"3", {b"v", b"v3"}))
        store.save(0, KEEP + 2, "c", b"5", shelf_of(b"v", b"v5", present=store.volumes(0)))
        assert volumes_of(store) == {b"v", b"v5", *([b"v3", b"v4"] if saved else [b"v2", b"v3"])}
