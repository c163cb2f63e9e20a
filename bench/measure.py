"""CPU seconds and resident bytes, measured fairly: interleaved repeats, garbage collected before, memory in a fresh process."""

import ctypes
import gc
import os
import time
from collections.abc import Callable
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path

PAGE = os.sysconf("SC_PAGE_SIZE")
CPU_CLOCK = 2
"""CPUCLOCK_SCHED: with a process id above it, the clock that `clock_getcpuclockid` would name."""


def cpu_seconds(work: Callable[[], object]) -> float:
    """CPU seconds of this process (all threads, user and system) that `work` took; its result is freed after the clock stops."""
    gc.collect()
    before = time.process_time()
    result = work()
    spent = time.process_time() - before
    del result
    return spent


def interleaved(repeats: int, *works: Callable[[], object]) -> list[list[float]]:
    """CPU seconds of each work in turn, `repeats` times around: shape (works, repeats)."""
    spent: list[list[float]] = [[] for _ in works]
    for _ in range(repeats):
        for times, work in zip(spent, works, strict=True):
            times.append(cpu_seconds(work))
    return spent


def cpu_seconds_of(pid: int) -> float:
    """CPU seconds that another process of this machine has used so far, all its threads, to the nanosecond (Linux)."""
    return time.clock_gettime((~pid << 3) | CPU_CLOCK)


def resident_bytes_of(build: Callable[[Path], object], warm_up: Path, source: Path) -> int:
    """How much more memory a fresh process holds once `build(source)` is done, freed memory given back first.

    The result of `build(warm_up)`, a small one, is held meanwhile: so one-time costs (libraries, a batch's buffers) do not count.
    """
    context = get_context("spawn")
    receiver, sender = context.Pipe(duplex=False)
    child = context.Process(target=_hold, args=(build, warm_up, source, sender))
    child.start()
    sender.close()
    try:
        return int(receiver.recv())
    finally:
        child.join()


def _hold(build: Callable[[Path], object], warm_up: Path, source: Path, sender: Connection) -> None:
    small = build(warm_up)
    before = _resident()
    large = build(source)
    sender.send(_resident() - before)
    del small, large


def _resident() -> int:
    gc.collect()
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)
    return int(Path("/proc/self/statm").read_text().split()[1]) * PAGE
