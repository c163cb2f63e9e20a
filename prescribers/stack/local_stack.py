"""The local stack: an in-memory Kafka and the embedded warehouse in one process on loopback, for development.

Up in about a second. The log is in memory and ends with the process, the warehouse stays on disk: hence a new state directory
for each start, so that no snapshot outlives the log whose offsets it holds.
"""

import os
import secrets
import shutil
import signal
import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import TextIO

import structlog

from prescribers.moments import rfc3339
from prescribers.stack.detached_stack import start_detached
from prescribers.stack.halt_signals import halt_signals
from prescribers.stack.stack_addresses import (
    ADDRESSES,
    LOG,
    STATE,
    StackAddresses,
    StackFailure,
    StackRunningFailure,
    find_stack,
    hold,
    is_held,
    read_addresses,
    write_addresses,
)
from streams.kafka_settings import KafkaSettings
from streams.topic_layout import partition_counts

__all__ = [
    "StackAddresses",
    "StackFailure",
    "StackRunningFailure",
    "ensure_stack",
    "find_stack",
    "run_stack",
    "serve_stack",
    "stop_stack",
]

logger = structlog.get_logger(__name__)

WAREHOUSE, DATABASE = "warehouse", "prescribers"
_PATIENCE_SECONDS = 20.0
_LOOK_SECONDS = 0.05


def run_stack(directory: Path, kafka: KafkaSettings, *, say: Callable[[str], None]) -> int:
    """Serve until SIGTERM or Ctrl-C, then take the addresses back; gives 0. Raises Failure, on a second start too."""
    return serve_stack(directory, partition_counts(kafka), say=say)


def serve_stack(directory: Path, partitions: Mapping[str, int], *, say: Callable[[str], None]) -> int:
    """As `run_stack`, with the topics given by name and number of partitions.

    Logs to `stack.log` in the directory. For the main thread of a process of its own: it takes the signals and the logging.
    """
    directory = directory.absolute()
    with halt_signals() as wait, ExitStack() as running:
        running.enter_context(hold(directory))
        _forget_earlier(directory)
        _log_to(running.enter_context((directory / LOG).open("a", encoding="utf-8")))
        addresses = _start(directory, partitions, running)
        running.callback((directory / ADDRESSES).unlink, missing_ok=True)
        write_addresses(directory, addresses)
        say(f"Local stack ready: Kafka {', '.join(addresses.brokers)}, warehouse {addresses.clickhouse_url}, data in {directory}")
        wait()
    return 0


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


def _start(directory: Path, partitions: Mapping[str, int], running: ExitStack) -> StackAddresses:
    from prescribers.stack.embedded_warehouse import LOOPBACK, EmbeddedWarehouse
    from prescribers.stack.mock_kafka import MockKafka

    stack_id = secrets.token_hex(4)
    state = directory / f"{STATE}{stack_id}"
    state.mkdir()
    kafka = MockKafka()
    running.callback(kafka.stop)
    broker = kafka.start(partitions)
    warehouse = EmbeddedWarehouse(directory / WAREHOUSE, database=DATABASE)
    port = warehouse.start()
    running.callback(warehouse.stop)
    return StackAddresses(
        stack_id=stack_id,
        pid=os.getpid(),
        brokers=tuple(broker.split(",")),
        clickhouse_url=f"clickhouse://default@{LOOPBACK}:{port}/{DATABASE}",
        state=str(state),
        started_at=rfc3339(time.time_ns() // 1_000_000),
    )


def _forget_earlier(directory: Path) -> None:
    (directory / ADDRESSES).unlink(missing_ok=True)
    for state in directory.glob(f"{STATE}*"):
        shutil.rmtree(state)


def _log_to(file: TextIO) -> None:
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.KeyValueRenderer(key_order=["timestamp", "level", "event"]),
        ],
        logger_factory=structlog.WriteLoggerFactory(file),
    )
