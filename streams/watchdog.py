"""A plain thread that ends a worker which no longer works: the supervisor restarts it, and the restart is exact.

A thread and no task, because Faust's own timers do not run before the first recovery, nor on a loop that is stuck. It also wakes
aiokafka's coordinator, see `streams.coordinator`.
"""

import os
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """What one look at the app found. `progress`: any value that changes when something moves; `beat_s`: the loop's last sign."""

    progress: object
    behind: bool
    beat_s: float
    coordinator_dead: bool = False
    stopping: bool = False


@dataclass(slots=True)
class Judge:
    """Decides from sightings alone, with their times given, whether the worker must end."""

    stall_s: float = 40.0
    _progress: object = field(default_factory=object)
    _since_s: float = 0.0

    def verdict(self, seen: Sighting, now_s: float) -> str | None:
        """Why it must end, or None."""
        if seen.stopping or seen.progress != self._progress or not seen.behind:
            self._progress, self._since_s = seen.progress, now_s
        if seen.stopping:
            return None
        if seen.coordinator_dead:
            return "the consumer's coordination task is dead"
        if now_s - seen.beat_s > self.stall_s:
            return f"the event loop has been stuck for {now_s - seen.beat_s:.0f} s"
        if now_s - self._since_s > self.stall_s:
            return f"nothing has moved for {now_s - self._since_s:.0f} s although records are waiting"
        return None

    def stalled_s(self, now_s: float) -> float:
        """For how long nothing has moved although records wait."""
        return now_s - self._since_s


class Watchdog(threading.Thread):
    """`look` reads the app; `unpark` wakes the coordinator; `end` takes the process down, without waiting for anything."""

    def __init__(
        self,
        look: Callable[[], Sighting],
        unpark: Callable[[], None],
        judge: Judge,
        *,
        end: Callable[[str], None] | None = None,
        pause_s: float = 1.0,
    ) -> None:
        super().__init__(name="watchdog", daemon=True)
        self._look = look
        self._unpark = unpark
        self._judge = judge
        self._end = end or end_process
        self._pause_s = pause_s
        self._finished = threading.Event()

    def run(self) -> None:
        """Once a second until finished."""
        while not self._finished.wait(self._pause_s):
            self._unpark()
            verdict = self._judge.verdict(self._look(), time.monotonic())
            if verdict is not None:
                self._end(verdict)
                return

    def finish(self) -> None:
        """Stop watching: the app is ending by itself."""
        self._finished.set()


def end_process(verdict: str) -> None:
    """Say why in one line and exit 1 at once: threads that hang must not keep a dead worker alive."""
    sys.stderr.write(f"prescribers: {verdict}; ending, so that a restart can go on where the last checkpoint was\n")
    sys.stderr.flush()
    os._exit(1)
