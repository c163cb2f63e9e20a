"""What becomes of each event of a batch: late, duplicate or accepted, and how far it moves the watermark."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from graph.batch import Batch
from graph.boundaries import BEGINNING, NEVER
from graph.interaction_log import InteractionLog
from graph.theme_settings import ThemeSettings


@dataclass(frozen=True, slots=True)
class Judgement:
    """By event from `start` on, shape (k,). `watermarks`: with that event; `furthest`: the event time it rests on (ms)."""

    start: int
    late: NDArray[np.bool_]
    duplicate: NDArray[np.bool_]
    watermarks: NDArray[np.int64]
    furthest: NDArray[np.int64]

    @property
    def end(self) -> int:
        """Position after the last event judged."""
        return self.start + self.late.size

    @property
    def accepted(self) -> NDArray[np.bool_]:
        """What becomes state."""
        taken: NDArray[np.bool_] = np.logical_not(self.late | self.duplicate)
        return taken

    def fresh_before(self, start: int, occurred_at: NDArray[np.int64], fresh: int) -> NDArray[np.int64]:
        """For each event from `start` on: the earliest accepted event before it that no run has seen, given that of before."""
        times = np.where(self.accepted[start - self.start :], occurred_at[start : self.end], NEVER)
        earliest: NDArray[np.int64] = np.minimum(np.concatenate([[NEVER], np.minimum.accumulate(times)[:-1]]), fresh)
        return earliest


def judge(batch: Batch, start: int, log: InteractionLog, furthest: int, settings: ThemeSettings) -> Judgement:
    """Judge events from `start` on, or as many as can be judged together. `furthest`: the latest event time so far.

    Lateness is looked at first: an event older than the horizon is late, whether or not its key is still known. Event times
    ahead of the broker's clock count as that clock's.
    """
    keys, occurred_at, received_at = batch.keys[start:], batch.occurred_at[start:], batch.received_at[start:]
    known = log.find_events(keys) >= 0
    first = _first_of_key(keys)
    again = first != np.arange(keys.size)
    capped = np.where(received_at > 0, np.minimum(occurred_at, received_at), occurred_at)
    reached = np.maximum(np.maximum.accumulate(np.where(known | again, BEGINNING, capped)), furthest)
    watermarks = np.maximum(reached - settings.lateness_ms, BEGINNING)
    late = occurred_at <= watermarks - settings.horizon_ms
    unsettled = np.flatnonzero(again & ~known & ~late & late[first])
    stop = int(unsettled[0]) if unsettled.size else keys.size
    return Judgement(
        start=start,
        late=late[:stop],
        duplicate=((known | again) & ~late)[:stop],
        watermarks=watermarks[:stop],
        furthest=reached[:stop],
    )


def _first_of_key(keys: NDArray[np.uint64]) -> NDArray[np.int64]:
    """For each event the position of the first one with its key."""
    ordered = np.sort(keys)
    if not bool((ordered[1:] == ordered[:-1]).any()):
        return np.arange(keys.size)
    _, first, inverse = np.unique(keys, return_index=True, return_inverse=True)
    found: NDArray[np.int64] = first[inverse]
    return found
