"""Turns a plan of faults into deeds, each at its time, and takes back in time what lasts."""

import heapq
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

from tests.chaos.fault_plan import Injection
from tests.chaos.fleet import Fleet
from tests.chaos.servers import Server
from tests.chaos.tcp_proxy import Mode, TcpProxy

PROXY_MODES: dict[str, Mode] = {
    "refuse warehouse": "refuse",
    "reset warehouse": "reset",
    "swallow warehouse": "swallow",
    "stall warehouse": "stall",
}


@dataclass(slots=True)
class Injector:
    """`injected` counts what was really done: a fault that finds nobody to strike is none. `log` has each with its time."""

    fleet: Fleet
    broker: Server
    engine: Server
    proxy: TcpProxy
    log: Path
    injected: "Counter[str]" = field(default_factory=Counter)
    _waiting: list[Injection] = field(default_factory=list)
    _undo: list[tuple[float, int, Callable[[], None]]] = field(default_factory=list)
    _numbers: "count[int]" = field(default_factory=count)

    def plan(self, plan: Sequence[Injection]) -> None:
        """What is to be done."""
        self._waiting = sorted(plan, key=lambda injection: injection.at_s)

    def tick(self, now_s: float) -> None:
        """Do what is due, `now_s` seconds after the start, and keep everything running that should."""
        while self._undo and self._undo[0][0] <= now_s:
            heapq.heappop(self._undo)[2]()
        while self._waiting and self._waiting[0].at_s <= now_s:
            injection = self._waiting.pop(0)
            struck = self._inject(injection, now_s)
            self.injected[injection.fault] += bool(struck)
            with self.log.open("a", encoding="utf-8") as log:
                log.write(f"{now_s:8.2f} s  {injection.fault:<18} {struck or 'nobody'}  lasts {injection.lasts_s} s\n")
        self.fleet.tick()
        self.broker.tend()
        self.engine.tend()

    def heal(self) -> None:
        """Take back everything that lasts."""
        while self._undo:
            heapq.heappop(self._undo)[2]()
        self.fleet.thaw()
        self.broker.await_up()
        self.engine.await_up()

    def _inject(self, injection: Injection, now_s: float) -> str:
        match injection.fault:
            case "kill worker":
                return self.fleet.kill(injection.pick)
            case "freeze worker":
                return self.fleet.freeze(injection.pick, injection.lasts_s)
            case "end worker":
                return self.fleet.end(injection.pick)
            case "join worker":
                return self.fleet.join(injection.pick)
            case "leave worker":
                return self.fleet.leave(injection.pick)
            case "kill broker" | "kill warehouse":
                server = self.broker if injection.fault == "kill broker" else self.engine
                server.kill()
                server.start()
            case "freeze broker":
                self.broker.freeze()
                self._later(now_s + injection.lasts_s, self.broker.thaw)
            case _:
                self.proxy.behave(PROXY_MODES[injection.fault], after_bytes=injection.after_bytes)
                self._later(now_s + injection.lasts_s, lambda: self.proxy.behave("pass"))
        return injection.fault.split()[-1]

    def _later(self, at_s: float, undo: Callable[[], None]) -> None:
        heapq.heappush(self._undo, (at_s, next(self._numbers), undo))
