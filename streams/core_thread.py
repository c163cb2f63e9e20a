"""The one thread in which the core works: the event loop, and with it health, metrics and checkpoints, goes on meanwhile.

What the loop makes of a call's result belongs to the call: between the two no other call begins, and neither is left out because
nobody waits any more. So whoever calls finds a state of which everything has been told.
"""

import asyncio
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from typing import TypeVar

BRIEF_S = 0.05
"""So long the loop does nothing but wait, which is all that most calls take: Python's threads share one lock, and with the loop
at work beside the core taking acts in costs 15 % more CPU time."""
LONGEST_CALL_S = 3600.0
"""A call is a function of the log and cannot wait for anybody, so only one that never ends takes longer."""
Result = TypeVar("Result")


class CoreThread:
    """One call at a time, in the order asked for. After a failed one nobody knows what it left, so every later one fails too."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._thread = ThreadPoolExecutor(1, "core")
        self._turn = asyncio.Lock()
        self._calls: set[asyncio.Task[object]] = set()
        self._failure: Exception | None = None
        self._since_s: float | None = None

    @property
    def busy(self) -> bool:
        """Whether a state may be changing this moment."""
        return self._since_s is not None

    @property
    def computing(self) -> bool:
        """Whether a call is under way that may still end. Safe from any thread."""
        since_s = self._since_s
        return since_s is not None and self._clock() - since_s < LONGEST_CALL_S

    async def call(self, work: Callable[[], Result], then: Callable[[Result], None] = lambda _: None) -> Result:
        """`work` in the thread, then `then` on the loop, both also where who waits is cancelled. Raises what either raises."""
        call = asyncio.create_task(self._take_turn(work, then))
        self._calls.add(call)
        call.add_done_callback(self._ended)
        return await asyncio.shield(call)

    async def close(self) -> None:
        """Once the calls asked for have ended: a thread cannot be stopped, and would hold up the end of the process."""
        await asyncio.gather(*self._calls, return_exceptions=True)
        self._thread.shutdown(wait=False)

    async def _take_turn(self, work: Callable[[], Result], then: Callable[[Result], None]) -> Result:
        async with self._turn:
            if self._failure is not None:
                raise self._failure
            self._since_s = self._clock()
            try:
                future = self._thread.submit(work)
                wait((future,), BRIEF_S)
                result = future.result() if future.done() else await asyncio.wrap_future(future)
                then(result)
            except Exception as error:
                self._failure = error
                raise
            finally:
                self._since_s = None
            return result

    def _ended(self, call: "asyncio.Task[object]") -> None:
        """Its failure has been noted, and the next call raises it where nobody waits for this one."""
        self._calls.discard(call)
        if not call.cancelled():
            call.exception()
