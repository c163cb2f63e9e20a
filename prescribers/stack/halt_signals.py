"""Waiting for SIGTERM or Ctrl-C in a process whose libraries run threads of their own."""

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager

_HALT = frozenset({signal.SIGTERM, signal.SIGINT})


@contextmanager
def halt_signals() -> Iterator[Callable[[], object]]:
    """Gives the wait. Enter before any thread starts: all inherit the block, so that the signal can only reach the wait.

    A Python handler would not do: when the kernel picks an engine's thread, the main thread sleeps on in its lock.
    """
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _HALT)
    try:
        yield lambda: signal.sigwait(_HALT)
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
