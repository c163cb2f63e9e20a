"""What Faust and aiokafka log, in our form: warnings and worse as one line each, no tracebacks, no storm of repeats."""

import logging
import time
from collections.abc import Callable

import structlog

LIBRARIES = ("faust", "mode", "aiokafka", "kafka", "asyncio")
REPEAT_AFTER_S = 30.0
MOST_LINES = 1000
"""Messages with numbers in them must not fill memory."""
_log = structlog.get_logger("library")


class OneLine(logging.Handler):
    """Forwards a record's first line while `heard()`; the same line again only after `REPEAT_AFTER_S`."""

    def __init__(self, heard: Callable[[], bool], clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__(logging.WARNING)
        self._heard = heard
        self._clock = clock
        self._said: dict[str, float] = {}

    def emit(self, record: logging.LogRecord) -> None:
        """Never raises: a log must not stop an app."""
        line = record.getMessage().strip().partition("\n")[0][:300]
        now = self._clock()
        if not self._heard() or now - self._said.get(line, -REPEAT_AFTER_S) < REPEAT_AFTER_S:
            return
        if len(self._said) > MOST_LINES:
            self._said.clear()
        self._said[line] = now
        _log.warning("library says", library=record.name.partition(".")[0], level=record.levelname.lower(), message=line)


def route_library_logs(heard: Callable[[], bool]) -> None:
    """All through one handler; called when an app starts, never at import.

    `heard`: false while a failure will be told in our own words, in one line, at the end.
    """
    handler = OneLine(heard)
    for name in LIBRARIES:
        logger = logging.getLogger(name)
        logger.handlers = [handler]
        logger.propagate = False
        logger.setLevel(logging.WARNING)
