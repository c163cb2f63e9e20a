"""Keeps an app from running ahead of its reader where the log between them is short, as in the local stack's memory."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Collection, Mapping
from typing import Protocol

from aiokafka import TopicPartition

ASK_EVERY_S = 0.1


class Reader(Protocol):
    """Knows what the next apps have committed."""

    async def committed(self, partitions: Collection[TopicPartition]) -> Mapping[TopicPartition, int]:
        """Next offset by partition; absent or negative where nothing is known."""

    async def close(self) -> None:
        """Disconnect."""


class Pace:
    """At most `limit_bytes` per partition that the reader has not committed; what is in the log at the start counts as much."""

    def __init__(self, reader: Reader, limit_bytes: int, sleep: Callable[[float], Awaitable[None]] = asyncio.sleep) -> None:
        self._reader = reader
        self._limit_bytes = limit_bytes
        self._sleep = sleep
        self._ahead: dict[TopicPartition, deque[tuple[int, int]]] = {}
        self.holding = False

    async def admit(self, tp: TopicPartition, size: int) -> None:
        """Wait until `size` bytes more are within the limit. With nothing ahead anything is admitted, however large."""
        while (ahead := self._bytes_ahead(tp)) and ahead + size > self._limit_bytes:
            self.holding = True
            committed = await self._reader.committed(self._ahead)
            for partition, batches in self._ahead.items():
                while batches and batches[0][0] <= committed.get(partition, 0):
                    batches.popleft()
            if self._bytes_ahead(tp) == ahead:
                await self._sleep(ASK_EVERY_S)
        self.holding = False

    def sent(self, tp: TopicPartition, first_offset: int, records: int, size: int) -> None:
        """A batch is in the log, from `first_offset` on."""
        if tp not in self._ahead:
            self._ahead[tp] = deque([(first_offset, self._limit_bytes)] if first_offset else ())
        self._ahead[tp].append((first_offset + records, size))

    async def close(self) -> None:
        """Stop asking."""
        await self._reader.close()

    def _bytes_ahead(self, tp: TopicPartition) -> int:
        return sum(size for _, size in self._ahead.get(tp, ()))
