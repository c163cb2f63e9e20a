"""What an empty state says: what is awaited, and since when."""

from collections.abc import Mapping
from typing import Any

from graph.theme_settings import ThemeSettings
from prescribers.durations import rough_duration
from prescribers.moments import day_and_minute

LIVE_MS = 3_600_000
"""Events this fresh belong to a live feed, whose next boundary wall time will bring."""


def awaited(theme: ThemeSettings, counts: Mapping[str, Any] | None, now_ms: int) -> str:
    """Why a theme has no ranking yet. `counts`: its row of `sinks.clickhouse.queries.themes`, None before any event."""
    if not counts or not counts["events"]:
        feed = f"prescribers feed --theme {theme.name} FILE"
        return f"No ranking of {theme.name} yet: no event has come through. Feed some: {feed}; take them in: prescribers worker"
    first, last = counts["first_act_at"], counts["last_act_at"]
    received = f"received {counts['events']:,} events"
    if first is not None:
        received += f" since {day_and_minute(first)}"
    if last is None:
        return f"No ranking of {theme.name} yet: {received}, none of them an act to rank."
    boundary = (last // theme.step_ms + 1) * theme.step_ms + theme.lateness_ms
    if now_ms - last <= LIVE_MS:
        return f"No ranking of {theme.name} yet: {received}; first ranking in about {rough_duration((boundary - now_ms) / 1000)}."
    return (
        f"No ranking of {theme.name} yet: {received}; the first comes with an event after {day_and_minute(boundary)}, "
        "or when a historical feed is closed: prescribers feed --close FILE"
    )
