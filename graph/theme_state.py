"""One theme: its rows, its clock and its trust, advanced by `apply`, which yields a ranking run per step boundary crossed."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import msgspec
import numpy as np

from graph.actors import Actors
from graph.batch import Batch
from graph.boundaries import BEGINNING, NEVER, Boundaries
from graph.fates import Fates
from graph.forgetting import forget_actors
from graph.interaction_log import InteractionLog
from graph.judgement import Judgement, judge
from graph.parked import Parked
from graph.rank_theme import Seen
from graph.run import RankingRun
from graph.taking_in import Resolved, take_in
from graph.theme_graph import ThemeGraph
from graph.theme_settings import DAY_MS, HOUR_MS, ThemeSettings
from graph.undo import undo_messages
from graph.undoings import Undoings
from graph.versions import Versions
from graph.volumes import Shelf

Wanted = Callable[[str, int], bool]
"""(theme, boundary) -> whether a run is to be computed there; the schedule is the same either way."""


@dataclass(frozen=True, slots=True)
class Applied:
    """What a batch led to: runs; which events are late; which were taken in; targets resolved (see `Resolved`)."""

    runs: list[RankingRun]
    late: list[int]
    accepted: list[int]
    resolved: Resolved


class ThemeState:
    """A deterministic function of the theme's log, whatever the batches."""

    __slots__ = (
        *("_boundaries", "_delay", "_furthest", "_graph", "_undoings", "_unsettled", "_versions"),
        *("_wanted", "fates", "settings"),
    )

    def __init__(
        self, settings: ThemeSettings, undoings: Undoings, wanted: Wanted | None = None, *, whole_evidence: bool = False
    ) -> None:
        self.settings = settings
        self.fates = Fates()
        self._graph = ThemeGraph()
        self._undoings = undoings
        self._unsettled: set[int] = set()
        self._boundaries = Boundaries(settings.step_ms)
        self._versions = Versions.of(settings, whole=whole_evidence)
        self._wanted = wanted
        self._furthest = BEGINNING
        self._delay = NEVER

    @property
    def parked(self) -> Parked:
        """Replies that wait for their parent."""
        return self._graph.parked

    @property
    def evicted(self) -> int:
        """Entries that left a bounded table: parked replies that found it full, actors of whom nothing is left."""
        return self._graph.parked.evicted + self._graph.actors.forgotten

    @property
    def rows(self) -> int:
        """Rows held."""
        return len(self._graph.log)

    def apply(self, batch: Batch) -> Applied:
        """Take in acts of this theme in order."""
        applied = Applied([], [], [], Resolved([], []))
        position = 0
        while position < batch.size:
            judgement = judge(batch, position, self._graph.log, self._furthest, self.settings)
            position = self._follow(batch, judgement, applied)
        return applied

    def tick(self, now_ms: int) -> list[RankingRun]:
        """Time passed without events. Only a live theme heeds it: one whose events arrive about as they occur."""
        if self._delay > HOUR_MS or now_ms <= self._furthest:
            return []
        self._furthest = now_ms
        return self._advance(now_ms - self.settings.lateness_ms)

    def close(self) -> list[RankingRun]:
        """A historical feed ended: its last step is ranked as if time had gone on to the next boundary."""
        if self._furthest == BEGINNING:
            return []
        boundary = -(-self._furthest // self.settings.step_ms) * self.settings.step_ms
        self._furthest = max(self._furthest, boundary + self.settings.lateness_ms)
        return self._advance(boundary)

    def undo(self, message_key: int) -> None:
        """A message was edited or deleted; the next run will see it."""
        self._unsettled.add(message_key)

    def _follow(self, batch: Batch, judgement: Judgement, applied: Applied) -> int:
        """Take in what was judged, ranking before each event that crosses a boundary; returns where to go on."""
        position = judgement.start
        while position < judgement.end:
            at = position - judgement.start
            fresh = judgement.fresh_before(position, batch.occurred_at, self._boundaries.fresh)
            due = self._boundaries.first_due(judgement.watermarks[at:], fresh)
            stop = judgement.end if due is None else position + due
            self._take_in(batch, judgement, position, stop, applied)
            position = stop
            if due is not None:
                held = len(self._graph.log)
                applied.runs.extend(self._advance(int(judgement.watermarks[stop - judgement.start])))
                if len(self._graph.log) < held:
                    break
        return position

    def _take_in(self, batch: Batch, judgement: Judgement, start: int, stop: int, applied: Applied) -> None:
        if start == stop:
            return
        span = slice(start - judgement.start, stop - judgement.start)
        late, duplicate = judgement.late[span], judgement.duplicate[span]
        self.fates.count(batch.part(np.arange(start, stop)), late, duplicate)
        self._furthest = int(judgement.furthest[span][-1])
        self._cross(int(judgement.watermarks[span][-1]))
        positions = np.flatnonzero(~(late | duplicate)) + start
        applied.late.extend((np.flatnonzero(late) + start).tolist())
        if positions.size:
            applied.accepted.extend(positions.tolist())
            messages = take_in(batch, positions, self._graph, applied.resolved)
            if self._undoings:
                self._unsettled.update(key for key in messages.tolist() if key in self._undoings)
            self._boundaries.fresh = min(self._boundaries.fresh, int(batch.occurred_at[positions].min()))
            last = int(positions[-1])
            self._delay = int(batch.received_at[last] - batch.occurred_at[last]) if batch.received_at[last] else NEVER

    def _advance(self, watermark: int) -> list[RankingRun]:
        runs: list[RankingRun] = []
        while (boundary := self._boundaries.due(watermark)) is not None:
            self._settle(boundary)
            wanted = self._wanted is None or self._wanted(self.settings.name, boundary)
            runs += self._versions.run(self._graph, boundary, Seen(watermark, self.fates.origins), wanted=wanted)
            if forgotten := self._graph.log.forget(boundary - self.settings.horizon_ms):
                self._graph.parked.shift(forgotten)
                self._versions.forget(forgotten)
                forget_actors(self._graph, list(self._versions))
            log = self._graph.log
            fresh = log.times.first_after(slice(log.first, log.size), boundary)
            self._boundaries.crossed = boundary
            self._boundaries.fresh = NEVER if fresh is None else fresh
        self._cross(watermark)
        return runs

    def _cross(self, watermark: int) -> None:
        """Time went on: times are counted from a base that no live row lies before."""
        self._boundaries.cross(watermark)
        self._graph.log.rebase((watermark - self.settings.horizon_ms) // DAY_MS * DAY_MS)

    def _settle(self, boundary: int) -> None:
        """Undo what edits and deletes up to the boundary say; later ones wait for their own."""
        before_ms: dict[int, int] = {}
        for key in sorted(self._unsettled):
            undoings = self._undoings.of(key)
            due = [undoing for undoing in undoings if undoing.occurred_at <= boundary]
            if due:
                before_ms[key] = max(undoing.before for undoing in due)
            if len(due) == len(undoings):
                self._unsettled.discard(key)
        if before_ms:
            undo_messages(self._graph.log, before_ms)

    def dump(self, shelf: Shelf | None = None) -> dict[str, object]:
        """Plain values for a snapshot."""
        return {
            "fates": self.fates,
            "log": self._graph.log.dump(shelf),
            "actors": self._graph.actors.dump(),
            "parked": self._graph.parked.dump(),
            "unsettled": sorted(self._unsettled),
            "crossed": self._boundaries.crossed,
            "fresh": self._boundaries.fresh,
            "furthest": self._furthest,
            "delay": self._delay,
            **self._versions.dump(len(self._graph.actors)),
        }

    @classmethod
    def load(
        cls, plain: dict[str, object], settings: ThemeSettings, undoings: Undoings, volumes: Mapping[str, bytes] | None = None
    ) -> "ThemeState":
        """The inverse of `dump`."""
        loaded = msgspec.convert(plain, _Plain)
        state = cls(settings, undoings)
        state.fates = loaded.fates
        log = InteractionLog.load(loaded.log, volumes)
        state._graph = ThemeGraph(log, Actors.load(loaded.actors), Parked.load(loaded.parked))
        state._unsettled = set(loaded.unsettled)
        state._boundaries = Boundaries(settings.step_ms, loaded.crossed, loaded.fresh)
        state._versions = Versions.load(plain, settings, loaded.crossed)
        state._furthest, state._delay = loaded.furthest, loaded.delay
        return state


class _Plain(msgspec.Struct):
    fates: Fates
    log: dict[str, object]
    actors: dict[str, object]
    parked: dict[str, object]
    unsettled: list[int]
    crossed: int
    fresh: int
    furthest: int
    delay: int
