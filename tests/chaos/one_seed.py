"""One chaos run: feed, faults, drain, and the comparison of what readers are shown with what they should be shown."""

import random
import time
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from streams.kafka_settings import KafkaSettings
from streams.lag import APPS
from tests.chaos.fault_plan import plan_faults
from tests.chaos.feeder import Feeder, steady
from tests.chaos.fleet import MOST, Fleet
from tests.chaos.ground import create_topics, delete_topics, drop_database, empty_database, lags, named_topics, write_config
from tests.chaos.injector import Injector
from tests.chaos.planted_feed import COMMUNITIES, Planted, plan_feed, theme_settings
from tests.chaos.servers import LOOPBACK, Server
from tests.chaos.shown_rows import Shown, differences, fates_of, shown
from tests.chaos.tcp_proxy import TcpProxy
from tests.chaos.undisturbed import store_undisturbed

TICK_S = 0.05
DRAIN_S = 300.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Arena:
    """What all seeds of a call share. `calm`: no fault at all, the same comparison."""

    directory: Path
    broker: Server
    broker_port: int
    engine: Server
    engine_port: int
    seconds: float
    per_second: float
    calm: bool = False


@dataclass(slots=True)
class Result:
    """What came of a seed; exact where there are no complaints."""

    seed: int
    injected: "Counter[str]" = field(default_factory=Counter)
    trouble: "Counter[str]" = field(default_factory=Counter)
    workers: str = ""
    events: int = 0
    rows: int = 0
    drain_s: float = 0.0
    restarts: int = 0
    complaints: list[str] = field(default_factory=list)


def run_seed(seed: int, arena: Arena) -> Result:
    """Everything of one seed, in topics and databases of its own, which are dropped again where the verdict is good."""
    directory = arena.directory / f"seed-{seed}"
    directory.mkdir(parents=True)
    kafka = named_topics(f"{LOOPBACK}:{arena.broker_port}", f"chaos-{seed}")
    base_ms = time.time_ns() // 1_000_000
    feed, trouble = plan_feed(seed, int(arena.seconds * arena.per_second), base_ms, arena.per_second)
    result = Result(seed, trouble=trouble, events=len(feed))
    expected = what_should_be_shown(feed, kafka.mentions, arena.engine_port, f"undisturbed_{seed}")
    create_topics(kafka)
    with ExitStack() as running:
        found = running.enter_context(empty_database(arena.engine_port, f"chaos_{seed}"))
        proxy = running.enter_context(TcpProxy(arena.engine_port))
        config = write_config(directory, kafka, proxy.port, found.settings.database, {"checkpoint": "2s"})
        fleet = Fleet(directory, ["--config", str(config)], _places(directory, seed), time.monotonic)
        running.callback(fleet.kill_all)
        injector = Injector(fleet, arena.broker, arena.engine, proxy, directory / "faults.log", result.injected)
        injector.plan([] if arena.calm else plan_faults(seed, arena.seconds))
        result.workers = _add_workers(fleet, seed)
        feeder = Feeder(kafka, feed, steady(len(feed), arena.seconds))
        feeder.start()
        start = time.monotonic()
        while (now := time.monotonic() - start) < arena.seconds:
            injector.tick(now)
            time.sleep(TICK_S)
        injector.heal()
        while feeder.is_alive():
            injector.tick(time.monotonic() - start)
            time.sleep(TICK_S)
        healed = time.monotonic()
        late = drain_and_stop(kafka, fleet, lambda: injector.tick(time.monotonic() - start))
        result.drain_s = time.monotonic() - healed
        result.restarts = fleet.restarts
        result.complaints += [*feeder.failures, *fleet.complaints, *late]
        rows = shown(found, theme_settings())
        result.rows = sum(counted.total() for counted in rows.values())
        result.complaints += compare(expected, rows, len(feed))
        if not result.complaints:
            drop_database(found)
            delete_topics(kafka)
    return result


def what_should_be_shown(feed: list[Planted], topic: str, engine_port: int, name: str) -> Shown:
    """The rows that readers see of an undisturbed run, read from a database that is dropped again."""
    themes = theme_settings()
    with empty_database(engine_port, name) as calm:
        store_undisturbed(calm, feed, themes, topic)
        expected = shown(calm, themes)
        drop_database(calm)
    return expected


def compare(expected: Shown, rows: Shown, records: int) -> list[str]:
    """What is wrong: rows that differ, and inputs of which the four fates do not tell. A close has no fate."""
    complaints = differences(expected, rows)
    if (told := fates_of(rows)) != records - COMMUNITIES:
        complaints.append(f"the four fates account for {told} inputs of {records - COMMUNITIES}")
    return complaints


def drain_and_stop(kafka: KafkaSettings, fleet: Fleet, tick: Callable[[], None]) -> list[str]:
    """Drain, end the writers cleanly, drain what they said at the end; what did not happen in time."""
    told = []
    deadline = time.monotonic() + DRAIN_S
    for wanted, ending in ((APPS, ("normalise", "rank")), (("store",), ("store",))):
        while behind := lags(kafka, wanted):
            tick()
            time.sleep(TICK_S)
            if time.monotonic() > deadline:
                told.append(f"not drained after {DRAIN_S:.0f} s: {behind}")
                break
        fleet.stop(*ending)
    return told


def _places(directory: Path, seed: int) -> Callable[[str, int], list[str]]:
    """Flags of a worker, different from seed to seed.

    Of two seeds one has rank's workers share a directory of snapshots, in the other each has its own, as on other machines.
    Of four seeds two give the workers lasting names.
    """

    def flags(app: str, number: int) -> list[str]:
        own = app == "rank" and seed % 2 == 0
        state = directory / "state" / (f"{app}-{number}" if own else "shared")
        name = ["--set", f"worker.instance={app}-{number}"] if seed % 4 in (1, 2) else []
        return ["--set", f"state_dir={state}", *name]

    return flags


def _add_workers(fleet: Fleet, seed: int) -> str:
    chance = random.Random(f"workers {seed}")
    counts = [chance.randint(1, MOST) for _ in APPS]
    for app, number in zip(APPS, counts, strict=True):
        for _ in range(number):
            fleet.add(app)
    return "+".join(map(str, counts))
