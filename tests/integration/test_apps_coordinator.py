"""A group's coordinator that answers with errors: a worker is in its group again within seconds, or ends and comes back exact."""

import json
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import replace
from itertools import product

import pytest

from graph.publication import Acts, decode_publication
from tests.integration.coordinator_proxy import CUT, CoordinatorProxy, Request
from tests.integration.log_ground import Ground, ReadTopic, event

pytestmark = [pytest.mark.slow, pytest.mark.real_kafka]
APPS = ("normalise", "rank", "store")
UNEXPECTED, NOT_AVAILABLE, NO_COORDINATOR, ILLEGAL_GENERATION, UNKNOWN_MEMBER, REBALANCING, FORBIDDEN = -1, 15, 16, 22, 25, 27, 30
FAULTS = (UNEXPECTED, NOT_AVAILABLE, NO_COORDINATOR, ILLEGAL_GENERATION, UNKNOWN_MEMBER, FORBIDDEN, CUT)
BEATING_ON = (NOT_AVAILABLE, NO_COORDINATOR, CUT)
"""After these a heartbeat is tried again, and the member stays one."""
FORGETTING = (ILLEGAL_GENERATION, UNKNOWN_MEMBER)
"""After these the worker comes as a new member; a broker that did not mean it waits for the old one until its session ends.
With a lasting name the worker takes its own place at once.
"""
REQUESTS: tuple[Request, ...] = ("join", "sync", "heartbeat")
BACK_S, SESSION_S, ENDED_S = 5.0, 10.0, 60.0
EVER = float("inf")


@pytest.fixture
def proxy_of(ground: Ground) -> Iterator[Callable[[], CoordinatorProxy]]:
    with ExitStack() as stack:
        yield lambda: stack.enter_context(CoordinatorProxy(int(ground.kafka.brokers[0].rpartition(":")[2])))


def behind(ground: Ground, proxy: CoordinatorProxy) -> Ground:
    """The same ground, for an app that reaches the broker through the proxy alone."""
    return replace(ground, kafka=replace(ground.kafka, brokers=(f"127.0.0.1:{proxy.port}",)))


def say(measured: str) -> None:
    """For who runs it with `-s`."""
    sys.stdout.write(f"{measured}\n")


def send(ground: Ground, first: int, last: int) -> None:
    now = time.time_ns() // 1_000_000
    for partition in range(6):
        ground.send([event(number, now - 1000) for number in range(first + partition, last, 6)], partition=partition)


@pytest.mark.parametrize(
    ("app", "instance", "faults"),
    [("normalise", "host-1", FAULTS), ("normalise", "", FORGETTING), ("rank", "", (UNEXPECTED, FORBIDDEN, CUT))],
)
def test_after_a_fault_the_worker_is_in_its_group_again_within_seconds(
    app: str,
    instance: str,
    faults: Sequence[int],
    ground: Ground,
    proxy_of: Callable[[], CoordinatorProxy],
    read_topic: ReadTopic,
) -> None:
    """What parks the coordinator (forbidden, unexpected) and what does not, on each request of a member, while events come."""
    proxy = proxy_of()
    workers = {
        name: (behind(ground, proxy) if name == app else ground).start(name, instance=instance)
        for name in dict.fromkeys(("normalise", app))
    }
    proxy.wait_for("heartbeat", fault=False, after_s=0, within_s=40)
    sent = 0
    for request, fault in product(REQUESTS, faults):
        send(ground, sent, sent + 24)
        sent += 24
        took_s = seconds_to_recover(proxy, request, fault)
        say(f"{app}, {instance or 'no name'}: {request} answered with {fault}, in the group again after {took_s:.2f} s")
        assert took_s < (BACK_S if instance or fault not in FORGETTING else SESSION_S + BACK_S)
    for name, worker in workers.items():
        ground.await_read(name)
        worker.terminate()
        said = worker.communicate(timeout=40)[1]
        assert worker.returncode == 0, said
    if app != "rank":
        ground.drain("rank")
    assert ground.tallied(read_topic) == (sent, 0, 0)


def seconds_to_recover(proxy: CoordinatorProxy, request: Request, fault: int) -> float:
    """From the spoiled answer until the member has its partitions again, or, where it may keep them, its heartbeat is taken."""
    start_s = time.monotonic()
    refuse(proxy, request, fault)
    spoiled = proxy.wait_for(request, fault=True, after_s=start_s, within_s=20)
    again: Request = "heartbeat" if request == "heartbeat" and fault in BEATING_ON else "sync"
    back = proxy.wait_for(again, fault=False, after_s=spoiled.at_s, within_s=ENDED_S)
    return back.at_s - spoiled.at_s


def refuse(proxy: CoordinatorProxy, request: Request, fault: int, times: float = 1) -> None:
    """A member joins when a heartbeat tells it that its group is rebalancing."""
    proxy.spoil(request, fault, times)
    if request != "heartbeat":
        proxy.spoil("heartbeat", REBALANCING)


def test_a_coordinator_that_stays_dead_ends_the_worker_whose_restart_is_exact(
    ground: Ground, proxy_of: Callable[[], CoordinatorProxy], read_topic: ReadTopic
) -> None:
    """Joins, or what follows them, refused for ever in mid-stream: an end. Heartbeats alone: it joins anew, and goes on."""
    proxies = {app: proxy_of() for app in APPS}
    workers = {app: behind(ground, proxies[app]).start(app) for app in APPS}
    for proxy in proxies.values():
        proxy.wait_for("heartbeat", fault=False, after_s=0, within_s=40)
    send(ground, 0, 120)
    start_s = time.monotonic()
    for (app, request), fault in zip(zip(APPS, REQUESTS, strict=True), (FORBIDDEN, NOT_AVAILABLE, FORBIDDEN), strict=True):
        refuse(proxies[app], request, fault, EVER)
        proxies[app].wait_for(request, fault=True, after_s=start_s, within_s=20)
    send(ground, 120, 240)
    for app in ("normalise", "rank"):
        said = workers[app].communicate(timeout=ENDED_S)[1]
        took_s = time.monotonic() - start_s
        say(f"{app} ended after {took_s:.1f} s")
        assert workers[app].returncode == 1, said
        assert took_s < ENDED_S
        assert "nothing has moved for 40 s although records are waiting" in said
    ground.drain("normalise", "rank")
    ground.await_read("store")
    workers["store"].terminate()
    said = workers["store"].communicate(timeout=40)[1]
    assert workers["store"].returncode == 0, said
    assert ground.tallied(read_topic) == (240, 0, 0)
    assert len(keys_stored(ground)) == 240


def keys_stored(ground: Ground) -> set[int]:
    """Of the acts that store has written, each once."""
    written = [json.loads(line)[0] for line in (ground.directory / "written.jsonl").read_text().splitlines()]
    found = [decode_publication(value.encode()) for values in written for value in values]
    return {event.key for acts in found if isinstance(acts, Acts) for event in acts.acts()}
