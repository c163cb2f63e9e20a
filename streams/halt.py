"""Why an app stops: a signal, a refusal to go on with the data, or a failure; the first reason wins."""

import asyncio
from dataclasses import dataclass


class RefusedDataError(RuntimeError):
    """Going on would lose or spoil data; the message names topic, partition, offsets and what to do."""


class OutOfLogError(RefusedDataError):
    """Where reading must resume no longer lies inside the log: records are gone, or the log is another one."""


@dataclass(frozen=True, slots=True)
class Halting:
    """`error` is None where somebody asked for the end."""

    error: BaseException | None


class Halt:
    """Asked by signal handlers, agents and the consumer; awaited by the one who ends the app."""

    def __init__(self) -> None:
        self._decided: asyncio.Future[Halting] = asyncio.get_running_loop().create_future()

    def ask(self) -> None:
        """End cleanly: save, commit, leave."""
        self._decide(Halting(None))

    def fail(self, error: BaseException) -> None:
        """End without saving: what is in memory may be half done, and a restart is exact."""
        self._decide(Halting(error))

    @property
    def decided(self) -> bool:
        """Whether the app is ending."""
        return self._decided.done()

    async def wait(self) -> Halting:
        """The first reason to stop."""
        return await asyncio.shield(self._decided)

    def _decide(self, halting: Halting) -> None:
        if not self._decided.done():
            self._decided.set_result(halting)
