"""Where a running local stack is: one file in its directory, and a lock that the kernel frees however the process ends."""

import fcntl
import os
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit

import msgspec

from prescribers.failures import Failure

ADDRESSES, LOCK, LOG = "stack.json", "stack.lock", "stack.log"
STATE = "state-"
_ANSWER_SECONDS = 1.0
_PROBE_SECONDS = 0.05
_PROBES = 10


class StackFailure(Failure):
    """The local stack does not start, or does not stop."""


class StackRunningFailure(StackFailure):
    """A local stack serves the directory already."""


class StackAddresses(msgspec.Struct, frozen=True, kw_only=True):
    """A running stack. The in-memory log dies with it, so snapshots of its readers belong into `state_dir`, its own."""

    stack_id: str
    pid: int
    brokers: tuple[str, ...]
    clickhouse_url: str
    state: str = msgspec.field(name="state_dir")
    started_at: str

    @property
    def state_dir(self) -> Path:
        """A directory that no other stack uses."""
        return Path(self.state)

    def answer(self) -> bool:
        """Whether both ports take a connection."""
        found = urlsplit(self.clickhouse_url)
        warehouse = (found.hostname or "", found.port or 0)
        kafka = [(host, int(port)) for host, _, port in (broker.rpartition(":") for broker in self.brokers)]
        return all(_takes_connection(address) for address in (*kafka, warehouse))


def find_stack(directory: Path) -> StackAddresses | None:
    """The stack that serves this directory; None if none does, or if one has not finished starting, or hangs."""
    if not is_held(directory):
        return None
    found = read_addresses(directory)
    return found if found is not None and found.answer() else None


def read_addresses(directory: Path) -> StackAddresses | None:
    """What the file says, true or stale."""
    try:
        return msgspec.json.decode((directory / ADDRESSES).read_bytes(), type=StackAddresses)
    except (FileNotFoundError, msgspec.DecodeError):
        return None


def write_addresses(directory: Path, addresses: StackAddresses) -> None:
    """Publish, all at once: a reader sees a whole file or none."""
    draft = directory / f"{ADDRESSES}.{addresses.pid}"
    draft.write_bytes(msgspec.json.format(msgspec.json.encode(addresses), indent=2) + b"\n")
    draft.replace(directory / ADDRESSES)


def open_lock(directory: Path) -> int:
    """The lock's file, made with its directory if need be, as a descriptor. Raises StackFailure where that cannot be."""
    try:
        directory.mkdir(parents=True, exist_ok=True)
        return os.open(directory / LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise _unusable(directory, error) from error


@contextmanager
def hold(directory: Path, *, sleep: Callable[[float], None] = time.sleep) -> Iterator[None]:
    """Be the one stack of a directory. Raises StackRunningFailure, and StackFailure for a directory that cannot be written.

    Tries for half a second, because somebody who only asks whether a stack runs holds the lock for an instant.
    """
    descriptor = open_lock(directory)
    try:
        for _ in range(_PROBES):
            with suppress(BlockingIOError):
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            sleep(_PROBE_SECONDS)
        else:
            found = read_addresses(directory)
            whose = f" (process {found.pid})" if found else ""
            raise StackRunningFailure(f"A local stack runs in {directory} already{whose}: use it, or stop it first.")
        yield
    finally:
        os.close(descriptor)


def is_held(directory: Path) -> bool:
    """Whether a stack lives in the directory: a process number alone could by now be somebody else's.

    Raises StackFailure where that cannot be told.
    """
    try:
        descriptor = os.open(directory / LOCK, os.O_RDONLY | os.O_CLOEXEC)
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError as error:
        raise _unusable(directory, error) from error
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    else:
        return False
    finally:
        os.close(descriptor)


def _unusable(directory: Path, error: OSError) -> StackFailure:
    reason = (error.strerror or str(error)).lower()
    return StackFailure(
        f"The local stack cannot use {directory}: {reason}. Set data_dir to a directory that you may write, "
        "for example PRESCRIBERS_DATA_DIR=/tmp/prescribers"
    )


def _takes_connection(address: tuple[str, int]) -> bool:
    try:
        socket.create_connection(address, timeout=_ANSWER_SECONDS).close()
    except OSError:
        return False
    return True
