"""The local stack: an in-memory Kafka and the embedded warehouse in one process on loopback, for development.

Up in about a second. The log is in memory and ends with the process, the warehouse stays on disk: hence a new state directory
for each start, so that no snapshot outlives the log whose offsets it holds.
"""

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

from prescribers.stack.detached_stack import start_detached
from prescribers.stack.stack_addresses import (
    LOG,
    StackAddresses,
    StackFailure,
    StackRunningFailure,
    find_stack,
    is_held,
    read_addresses,
)
from prescribers.stack.stack_process import serve_stack
from streams.kafka_settings import KafkaSettings
from streams.topic_layout import partition_counts

__all__ = [
    "StackAddresses",
    "StackFailure",
    "StackRunningFailure",
    "ensure_stack",
    "find_stack",
    "run_stack",
    "stop_stack",
]

_PATIENCE_SECONDS = 20.0
_LOOK_SECONDS = 0.05


def run_stack(directory: Path, kafka: KafkaSettings, *, say: Callable[[str], None]) -> int:
    """Serve until SIGTERM or Ctrl-C, then take the addresses back; gives 0. Raises Failure, on a second start too."""
    return serve_stack(directory, partition_counts(kafka), say=say)


def ensure_stack(directory: Path, kafka: KafkaSettings, *, say: Callable[[str], None]) -> StackAddresses:
    """The stack of a directory, started in the background if none runs; says which in one line. Raises StackFailure."""
    directory = directory.absolute()
    found = find_stack(directory)
    if found is not None:
        say(f"Using the local stack in {directory}.")
        return found
    reason = start_detached(directory, partition_counts(kafka))
    found = _await_stack(directory)
    if found is None:
        raise StackFailure(f"The local stack does not start: {reason or 'it gives no reason'} (log: {directory / LOG})")
    say(f"Started the local stack in {directory} (process {found.pid}), for what is not configured.")
    return found


def stop_stack(directory: Path, *, sleep: Callable[[float], None] = time.sleep) -> bool:
    """Stop the stack of a directory and wait until it has gone; False if none ran. Raises StackFailure."""
    found = read_addresses(directory)
    if found is None or not is_held(directory):
        return False
    os.kill(found.pid, signal.SIGTERM)
    for _ in range(round(_PATIENCE_SECONDS / _LOOK_SECONDS)):
        if not is_held(directory):
            return True
        sleep(_LOOK_SECONDS)
    raise StackFailure(f"The local stack in {directory} does not stop: end process {found.pid}.")


def _await_stack(directory: Path, *, sleep: Callable[[float], None] = time.sleep) -> StackAddresses | None:
    """The stack just started, here or by somebody who was quicker and is not ready yet."""
    for _ in range(round(_PATIENCE_SECONDS / _LOOK_SECONDS)):
        found = find_stack(directory)
        if found is not None or not is_held(directory):
            return found
        sleep(_LOOK_SECONDS)
    return None
