"""Where a test may kill an app: the moments right before and right after each durable step. Off unless a test arms one."""

import os
import signal
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from typing import Literal

Step = Literal[
    "snapshot_write",  # the bytes of a snapshot, into a file aside
    "snapshot_fsync",  # those bytes, onto the disk
    "snapshot_rename",  # the file aside gets its name: from now on it counts
    "directory_fsync",  # that name, onto the disk
    "snapshot_removal",  # one that is older than those kept
    "snapshot_set_aside",  # one that cannot be read
    "leftover_removal",  # what a killed process left half written
    "object_put",  # a snapshot under a URL
    "object_removal",  # one that is older than those kept
    "object_set_aside",  # one that cannot be read
    "produce",  # a batch of records is handed to the client
    "flush",  # all that was laid out is acknowledged by all replicas
    "commit",  # the group learns how far an app has come
]
Moment = Literal["before", "after"]


@dataclass(slots=True)
class Failpoint:
    """Ends the process at the `passes`-th time that `moment` of `step` comes, as kill -9 does: nothing is cleaned up."""

    step: str
    moment: Moment
    passes: int = 1

    def reach(self, step: str, moment: Moment) -> None:
        """Called at every moment of every step."""
        if (step, moment) != (self.step, self.moment):
            return
        self.passes -= 1
        if self.passes <= 0:
            os.kill(os.getpid(), signal.SIGKILL)


_OFF: AbstractContextManager[None] = nullcontext()
_armed: list[Failpoint] = []


def arm(failpoint: Failpoint) -> None:
    """For a test's own process, before the app starts. Nothing else in the product calls it, and no setting leads here."""
    _armed[:] = [failpoint]


def durable(step: Step) -> AbstractContextManager[None]:
    """Put around each durable step, alone; where nothing is armed it costs one call."""
    return around(step)


def around(step: str) -> AbstractContextManager[None]:
    """The same for steps of other packages, which have a vocabulary of their own."""
    return _passing(_armed[0], step) if _armed else _OFF


@contextmanager
def _passing(failpoint: Failpoint, step: str) -> Iterator[None]:
    failpoint.reach(step, "before")
    yield
    failpoint.reach(step, "after")
