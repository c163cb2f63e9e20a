"""A theme filled as `rank` fills it, its ranking run, and the same window as the edges of a graph library."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from bench.conversation import ACTS_PER_ACTOR, START_MS, Shape, records
from graph.batch import Batch
from graph.log_record import decode_records
from graph.rank_theme import Ranker, Seen
from graph.run import RankingRun
from graph.taking_in import Resolved, take_in
from graph.theme_graph import ThemeGraph
from graph.theme_settings import DAY_MS, MINUTE_MS, ThemeSettings
from graph.trust import TrustChain
from graph.window import window_at

BATCH = 80
"""Records, each of many interactions."""
SETTINGS = ThemeSettings(name="bench")
END_MS = START_MS + SETTINGS.window_ms


@dataclass(frozen=True, slots=True)
class Theme:
    """A full window of interactions, to be ranked at `END_MS`."""

    events: int
    graph: ThemeGraph
    seen: Seen


@dataclass(frozen=True, slots=True)
class Edges:
    """Ordered pairs of a window, shape (p,) each: `weights[k]` interactions from `src[k]` to `dst[k]`, actors numbered from 0."""

    actors: int
    src: NDArray[np.int64]
    dst: NDArray[np.int64]
    weights: NDArray[np.float64]


def fill_theme(events: int) -> Theme:
    """Decoded, laid out as rows and appended in batches, as the app does; the judging of late and repeated ones is left out."""
    theme = Theme(events, ThemeGraph(), Seen(END_MS, {0: events - 1}))
    theme.graph.log.rebase(START_MS // DAY_MS * DAY_MS)
    _take_in(theme, Shape(events=events, theme=SETTINGS.name, span_ms=SETTINGS.window_ms))
    return theme


def one_more_minute(theme: Theme, minute: int) -> None:
    """The events of the `minute`-th minute after the window, as many as in the average one of it."""
    events = max(theme.events * MINUTE_MS // SETTINGS.window_ms, 1)
    start_ms, first, actors = END_MS + minute * MINUTE_MS, theme.events + minute * events, theme.events // ACTS_PER_ACTOR
    _take_in(theme, Shape(events=events, theme=SETTINGS.name, start_ms=start_ms, span_ms=MINUTE_MS, first=first, actors=actors))


def _take_in(theme: Theme, shape: Shape) -> None:
    for part in batches(records(shape)):
        batch = Batch(decode_records(part))
        take_in(batch, np.arange(batch.size), theme.graph, Resolved([], []))


def new_ranker() -> Ranker:
    """One that has ranked nothing and published nothing."""
    return Ranker(SETTINGS, TrustChain(), np.zeros(0, dtype=np.uint64))


def cold_ranker(theme: Theme) -> Ranker:
    """As new, in an epoch that has begun: circles are found, and lists sealed, where the next one does."""
    ranker = new_ranker()
    ranker.chain.epoch, ranker.circles.known = ranker.epoch_of(END_MS), len(theme.graph.actors)
    return ranker


def rank(theme: Theme, ranker: Ranker, end_ms: int = END_MS) -> RankingRun:
    """The whole run, evidence included. Raises `RuntimeError` where the ranker finds nobody, which would measure nothing."""
    run = ranker.run(theme.graph, end_ms, theme.seen)
    if run is None or not run.rows["rank"]:
        raise RuntimeError("the theme that was filled for measuring ranks nobody")
    return run


def edges_of(theme: Theme) -> Edges:
    """What a graph library is given: the acts of the window that have a target, as many to a pair as its weight says."""
    window = window_at(theme.graph.log, theme.graph.actors, END_MS, SETTINGS.window_ms)
    actors = window.numbers.size
    aimed = window.dst >= 0
    pair, count = np.unique(window.src[aimed].astype(np.int64) * actors + window.dst[aimed], return_counts=True)
    return Edges(actors, pair // actors, pair % actors, count.astype(np.float64))


def batches(values: Iterator[bytes], size: int = BATCH) -> Iterator[list[bytes]]:
    """`size` of them at a time."""
    while batch := list(islice(values, size)):
        yield batch
