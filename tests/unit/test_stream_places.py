"""Places under attack: killed at each step, full, unusable, left half written: a snapshot that counts stays, old or new."""

import fcntl
import resource
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import get_args

import pytest

from streams.failpoints import Moment
from streams.local_place import LEFTOVER, LocalPlace
from streams.snapshot_place import SnapshotPlaceError
from streams.snapshot_store import KEEP, SnapshotStore
from streams.url_place import UrlPlace

ROOT = Path(__file__).parents[2]
STEPS = {
    "directory": (
        "snapshot_write",
        "snapshot_fsync",
        "snapshot_rename",
        "directory_fsync",
        "snapshot_removal",
        "snapshot_set_aside",
    ),
    "local-url": ("object_put", "object_removal", "object_set_aside"),
}
PROGRAM = """
import sys
from pathlib import Path
from streams.failpoints import Failpoint, arm
from streams.local_place import LocalPlace
from streams.snapshot_store import SnapshotStore
from streams.url_place import UrlPlace
kind, where, step, moment = sys.argv[1:]
store = SnapshotStore(LocalPlace(Path(where)) if kind == "directory" else UrlPlace("local://" + where), "t")
arm(Failpoint(step, moment))
store.load(0, "c")
store.save(0, 50, "c", b"state 50")
"""


@pytest.mark.parametrize("moment", get_args(Moment))
@pytest.mark.parametrize(("kind", "step"), [(kind, step) for kind, steps in STEPS.items() for step in steps])
def test_a_kill_at_any_step_leaves_the_old_snapshot_or_the_new_one(kind: str, step: str, moment: str, tmp_path: Path) -> None:
    store = SnapshotStore(LocalPlace(tmp_path) if kind == "directory" else UrlPlace(f"local://{tmp_path}"), "t")
    for offset in range(1, KEEP + 2):
        store.save(0, offset, "c", b"state %d" % offset)
    store.place.write("t-0", f"{KEEP + 2:020d}.snap", [b"damaged"])
    done = subprocess.run([sys.executable, "-c", PROGRAM, kind, str(tmp_path), step, moment], cwd=ROOT, timeout=60, check=False)
    assert done.returncode == -signal.SIGKILL, "the step was never reached"
    found = store.load(0, "c")
    assert found is not None
    assert found.next_offset in (KEEP + 1, 50)
    assert found.body == b"state %d" % found.next_offset
    store.save(0, 60, "c", b"state 60")
    again = store.load(0, "c")
    assert again is not None
    assert again.next_offset == 60


@contextmanager
def room_for(size: int) -> Iterator[None]:
    """No file of this process may grow beyond: the write that crosses it fails half-way, as on a full disk."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_disk_that_is_full_half_way_leaves_the_snapshot_before_and_says_so(tmp_path: Path) -> None:
    store = SnapshotStore(LocalPlace(tmp_path), "interactions")
    store.save(0, 1, "c", b"small")
    with room_for(4096), pytest.raises(SnapshotPlaceError, match=r"interactions-0 cannot be written: file too large\. Make room"):
        store.save(0, 2, "c", bytes(1 << 20))
    found = store.load(0, "c")
    assert found is not None
    assert found.next_offset == 1
    [left] = [path for path in (tmp_path / "interactions-0").iterdir() if path.name.endswith(LEFTOVER)]
    store.save(0, 2, "c", b"smaller")
    assert not left.exists()


def test_a_directory_that_cannot_be_used_is_an_error_with_a_remedy(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    store = SnapshotStore(LocalPlace(tmp_path / "file"), "interactions")
    with pytest.raises(SnapshotPlaceError, match="not a directory"):
        store.save(0, 1, "c", b"x")
    with pytest.raises(SnapshotPlaceError, match="not a directory"):
        store.load(0, "c")


def test_what_is_being_written_is_not_swept_away_and_what_nobody_writes_is(tmp_path: Path) -> None:
    place = LocalPlace(tmp_path)
    place.write("f", "a", [b"x"])
    dead, alive = (tmp_path / "f" / f".{name}{LEFTOVER}" for name in ("dead", "alive"))
    dead.write_bytes(b"half")
    with alive.open("wb") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        place.write("f", "b", [b"y"])
        assert (dead.exists(), alive.exists()) == (False, True)
    place.write("f", "c", [b"z"])
    assert not alive.exists()
    assert sorted(place.names("f")) == ["a", "b", "c"]
