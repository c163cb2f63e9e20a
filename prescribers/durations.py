"""Durations as people write them, "28d" or "90m", and as the program holds them, milliseconds."""

import re

UNITS = {"ms": 1, "s": 1_000, "m": 60_000, "h": 3_600_000, "d": 86_400_000, "w": 604_800_000}
PATIENCE, TWO_DAYS = 100, 48
"""Up to here seconds and minutes, and hours, are easier to grasp than the next greater unit."""
_WRITTEN = re.compile(r"\s*(\d+)\s*(ms|s|m|h|d|w)\s*")


def duration_ms(text: str) -> int:
    """Milliseconds, at least one. Raises `ValueError` on anything but a whole number and a unit."""
    found = _WRITTEN.fullmatch(text)
    if found is None or not int(found[1]):
        raise ValueError(f'"{text}" is no duration: write a whole number and one of {", ".join(UNITS)}, like 28d')
    return int(found[1]) * UNITS[found[2]]


def duration_text(ms: int) -> str:
    """The shortest way to write it; the inverse of `duration_ms`. Weeks are written in days, as people compare them."""
    for unit in ("d", "h", "m", "s"):
        if ms and ms % UNITS[unit] == 0:
            return f"{ms // UNITS[unit]}{unit}"
    return f"{ms}ms"


def rough_duration(seconds: float) -> str:
    """About how long, for people who wait: "45 s", "12 min", "3 h 20 min", "4 days"."""
    whole = max(0, round(seconds))
    if whole < PATIENCE:
        return f"{whole} s"
    minutes = round(whole / 60)
    if minutes < PATIENCE:
        return f"{minutes} min"
    hours, rest = divmod(minutes, 60)
    if hours < TWO_DAYS:
        return f"{hours} h {rest} min" if rest else f"{hours} h"
    return f"{round(minutes / 1440)} days"
