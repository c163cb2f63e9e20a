"""Values as the warehouse's client gives them, for people and for programs."""

from datetime import UTC, date, datetime

from prescribers.moments import rfc3339
from prescribers.plain_text import plain


def shown(value: object) -> str:
    """For a terminal: empty where there is nothing, times to the second unless they have a rest."""
    if isinstance(value, float):
        return f"{value:.6g}"
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M:%S") + (f".{value.microsecond // 1000:03d}" if value.microsecond else "")
    if isinstance(value, bytes):
        return plain(_text(value))
    return "" if value is None else plain(str(value))


def plain_json(value: object) -> object:
    """For JSON: times RFC 3339 UTC, numbers as they are, and text for whatever JSON has no form of."""
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, datetime):
        moment = value if value.tzinfo else value.replace(tzinfo=UTC)
        return rfc3339(round(moment.timestamp() * 1000))
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, dict):
        return {str(key): plain_json(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain_json(item) for item in value]
    return _text(value) if isinstance(value, bytes) else str(value)


def _text(value: bytes) -> str:
    return value.decode(errors="backslashreplace")
