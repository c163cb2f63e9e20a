"""When an evaluation looks back, and how far ahead: the windows of one conversation, and its cut dates."""

from dataclasses import dataclass

from graph.theme_settings import DAY_MS, HOUR_MS

FEWEST_CANDIDATES, FEWEST_RESPONDERS = 30, 20
"""Fewer candidates, or fewer people who respond to anybody, and the date says nothing."""
LEAST_SHOWN, MOST_SHOWN, SHARE_SHOWN = 10, 50, 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Durations in ms. `first_ms`: of the first cut date after the first act; None is 3/2 of the window, on the hour."""

    window_ms: int = 28 * DAY_MS
    half_life_ms: int = 10 * DAY_MS
    outcome_ms: int = 14 * DAY_MS
    every_ms: int = 14 * DAY_MS
    first_ms: int | None = None
    addressed: bool = False
    """Candidates are those who acted in the window, and, where this is set, those who were only acted toward."""

    def dates(self, first_act_ms: int, last_act_ms: int) -> list[int]:
        """Cut dates (ms UTC) whose outcome period the conversation covers."""
        start = first_act_ms + (self.window_ms * 3 // 2 if self.first_ms is None else self.first_ms)
        start = -(-start // HOUR_MS) * HOUR_MS
        return list(range(start, last_act_ms - self.outcome_ms + 1, self.every_ms))


def shown(candidates: int) -> int:
    """k: how many of the candidates a list would show."""
    return min(max(round(SHARE_SHOWN * candidates), LEAST_SHOWN), MOST_SHOWN)
