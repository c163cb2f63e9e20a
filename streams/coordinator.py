"""aiokafka's side of a consumer group: after most errors it parks until somebody calls `check_errors()`; Faust never does."""

import asyncio

import structlog
from aiokafka.consumer.group_coordinator import GroupCoordinator
from aiokafka.errors import KafkaError

_log = structlog.get_logger(__name__)


def coordinator_dead(consumer: object) -> bool:
    """Whether the task that keeps an aiokafka consumer in its group has ended. False before it exists."""
    task = getattr(_coordinator_of(consumer), "_coordination_task", None)
    return task is not None and bool(task.done())


def parked_by(consumer: object, error: Exception) -> bool:
    """Whether this is what the coordinator waits to be asked about: aiokafka raises copies in whatever fetch is under way."""
    parked = _parked_error(consumer)
    return parked is not None and (type(parked), parked.args) == (type(error), error.args)


def unpark_coordinator(consumer: object, loop: asyncio.AbstractEventLoop) -> None:
    """Have a parked coordinator try again, on its own loop. Safe from any thread."""
    if _parked_error(consumer) is not None:
        loop.call_soon_threadsafe(_unpark, _coordinator_of(consumer))


def _coordinator_of(consumer: object) -> GroupCoordinator | None:
    return getattr(consumer, "_coordinator", None)


def _parked_error(consumer: object) -> Exception | None:
    return getattr(_coordinator_of(consumer), "_pending_exception", None)


def _unpark(coordinator: GroupCoordinator) -> None:
    """A heartbeat that failed is not begun again but by joining anew: without that the same error would park it for ever."""
    try:
        coordinator.check_errors()
    except KafkaError as error:
        _log.warning("group coordinator woken", cause=type(error).__name__)
    beating = coordinator._heartbeat_task  # noqa: SLF001 - pinned
    if beating is not None and beating.done():
        coordinator.request_rejoin()
