"""A process killed right before or right after each step of a place leaves a snapshot that counts, the old or the new one."""

import signal
import subprocess
import sys
from pathlib import Path
from typing import get_args

import pytest

from streams.failpoints import Moment
from streams.local_place import LocalPlace
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
