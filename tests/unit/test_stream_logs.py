"""What libraries log comes through once, as one line, and not at all where we tell the failure ourselves."""

import logging

from structlog.testing import capture_logs

from streams.library_logs import REPEAT_AFTER_S, OneLine


def record(message: str) -> logging.LogRecord:
    return logging.LogRecord("aiokafka.conn", logging.ERROR, "conn.py", 1, message, (), None)


def test_a_storm_of_repeats_is_one_line_until_time_has_passed() -> None:
    now = [0.0]
    handler = OneLine(lambda: True, clock=lambda: now[0])
    with capture_logs() as logs:
        for _ in range(50):
            handler.emit(record("Unable to connect\nTraceback (most recent call last):"))
        now[0] = REPEAT_AFTER_S
        handler.emit(record("Unable to connect"))
    assert [entry["message"] for entry in logs] == ["Unable to connect"] * 2
    assert logs[0]["library"] == "aiokafka"


def test_nothing_is_said_while_we_speak_for_it() -> None:
    with capture_logs() as logs:
        OneLine(lambda: False).emit(record("Unable to connect"))
    assert logs == []
