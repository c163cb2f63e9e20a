"""Save, then commit: the order that makes a crash at any moment harmless.

A crash before the save loses nothing that was promised; between save and commit, the restart reads the save and the commit is
only late; a commit first would promise records that nobody has.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping

from faust.types import TP

from streams.failpoints import durable
from streams.metrics import Metrics
from streams.work import Work

Commit = Callable[[Mapping[TP, int]], Awaitable[bool]]
_BREATH = 8
"""A save may take at most about a ninth of the time, however large the state has grown,"""
_LONGEST = 4
"""but it comes after four intervals at the latest: what takes long may be the broker, not the save."""


class Checkpoint:
    """One at a time. `commit` tells the group; where the group has moved on, it returns False and the offsets are told again."""

    def __init__(self, work: Work, commit: Commit, metrics: Metrics, clock: Callable[[], float] = time.monotonic) -> None:
        self._work = work
        self._commit = commit
        self._metrics = metrics
        self._clock = clock
        self._lock = asyncio.Lock()
        self._told: dict[TP, int] = {}
        self._passed: dict[TP, int] = {}
        self._last_end = clock()
        self._last_took = 0.0

    def due(self, every_s: float, *, caught_up: bool) -> bool:
        """Whether it is time: the interval has passed, or there is nothing left to read and something left to save."""
        if all(self._told.get(tp) == offset for tp, offset in self._work.reached().items()):
            return False
        since = self._clock() - self._last_end
        pause = min(self._last_took * _BREATH, every_s * _LONGEST)
        return since >= pause and (caught_up or since >= every_s)

    async def run(self, partitions: frozenset[TP] | None = None) -> None:
        """Make durable, then commit what changed since it was last committed."""
        async with self._lock:
            start = self._clock()
            saved = await self._work.make_durable(partitions)
            news = {tp: offset for tp, offset in saved.items() if self._told.get(tp) != offset}
            if news and await self._commit_durably(news):
                self._told.update(news)
            self._last_end = self._clock()
            self._last_took = self._last_end - start
            self._metrics.observe("prescribers_checkpoint_seconds", self._last_took)

    async def run_within(self, limit_s: float, partitions: frozenset[TP]) -> bool:
        """As `run`, or given up after so long: whoever takes the partitions goes on at the checkpoint before, as exactly."""
        limit = asyncio.timeout(limit_s)
        try:
            async with limit:
                await self.run(partitions)
        except TimeoutError:
            if not limit.expired():
                raise
            return False
        return True

    @property
    def told(self) -> Mapping[TP, int]:
        """What the group was last told of records, by partition."""
        return self._told

    async def pass_tails(self, tails: Mapping[TP, int]) -> None:
        """Tell the group positions further on, where nothing lies between that and what it was told."""
        async with self._lock:
            news = {tp: at for tp, at in tails.items() if at > self._told.get(tp, 0) and at != self._passed.get(tp)}
            if news and await self._commit_durably(news):
                self._passed.update(news)

    def forget(self, partitions: frozenset[TP]) -> None:
        """Partitions that others own now: what we told about them no longer holds."""
        for tp in partitions:
            self._told.pop(tp, None)
            self._passed.pop(tp, None)

    async def _commit_durably(self, offsets: Mapping[TP, int]) -> bool:
        with durable("commit"):
            return await self._commit(offsets)
