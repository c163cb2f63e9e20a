"""What Faust and aiokafka log, in our form: warnings and worse as one line each, no tracebacks, no storm of repeats."""

import logging
import time
from collections.abc import Callable

import structlog

LIBRARIES = ("faust", "mode", "aiokafka", "kafka", "asyncio")
REPEAT_AFTER_S = 30.0
_log = structlog.get_logger("library")


class OneLine(logging.Handler):
    """Forwards a record's first line; the same line again only after `REPEAT_AFTER_S`."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__(logging.WARNING)
        self._clock = clock
        self._said: dict[str, float] = {}

    def emit(self, record: logging.LogRecord) -> None:
        """Never raises: a log must not stop an app."""
        line = record.getMessage().strip().partition("\n")[0][:300]
        now = self._clock()
        if now - self._said.get(line, -REPEAT_AFTER_S) < REPEAT_AFTER_S:
            return
        if len(self._said) > 1000:  # noqa: PLR2004 - messages with numbers in them must not fill memory
            self._said.clear()
        self._said[line] = now
        _log.warning("library says", library=record.name.partition(".")[0], level=record.levelname.lower(), message=line)


def quiet_libraries() -> None:
    """Route the libraries' logs through one handler; called when an app starts, never at import."""
    handler = OneLine()
    for name in LIBRARIES:
        logger = logging.getLogger(name)
        logger.handlers = [handler]
        logger.propagate = False
        logger.setLevel(logging.WARNING)
