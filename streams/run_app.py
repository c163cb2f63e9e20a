"""One app from start to exit status: connect, run until a signal or a failure, save, leave the group."""

import asyncio
import os
import signal
import sys
from collections.abc import Callable, Coroutine
from functools import partial
from pathlib import Path
from typing import Any

import structlog

from streams.app_loop import AppLoop
from streams.halt import Halt, Halting, RefusedDataError
from streams.kafka_failures import KafkaUnreachableError
from streams.library_logs import route_library_logs
from streams.local_place import make_state_directory
from streams.metrics import Metrics
from streams.run_settings import RunSettings
from streams.snapshot_place import SnapshotPlaceError
from streams.topics import TopicMismatchError
from streams.watched import watch
from streams.work import Work

DONE, FAILED, MISCONFIGURED, UNREACHABLE, REFUSED = range(5)
STATUS_BY_ERROR: dict[type[BaseException], int] = {
    KafkaUnreachableError: UNREACHABLE,
    SnapshotPlaceError: UNREACHABLE,
    TopicMismatchError: MISCONFIGURED,
    RefusedDataError: REFUSED,
}
"""Errors whose message is meant for people; any other is one that nobody foresaw."""
LEAVING_S = 20.0
_log = structlog.get_logger(__name__)


def run_app(name: str, topics: tuple[str, ...], settings: RunSettings, make_work: Callable[[Metrics], Work]) -> int:
    """Blocks until SIGTERM, SIGINT or a failure. Returns the exit status, having said in one line on stderr what went wrong.

    Main thread only: it takes the signals. Where a library's thread hangs at the end it ends the process itself, same status.
    """
    runner = asyncio.Runner()
    status, left = runner.run(_serve(name, topics, settings, make_work))
    if not left:
        sys.stderr.flush()
        os._exit(status)
    runner.close()
    return status


async def _serve(
    name: str, topics: tuple[str, ...], settings: RunSettings, make_work: Callable[[Metrics], Work]
) -> tuple[int, bool]:
    """Exit status, and whether everything has ended."""
    halt, opened = Halt(), False
    route_library_logs(lambda: opened and not halt.decided)
    running = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        running.add_signal_handler(number, halt.ask)
    metrics = Metrics()
    work = make_work(metrics)
    left = True
    try:
        if opened := await _opened(settings.faust_dir, work, halt):
            loop = AppLoop(settings.kafka.group(name), topics, settings, work, halt)
            loop.guard(metrics, partial(watch, settings, metrics))
            halting = await loop.run()
            left = await _in_time(loop.leave())
        else:
            halting = await halt.wait()
    finally:
        left = await _in_time(work.close()) and left
    return _report(name, halting), left


async def _opened(directory: Path, work: Work, halt: Halt) -> bool:
    """Whether the work could connect before anything halted the app."""
    opening = asyncio.create_task(_open(directory, work))
    halted = asyncio.create_task(halt.wait())
    await asyncio.wait({opening, halted}, return_when=asyncio.FIRST_COMPLETED)
    for task in (opening, halted):
        task.cancel()
    [failure, _] = await asyncio.gather(opening, halted, return_exceptions=True)
    if isinstance(failure, Exception):
        halt.fail(failure)
    return not halt.decided


async def _open(directory: Path, work: Work) -> None:
    await asyncio.to_thread(make_state_directory, directory)
    await work.open()


async def _in_time(ending: Coroutine[Any, Any, None]) -> bool:
    """Whether an ending ended. What was to be saved is saved by now, so its errors are only told."""
    task = asyncio.create_task(ending)
    done, _ = await asyncio.wait({task}, timeout=LEAVING_S)
    if done and not task.cancelled() and (error := task.exception()) is not None:
        _log.warning("leaving was not clean", cause=type(error).__name__)
    return bool(done)


def _report(name: str, halting: Halting) -> int:
    error = halting.error
    if error is None:
        _log.info("ended cleanly", app=name)
        return DONE
    for kind, status in STATUS_BY_ERROR.items():
        if isinstance(error, kind):
            sys.stderr.write(f"prescribers {name}: {error}\n")
            return status
    said = str(error).partition("\n")[0] or "no message"
    sys.stderr.write(
        f"prescribers {name}: failed unexpectedly ({type(error).__name__}: {said}). A restart goes on at the last checkpoint.\n"
    )
    return FAILED
