"""Event time on the wire: integer milliseconds UTC, or RFC 3339 text."""

import re
from datetime import UTC, datetime

RFC_3339 = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)", re.ASCII)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
LATEST_MS = 253_402_300_799_999
"""The last millisecond of the year 9999, the end of RFC 3339."""


def event_ms(value: int | str) -> int | None:
    """Milliseconds UTC, or None where it is no time, has no zone, or lies before 1970 or after 9999."""
    if isinstance(value, str):
        parsed = _parse(value)
        if parsed is None:
            return None
        value = parsed
    return value if 0 <= value <= LATEST_MS else None


def _parse(text: str) -> int | None:
    if not RFC_3339.fullmatch(text):
        return None
    try:
        elapsed = datetime.fromisoformat(text.upper()) - EPOCH
    except (ValueError, OverflowError):
        return None
    return (elapsed.days * 86_400 + elapsed.seconds) * 1000 + elapsed.microseconds // 1000
