"""Decode, dedup, intern and append a log of interactions, over bare `orjson.loads` of the same bytes."""

import orjson

from bench.conversation import Shape, interactions
from bench.measure import interleaved
from bench.outcome import Line, Outcome, ratios
from graph.interaction import decode_interactions
from graph.theme_settings import DAY_MS, ThemeSettings
from graph.theme_state import ThemeState
from graph.undoings import Undoings

BATCH = 5_000
SMOKE, FULL = 60_000, 1_000_000
REPEATS = 5


def measure(*, full: bool) -> list[Line]:
    """Events per CPU second of the core's intake over those of the parser alone; no run falls due in between."""
    values = list(interactions(Shape(events=FULL if full else SMOKE)))
    settings = ThemeSettings(name="bench", step_ms=DAY_MS)

    def take_in() -> ThemeState:
        state = ThemeState(settings, Undoings())
        for start in range(0, len(values), BATCH):
            batch = values[start : start + BATCH]
            state.apply(decode_interactions(batch), batch)
        return state

    def parse() -> None:
        for value in values:
            orjson.loads(value)

    ours, theirs = interleaved(REPEATS, take_in, parse)
    size = sum(map(len, values)) // len(values)
    detail = f"{len(values):,} interactions of {size} bytes, {len(values) / min(ours):,.0f} taken in per CPU second"
    name = "decode + dedup + intern + append"
    return [Outcome(name=name, peer="orjson.loads", ratios=ratios(theirs, ours), target=0.5, detail=detail)]
