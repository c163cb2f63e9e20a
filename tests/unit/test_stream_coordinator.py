"""aiokafka's coordinator: woken where it is parked, joined anew where its heartbeat has failed, known for dead where it is."""

import asyncio
from copy import copy

from aiokafka.errors import GroupAuthorizationFailedError, KafkaError

from streams.coordinator import coordinator_dead, parked_by, unpark_coordinator

ERROR = GroupAuthorizationFailedError("g")


class FakeCoordinator:
    def __init__(self, error: Exception | None, *, done: bool, beating: bool) -> None:
        self._pending_exception = error
        self._coordination_task = FakeTask(done)
        self._heartbeat_task = FakeTask(not beating)
        self.rejoins = 0

    def check_errors(self) -> None:
        if self._pending_exception is not None:
            error, self._pending_exception = self._pending_exception, None
            raise error

    def request_rejoin(self) -> None:
        self.rejoins += 1


class FakeTask:
    def __init__(self, done: bool) -> None:  # noqa: FBT001 - data
        self._done = done

    def done(self) -> bool:
        return self._done


class FakeConsumer:
    def __init__(self, error: Exception | None = None, *, done: bool = False, beating: bool = True) -> None:
        self._coordinator = FakeCoordinator(error, done=done, beating=beating)


async def unparked(consumer: FakeConsumer) -> FakeCoordinator:
    unpark_coordinator(consumer, asyncio.get_running_loop())
    await asyncio.sleep(0)
    return consumer._coordinator


async def test_a_parked_coordinator_is_woken_on_its_own_loop() -> None:
    consumer = FakeConsumer(ERROR)
    assert parked_by(consumer, copy(ERROR))
    assert not parked_by(consumer, GroupAuthorizationFailedError("another"))
    assert not parked_by(consumer, KafkaError("g"))
    assert (await unparked(consumer)).rejoins == 0
    assert not parked_by(consumer, ERROR)


async def test_one_whose_heartbeat_has_failed_joins_anew() -> None:
    assert (await unparked(FakeConsumer(ERROR, beating=False))).rejoins == 1


async def test_one_that_is_not_parked_is_left_alone() -> None:
    assert (await unparked(FakeConsumer(beating=False))).rejoins == 0


def test_a_coordinator_is_dead_only_when_its_task_has_ended() -> None:
    assert coordinator_dead(FakeConsumer(done=True))
    assert not coordinator_dead(FakeConsumer())
    assert not coordinator_dead(None)
    assert not parked_by(None, ERROR)
