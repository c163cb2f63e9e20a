"""Those who look at a running app from threads of their own: the watchdog and the health server."""

import time
from contextlib import ExitStack
from functools import partial

from streams.app_loop import AppLoop
from streams.coordinator import coordinator_dead, unpark_coordinator
from streams.health import Answers, HealthServer
from streams.metrics import Metrics
from streams.run_settings import RunSettings
from streams.watchdog import Judge, Sighting, Watchdog


def watch(settings: RunSettings, metrics: Metrics, loop: AppLoop) -> ExitStack:
    """Both, started; leaving the returned stack ends them."""
    judge = Judge(stall_s=settings.stall_s)
    with ExitStack() as stack:
        if settings.http_port is not None:
            answers = Answers(partial(_ill, judge, loop, settings.stall_s), partial(_unready, loop), metrics.text)
            stack.enter_context(HealthServer(settings.http_host, settings.http_port, answers))
        dog = Watchdog(partial(look, loop), partial(_unpark, loop), judge)
        dog.start()
        stack.callback(dog.finish)
        return stack.pop_all()


def look(loop: AppLoop) -> Sighting:
    """One look; safe from any thread, since it only reads."""
    excused = loop.work.patient() or loop.work.computing()
    return Sighting(
        progress=object() if excused else (loop.app.consumer_generation_id, loop.batches, loop.moved, loop.settled),
        behind=not loop.settled or any(loop.lag().values()),
        beat_s=loop.beat_at,
        coordinator_dead=loop.consumer is not None and coordinator_dead(loop.consumer.aiokafka),
        stopping=loop.halt.decided,
    )


def _unpark(loop: AppLoop) -> None:
    if loop.consumer is not None:
        unpark_coordinator(loop.consumer.aiokafka, loop.consumer.thread_loop)


def _ill(judge: Judge, loop: AppLoop, stall_s: float) -> str | None:
    now = time.monotonic()
    if now - loop.beat_at > stall_s:
        return "the event loop is stuck"
    stalled = judge.stalled_s(now)
    return f"nothing has moved for {stalled:.0f} s although records are waiting" if stalled > stall_s / 2 else None


def _unready(loop: AppLoop) -> str | None:
    if loop.halt.decided:
        return "ending"
    if not loop.settled:
        return "waiting for partitions"
    return "waiting for another service" if loop.work.patient() else None
