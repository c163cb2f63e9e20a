"""How many records to take in at once: many where they are cheap, few where each may make the core rank."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

FEWEST, MOST = 32, 8192
PATIENCE_S = 0.25
"""How long one synchronous call may hold the event loop: heartbeats, health and snapshots wait meanwhile."""


class Stride:
    """Doubles while calls are short, halves while they are long. The state does not depend on it."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self.size = FEWEST * 4

    @contextmanager
    def of(self, records: int) -> Iterator[None]:
        """Time one call over so many records, and learn from it."""
        start = self._clock()
        yield
        took = self._clock() - start
        if took > PATIENCE_S:
            self.size = max(self.size // 2, FEWEST)
        elif took < PATIENCE_S / 4 and records == self.size:
            self.size = min(self.size * 2, MOST)
