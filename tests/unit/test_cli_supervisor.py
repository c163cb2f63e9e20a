"""The supervisor in a world of its own: fake children, a clock that moves when it sleeps."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from prescribers.supervisor import LONGEST_PAUSE, STEADY_SECONDS, World, supervise

FOR_EVER = 10_000.0


@dataclass(slots=True)
class FakeChild:
    """Runs for `life` seconds, then ends with `status`; SIGTERM ends it with `asked_status`, unless it is deaf."""

    now: Callable[[], float]
    life: float
    status: int
    asked_status: int = 0
    deaf: bool = False
    started: float = field(init=False)
    ended: int | None = None

    def __post_init__(self) -> None:
        self.started = self.now()

    def poll(self) -> int | None:
        if self.ended is None and self.now() - self.started >= self.life:
            self.ended = self.status
        return self.ended

    def terminate(self) -> None:
        if not self.deaf and self.poll() is None:
            self.ended = self.asked_status

    def kill(self) -> None:
        self.ended = -9


class FakeWorld:
    """Gives out children by script, the last one again and again; time passes only in `sleep`."""

    def __init__(
        self, scripts: dict[str, Sequence[Mapping[str, float | bool]]], *, stop_at: float = FOR_EVER, idle_at: float | None = None
    ) -> None:
        self.time = 0.0
        self.spawned: list[tuple[str, float]] = []
        self.said: list[str] = []
        self.children: list[FakeChild] = []
        self._scripts = {app: list(script) for app, script in scripts.items()}
        self.world = World(
            spawn=self._spawn,
            stopping=lambda: self.time >= stop_at,
            idle=None if idle_at is None else lambda: self.time >= idle_at,
            clock=lambda: self.time,
            sleep=self._sleep,
            say=self.said.append,
        )

    def _spawn(self, app: str) -> FakeChild:
        script = self._scripts[app]
        how = script.pop(0) if len(script) > 1 else script[0]
        child = FakeChild(now=lambda: self.time, **how)  # type: ignore[arg-type]
        self.spawned.append((app, self.time))
        self.children.append(child)
        return child

    def _sleep(self, seconds: float) -> None:
        self.time += seconds

    def starts(self, app: str) -> list[float]:
        return [round(at, 1) for name, at in self.spawned if name == app]


HEALTHY: Mapping[str, float | bool] = {"life": FOR_EVER, "status": 0}


def test_a_signal_ends_all_cleanly_with_0() -> None:
    world = FakeWorld({"rank": [HEALTHY], "store": [HEALTHY]}, stop_at=5)
    assert supervise(["rank", "store"], world.world) == 0
    assert [child.ended for child in world.children] == [0, 0]


def test_drained_ends_all_with_0() -> None:
    world = FakeWorld({"rank": [HEALTHY]}, idle_at=3)
    assert supervise(["rank"], world.world) == 0
    assert "drained" in world.said[-1]


def test_a_crash_is_followed_by_a_restart_with_growing_pauses() -> None:
    world = FakeWorld({"rank": [{"life": 0, "status": 1}], "store": [HEALTHY]}, stop_at=120)
    assert supervise(["rank", "store"], world.world) == 0
    starts = world.starts("rank")
    pauses = [round(later - earlier) for earlier, later in pairwise(starts)]
    assert pauses == sorted(pauses)
    assert pauses[0] <= 1
    assert max(pauses) <= LONGEST_PAUSE + 1
    assert world.starts("store") == [0.0]


def test_a_steady_run_makes_the_next_crash_a_first_one() -> None:
    crash: Mapping[str, float | bool] = {"life": 0, "status": 1}
    world = FakeWorld({"rank": [crash, crash, crash, {"life": STEADY_SECONDS + 1, "status": 1}, HEALTHY]}, stop_at=100)
    supervise(["rank"], world.world)
    assert "0.5 s" in world.said[-1]


def test_an_unreachable_service_is_tried_again() -> None:
    world = FakeWorld({"store": [{"life": 1, "status": 3}, HEALTHY]}, stop_at=10)
    assert supervise(["store"], world.world) == 0
    assert len(world.starts("store")) == 2


def test_what_no_restart_cures_stops_everything_with_its_status() -> None:
    for status in (2, 4):
        world = FakeWorld({"rank": [{"life": 1, "status": status}], "store": [HEALTHY]})
        assert supervise(["rank", "store"], world.world) == status
        assert world.children[-1].ended == 0
        assert len(world.starts("rank")) == 1


def test_a_drain_gives_up_on_a_child_that_only_crashes() -> None:
    world = FakeWorld({"rank": [{"life": 0, "status": 1}]}, idle_at=FOR_EVER)
    assert supervise(["rank"], world.world) == 1
    world = FakeWorld({"rank": [{"life": 0, "status": 3}]}, idle_at=FOR_EVER)
    assert supervise(["rank"], world.world) == 3


def test_a_child_ended_by_the_signal_before_it_could_listen_has_nothing_to_save() -> None:
    world = FakeWorld({"rank": [{"life": FOR_EVER, "status": 0, "asked_status": -15}]}, stop_at=1)
    assert supervise(["rank"], world.world) == 0


def test_a_deaf_child_is_killed_and_said() -> None:
    world = FakeWorld({"rank": [{"life": FOR_EVER, "status": 0, "deaf": True}]}, stop_at=1)
    assert supervise(["rank"], world.world) == 1
    assert world.children[0].ended == -9
    assert "did not end cleanly" in world.said[-1]


def test_a_drain_is_not_believed_while_a_child_is_away() -> None:
    world = FakeWorld({"rank": [{"life": 0, "status": 1}, HEALTHY]}, idle_at=0.1)
    assert supervise(["rank"], world.world) == 0
    assert len(world.starts("rank")) == 2
