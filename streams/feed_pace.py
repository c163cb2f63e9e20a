"""How fast a feed may go: at most so many events a second, and never too far ahead of the pipeline."""

import time
from collections.abc import Callable
from dataclasses import dataclass

import structlog

CHUNK_LINES = 500
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

    Lag is asked only when the room known of is used up, so a pipeline that keeps up costs next to nothing.
    """

    def __init__(self, limit: int, *, lag: Callable[[], int], in_flight: Callable[[], int], timing: Timing) -> None:
        if limit < 1:
            raise ValueError(f"the largest lag {limit} is below 1; for example 20000")
        self._limit = limit
        self._lag = lag
        self._in_flight = in_flight
        self._timing = timing
        self._room = 0

    def admit(self, lines: int) -> None:
        """Return once `lines` more may be sent; a request above the limit waits for an idle pipeline."""
        since = self._timing.clock()
        warned = False
        while self._room < min(lines, self._limit):
            # In flight is asked first: what is acknowledged in between is then counted twice, never missed.
            in_flight = self._in_flight()
            self._room = self._limit - self._lag() - in_flight
            if self._room >= min(lines, self._limit):
                break
            if not warned and self._timing.clock() - since > STUCK_S:
                warned = True
                _log.warning("feed waits for the pipeline; is a worker running?", room=self._room, max_lag=self._limit)
            self._timing.sleep(LAG_PAUSE_S)
        self._room -= lines
