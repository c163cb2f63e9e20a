"""A gate that holds a thread at a point until the test lets it go on: no sleeping."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager


class Gate:
    """Holds a thread at a point until the test lets it go on. `passing` lets everybody through."""

    def __init__(self) -> None:
        self.reached = threading.Event()
        self._open = threading.Event()
        self.passing = True

    def pass_through(self) -> None:
        if not self.passing:
            self.reached.set()
            assert self._open.wait(30)

    @contextmanager
    def held(self) -> Iterator[None]:
        """Whoever comes is held inside the block."""
        self.passing = False
        self.reached.clear()
        self._open.clear()
        try:
            yield
        finally:
            self.passing = True
            self._open.set()

    async def somebody(self) -> None:
        """Until somebody is held."""
        assert await asyncio.to_thread(self.reached.wait, 30)
