"""How often runs are compared: once a week, or twice a window where that is shorter."""

from graph.theme_settings import DAY_MS, ThemeSettings

WEEK_MS = 7 * DAY_MS
THURSDAY_TO_MONDAY_MS = 3 * DAY_MS
"""Time is counted from a Thursday; weeks begin on Monday, 00:00 UTC."""


def period_of(end_ms: int, settings: ThemeSettings) -> int:
    """Number of the period that a run belongs to."""
    return (end_ms + THURSDAY_TO_MONDAY_MS) // min(WEEK_MS, settings.window_ms // 2)
