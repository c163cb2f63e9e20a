"""The process of a local stack: both services, their addresses published once they answer and taken back at the end."""

import os
import secrets
import shutil
import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import TextIO

import structlog

from prescribers.moments import rfc3339
from prescribers.stack.halt_signals import halt_signals
from prescribers.stack.stack_addresses import ADDRESSES, LOG, STATE, StackAddresses, hold, write_addresses

WAREHOUSE, DATABASE = "warehouse", "prescribers"


def serve_stack(directory: Path, partitions: Mapping[str, int], *, say: Callable[[str], None]) -> int:
    """Serve until SIGTERM or Ctrl-C, with topics by name and number of partitions; gives 0. Raises Failure, if one runs too.

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
