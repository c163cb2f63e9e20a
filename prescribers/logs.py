"""Where log lines go: one `key=value` line each on stderr, from INFO on, times in UTC."""

import logging
import sys

import structlog


def configure_logs() -> None:
    """For the whole process; called once, when a command starts."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.LogfmtRenderer(key_order=["timestamp", "level", "event"]),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        # One write a line, also where nothing is buffered: the apps of a worker share the stream.
        logger_factory=structlog.WriteLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
