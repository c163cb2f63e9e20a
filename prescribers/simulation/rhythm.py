"""When things happen: moments that follow the hours of the day and the days of the week."""

from collections.abc import Iterator
from random import Random

from graph.theme_settings import HOUR_MS
from prescribers.simulation.simulation_settings import SimulationSettings

HOURS = (2, 1, 1, 1, 1, 2, 4, 8, 12, 13, 12, 11, 12, 11, 11, 11, 12, 13, 14, 16, 17, 14, 9, 5)
"""Relative activity per hour UTC: a European day with an evening peak."""
WEEKDAYS = (1.0, 1.05, 1.05, 1.0, 0.95, 0.7, 0.75)
"""Monday first."""
EPOCH_WEEKDAY = 3
"""1970-01-01 was a Thursday."""
LULL, SWING = 0.8, 0.4


def moments(settings: SimulationSettings, rng: Random) -> Iterator[int]:
    """`settings.events` times in ms, in order, inside [start, end)."""
    weights = _hour_weights(settings, rng)
    scale = sum(weights)
    shares = sorted(rng.random() for _ in range(settings.events))
    hour, before, after = 0, 0.0, weights[0] / scale
    for share in shares:
        while share >= after and hour < len(weights) - 1:
            hour += 1
            before, after = after, after + weights[hour] / scale
        inside = min((share - before) / (after - before), 1 - 1 / HOUR_MS)
        yield settings.start_ms + hour * HOUR_MS + int(inside * HOUR_MS)


def _hour_weights(settings: SimulationSettings, rng: Random) -> list[float]:
    first_hour = settings.start_ms // HOUR_MS
    return [
        HOURS[(first_hour + hour) % 24]
        * WEEKDAYS[((first_hour + hour) // 24 + EPOCH_WEEKDAY) % 7]
        * (LULL + SWING * rng.random())
        for hour in range(settings.days * 24)
    ]
