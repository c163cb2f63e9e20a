"""How fast a feed may go: at most so many events a second, and never too far ahead of the pipeline."""

import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import structlog
import zstandard

CHUNK_LINES = 500
SHORT_CHUNK_LINES = 50
LAG_PAUSE_S = 0.5
STUCK_S = 10.0
_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Timing:
    """Clock and sleep, so that tests need neither. Seconds."""

    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep


class Pace:
    """Holds `rate` events a second on average from the first on; without a rate, never waits."""

    def __init__(self, rate: float | None, timing: Timing) -> None:
        if rate is not None and rate <= 0:
            raise ValueError(f"rate {rate} is not above 0; for example 500")
        self._rate = rate
        self._timing = timing
        self._start = timing.clock()
        self._sent = 0

    @property
    def chunk(self) -> int:
        """How many lines to send at once: a tenth of a second's worth, so that the flow is even."""
        return CHUNK_LINES if self._rate is None else max(1, min(CHUNK_LINES, int(self._rate / 10)))

    def wait(self, lines: int) -> None:
        """Account for lines just sent and sleep until the next may go."""
        self._sent += lines
        if self._rate is not None:
            ahead = self._sent / self._rate - (self._timing.clock() - self._start)
            if ahead > 0:
                self._timing.sleep(ahead)


class LagGate:
    """Keeps the pipeline at most `limit` records behind: `lag()`, still to be read, plus `in_flight()`, not in the log yet.

    With `limit_bytes` those records' bytes are bounded too, for a log that forgets what is not read in time. Lag is asked only
    when the room known of is used up, so a pipeline that keeps up costs next to nothing.
    """

    def __init__(
        self,
        limit: int,
        *,
        lag: Callable[[], int],
        in_flight: Callable[[], int],
        timing: Timing,
        limit_bytes: int | None = None,
    ) -> None:
        if limit < 1:
            raise ValueError(f"the largest lag {limit} is below 1; for example 20000")
        self._limit = limit
        self._limit_bytes = limit_bytes
        self._lag = lag
        self._in_flight = in_flight
        self._timing = timing
        self._behind = limit
        self._sizes: deque[tuple[int, int]] = deque()
        self._bytes = 0

    @property
    def chunk(self) -> int:
        """How many lines to ask for at once: few where bytes are bounded, since a chunk above the bound passes alone."""
        return CHUNK_LINES if self._limit_bytes is None else SHORT_CHUNK_LINES

    def admit(self, lines: Sequence[bytes | None]) -> None:
        """Return once `lines` may be sent; what is above a limit by itself waits until nothing else is behind."""
        size = self._size(lines)
        since = self._timing.clock()
        warned = False
        while not self._fits(len(lines), size):
            # In flight is asked first: what is acknowledged in between is then counted twice, never missed.
            in_flight = self._in_flight()
            self._behind = self._lag() + in_flight
            self._forget()
            if not self._behind or self._fits(len(lines), size):
                break
            if not warned and self._timing.clock() - since > STUCK_S:
                warned = True
                _log.warning("feed waits for the pipeline; is a worker running?", behind=self._behind, max_lag=self._limit)
            self._timing.sleep(LAG_PAUSE_S)
        self._behind += len(lines)
        self._bytes += size
        self._sizes.append((len(lines), size))

    def _fits(self, lines: int, size: int) -> bool:
        within = self._limit_bytes is None or self._bytes + size <= self._limit_bytes
        return within and self._behind + lines <= self._limit

    def _forget(self) -> None:
        """Drop the sizes of what has been read: all but the newest sendings, which still hold `_behind` records."""
        held = sum(lines for lines, _ in self._sizes)
        while self._sizes and held - self._sizes[0][0] >= self._behind:
            lines, size = self._sizes.popleft()
            held -= lines
            self._bytes -= size

    def _size(self, lines: Sequence[bytes | None]) -> int:
        """Bytes as they will lie in the log, which is compressed."""
        if self._limit_bytes is None:
            return 0
        return len(zstandard.compress(b"\n".join(line for line in lines if line is not None), 1))
