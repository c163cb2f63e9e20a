"""How much of a log to take in at once: much where it is cheap, little where each act may make the core rank."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

FEWEST, MOST = 8 * 1024, 640 * 1024
"""In bytes. Beyond about 2,000 acts a call no longer fits a processor's cache, and each costs more again."""
PATIENCE_S = 0.25
"""How long a call of the core may take, as far as that depends on how much it is given: checkpoints, a partition's next owner and
the end of the process wait for it, and so do its first publications for its last."""


class Stride:
    """Doubles while calls are short, halves while they are long. The state does not depend on it."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self.size = FEWEST * 4

    def reach(self, sizes: Sequence[int], start: int) -> int:
        """Where to stop in a row of records of so many bytes each: at least one record on from `start`."""
        taken, stop = 0, start
        while stop < len(sizes) and taken < self.size:
            taken += sizes[stop]
            stop += 1
        return stop

    @contextmanager
    def of(self, taken: int) -> Iterator[None]:
        """Time one call over so many bytes, and learn from it."""
        start = self._clock()
        yield
        took = self._clock() - start
        if took > PATIENCE_S:
            self.size = max(self.size // 2, FEWEST)
        elif took < PATIENCE_S / 4 and taken >= self.size:
            self.size = min(self.size * 2, MOST)
