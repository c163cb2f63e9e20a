"""Decode, dedup, intern and append a log of interactions, over bare `orjson.loads` of the same acts, a document each."""

import orjson

from bench.conversation import Shape, documents, records
from bench.measure import interleaved
from bench.outcome import Line, Outcome, ratios
from graph.batch import Batch
from graph.log_record import decode_records
from graph.theme_settings import DAY_MS, ThemeSettings
from graph.theme_state import ThemeState
from graph.undoings import Undoings

BATCH = 32
"""Records, each of many interactions."""
SMOKE, FULL = 60_000, 1_000_000
REPEATS = 5


def measure(*, full: bool) -> list[Line]:
    """Events per CPU second of the core's intake over those of the parser alone; no run falls due in between."""
    size = FULL if full else SMOKE
    shape = Shape(events=size)
    values, single = list(records(shape)), list(documents(shape))
    settings = ThemeSettings(name="bench", step_ms=DAY_MS)

    def take_in() -> ThemeState:
        state = ThemeState(settings, Undoings())
        for start in range(0, len(values), BATCH):
            state.apply(Batch(decode_records(values[start : start + BATCH])))
        return state

    def parse() -> None:
        for document in single:
            orjson.loads(document)

    ours, theirs = interleaved(REPEATS, take_in, parse)
    each, alone = sum(map(len, values)) // size, sum(map(len, single)) // size
    detail = (
        f"{size:,} interactions, {each} bytes each in the log and {alone} alone; {size / min(ours):,.0f} taken in per CPU second"
    )
    name = "decode + dedup + intern + append"
    return [Outcome(name=name, peer="orjson.loads", ratios=ratios(theirs, ours), target=0.5, detail=detail)]
