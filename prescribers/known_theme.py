"""Whether a theme exists, for a warehouse that has no ranking of it."""

import time

from graph.theme_settings import ThemeSettings
from prescribers.awaited import awaited
from prescribers.failures import NotFoundFailure
from prescribers.moments import day_and_minute, rfc3339
from prescribers.settings import Settings
from sinks.clickhouse import queries
from sinks.clickhouse.warehouse import Warehouse


def explain_absence(warehouse: Warehouse, settings: Settings, theme: str, at: int | None, score_version: str = "") -> str:
    """Why there is no ranking of a theme as of a time, in one line.

    Raises `NotFoundFailure` for a theme nobody knows, and for a score version that has not ranked it by then.
    """
    counts = {row["theme"]: row for row in queries.themes(warehouse)}
    if theme not in counts and theme not in settings.themes:
        known = ", ".join(sorted({*counts, *settings.themes})) or "none yet: feed events, and let prescribers worker take them in"
        raise NotFoundFailure(f"There is no theme {theme}. There are: {known}")
    if score_version:
        raise NotFoundFailure(_other_versions(warehouse, theme, score_version))
    found = counts.get(theme)
    if found and found["first_run_at"] is not None:
        moment = rfc3339(at or 0)
        return f"No ranking of {theme} as of {moment}: the first is of {day_and_minute(found['first_run_at'])} UTC."
    return awaited(settings.themes.get(theme) or ThemeSettings(name=theme), found, time.time_ns() // 1_000_000)


def _other_versions(warehouse: Warehouse, theme: str, score_version: str) -> str:
    ranked = queries.versions(warehouse, theme)
    told = ", ".join(
        f"{row['score_name']} ({row['score_version']}) from {day_and_minute(row['first_run_at'])} UTC" for row in ranked
    )
    return f"No ranking of {theme} under that score ({score_version}) by then. Ranked under: {told or 'none yet'}"
