"""Batches on their way to the warehouse: several become one write, and a slow warehouse slows reading, not fills memory."""

import asyncio

from streams.delivery import Delivery


class WriteBuffer:
    """Bounded by records and bytes. `put` waits while it is full, `collect` for a first batch and `linger_s` for more."""

    def __init__(self, *, records: int, size_bytes: int, linger_s: float) -> None:
        self._records = records
        self._size_bytes = size_bytes
        self._linger_s = linger_s
        self._waiting: list[tuple[Delivery, int]] = []
        self._held_records = 0
        self._held_bytes = 0
        self._changed = asyncio.Condition()

    @property
    def full(self) -> bool:
        """Whether reading must wait. One batch over the limit is let in, or a large one would never pass."""
        return self._held_records >= self._records or self._held_bytes >= self._size_bytes

    async def put(self, delivery: Delivery, era: int) -> None:
        """Add one batch, begun in `era`."""
        async with self._changed:
            await self._changed.wait_for(lambda: not self.full)
            self._waiting.append((delivery, era))
            self._held_records += len(delivery.records)
            self._held_bytes += sum(len(record.value or b"") for record in delivery.records)
            self._changed.notify_all()

    async def collect(self) -> list[tuple[Delivery, int]]:
        """Everything there, in order of arrival; waits for a first batch, then a little for more."""
        async with self._changed:
            await self._changed.wait_for(lambda: bool(self._waiting))
            try:
                async with asyncio.timeout(self._linger_s):
                    await self._changed.wait_for(lambda: self.full)
            except TimeoutError:
                pass
            collected, self._waiting = self._waiting, []
            self._held_records = self._held_bytes = 0
            self._changed.notify_all()
            return collected
