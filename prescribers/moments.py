"""Moments as people write and read them: dates and RFC 3339 outside, milliseconds UTC inside."""

from datetime import UTC, date, datetime

from graph.event_time import event_ms

MINUTE = "%Y-%m-%d %H:%M"


def moment_ms(text: str) -> int:
    """A date ("2020-03-01": its first instant, UTC) or an RFC 3339 time with its zone, in ms. Raises `ValueError`."""
    found = event_ms(text)
    if found is None:
        try:
            day = date.fromisoformat(text)
        except ValueError:
            raise ValueError(f'"{text}" is no time: write a date like 2026-11-23, or 2026-11-23T14:00:00Z') from None
        found = event_ms(f"{day.isoformat()}T00:00:00Z")
    if found is None:
        raise ValueError(f'"{text}" lies before 1970, where no event can be')
    return found


def rfc3339(ms: int) -> str:
    """RFC 3339 in UTC; milliseconds only where there are any."""
    seconds, rest = divmod(ms, 1000)
    written = datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S")
    return f"{written}.{rest:03d}Z" if rest else f"{written}Z"


def day_and_minute(ms: int, pattern: str = MINUTE) -> str:
    """For tables: "2026-11-23 14:00", UTC, or by another pattern of `strftime`."""
    return datetime.fromtimestamp(ms // 1000, UTC).strftime(pattern)
