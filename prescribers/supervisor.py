"""One child process per app: started, watched, started again after a crash, and stopped together."""

import signal
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from prescribers.failures import DONE, FAILED, REFUSED, UNREACHABLE, USAGE

POLL_SECONDS = 0.2
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 30.0
STEADY_SECONDS = 60.0
"""A child that ran this long has recovered: its next crash is again a first one."""
GRACE_SECONDS = 60.0
"""Time to save and commit after SIGTERM: a snapshot of a large theme takes seconds."""
CRASHES_MOST = 8
"""Crashes in a row after which a drain is given up: it would never end."""
CLEAN = (DONE, -signal.SIGTERM)
"""A child that dies of the signal itself was not yet listening, and had nothing to save."""
FINAL = (USAGE, REFUSED)
"""Child statuses that a restart cannot cure."""


class Child(Protocol):
    """A running process."""

    def poll(self) -> int | None:
        """Its exit status, or None while it runs."""

    def terminate(self) -> None:
        """Ask it to save and end."""

    def kill(self) -> None:
        """End it at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """What the supervisor sees and does, so that tests can give it another."""

    spawn: Callable[[str], Child]
    stopping: Callable[[], bool]
    idle: Callable[[], bool] | None
    """Whether every log is drained; None: run until stopped."""
    clock: Callable[[], float]
    sleep: Callable[[float], None]
    say: Callable[[str], None]


@dataclass(slots=True)
class _Post:
    app: str
    child: Child | None = None
    crashes: int = 0
    started: float = 0.0
    due: float = 0.0


def supervise(apps: Sequence[str], world: World) -> int:
    """Run until stopped, drained, or until a child ends with a status that no restart cures; returns the exit status."""
    posts = [_Post(app) for app in apps]
    status = DONE
    try:
        while not world.stopping():
            final = [found for post in posts if (found := _tend(post, world)) is not None]
            if final:
                status = final[0]
                break
            if world.idle and all(post.child for post in posts) and world.idle():
                world.say("Every log is drained.")
                break
            world.sleep(POLL_SECONDS)
    finally:
        unclean = _stop(posts, world)
    return status or unclean


def _tend(post: _Post, world: World) -> int | None:
    """Start, restart or leave alone; returns the status with which everything has to end, if any."""
    now = world.clock()
    if post.child is None:
        if now >= post.due:
            post.child, post.started = world.spawn(post.app), now
        return None
    status = post.child.poll()
    if status is None:
        return None
    post.child = None
    if status in FINAL:
        world.say(f"{post.app} ended with status {status}, which a restart cannot cure: stopping.")
        return status
    if now - post.started >= STEADY_SECONDS:
        post.crashes = 0
    post.crashes += 1
    if world.idle and post.crashes >= CRASHES_MOST:
        world.say(f"{post.app} crashed {post.crashes} times in a row: giving up. Its own lines above say why.")
        return UNREACHABLE if status == UNREACHABLE else FAILED
    pause = min(FIRST_PAUSE * 2 ** (post.crashes - 1), LONGEST_PAUSE)
    post.due = now + pause
    world.say(f"{post.app} ended with status {status}; starting it again in {pause:g} s.")
    return None


def _stop(posts: Sequence[_Post], world: World) -> int:
    """Ask all to end, then wait; returns FAILED where one did not end cleanly."""
    running = [post for post in posts if post.child and post.child.poll() is None]
    for post in running:
        if post.child:
            post.child.terminate()
    deadline = world.clock() + GRACE_SECONDS
    status = DONE
    for post in running:
        child = post.child
        while child and child.poll() is None and world.clock() < deadline:
            world.sleep(POLL_SECONDS / 4)
        if child and child.poll() is None:
            child.kill()
        if child and child.poll() not in CLEAN:
            world.say(f"{post.app} did not end cleanly (status {child.poll()}); it will recover from its last snapshot.")
            status = FAILED
    return status
