"""The watchdog: ends what cannot recover, leaves alone what idles, waits or merely has nothing to read."""

import threading
from types import SimpleNamespace
from typing import cast

from streams.app_loop import AppLoop
from streams.watchdog import Judge, Sighting, Watchdog
from streams.watched import look


def seen(progress: object = 1, *, behind: bool = True, beat_s: float | None = None, **more: bool) -> Sighting:
    return Sighting(progress=progress, behind=behind, beat_s=1e9 if beat_s is None else beat_s, **more)


def verdicts(*looks: tuple[float, Sighting]) -> list[str | None]:
    judge = Judge(stall_s=40)
    return [judge.verdict(sighting, now) for now, sighting in looks]


def test_no_progress_with_records_waiting_ends_it() -> None:
    *before, last = verdicts((0, seen()), (39, seen()), (41, seen()))
    assert before == [None, None]
    assert last is not None
    assert "nothing has moved for 41 s" in last


def test_progress_or_an_empty_log_starts_the_wait_anew() -> None:
    assert verdicts((0, seen(1)), (39, seen(2)), (78, seen(2, behind=False)), (117, seen(2))) == [None] * 4


def test_waiting_for_a_service_on_purpose_is_progress() -> None:
    assert verdicts((0, seen(object())), (100, seen(object())), (200, seen(object()))) == [None] * 3


def test_a_dead_coordinator_ends_it_at_once() -> None:
    assert verdicts((0, seen(behind=False, coordinator_dead=True))) == ["the consumer's coordination task is dead"]


def test_a_stuck_loop_ends_it_even_without_lag() -> None:
    [verdict] = verdicts((100, seen(behind=False, beat_s=50)))
    assert verdict is not None
    assert "stuck for 50 s" in verdict


def test_an_app_that_is_ending_is_left_alone() -> None:
    assert verdicts((0, seen()), (1000, seen(stopping=True, coordinator_dead=True, beat_s=0))) == [None, None]


def test_it_unparks_at_every_look_and_ends_once() -> None:
    ended: list[str] = []
    unparked = threading.Event()
    dog = Watchdog(lambda: seen(coordinator_dead=unparked.is_set()), unparked.set, Judge(), end=ended.append, pause_s=0.001)
    dog.start()
    dog.join(5)
    assert ended == ["the consumer's coordination task is dead"]


class LongBatch:
    """What `look` reads of an app in the middle of a batch that takes minutes."""

    batches = 0
    settled = True
    beat_at = 0.0
    consumer = None
    app = SimpleNamespace(consumer_generation_id=1)
    computing = False
    halt = SimpleNamespace(decided=False)

    def __init__(self) -> None:
        self.moved = 0
        self.work = SimpleNamespace(patient=lambda: False, computing=lambda: self.computing)

    def lag(self) -> dict[str, int]:
        return {"interactions": 7}


def test_offsets_reached_inside_a_long_batch_are_progress() -> None:
    loop = LongBatch()
    judge = Judge(stall_s=40)
    found = []
    for now in (0.0, 30.0, 60.0, 90.0, 120.0):
        loop.beat_at = now
        loop.moved += now <= 60
        found.append(judge.verdict(look(cast("AppLoop", loop)), now))
    assert found[:4] == [None] * 4
    assert str(found[4]).startswith("nothing has moved for 60 s")


def test_a_call_of_the_core_under_way_is_no_stall_however_long_it_takes() -> None:
    loop = LongBatch()
    judge = Judge(stall_s=40)
    loop.computing = True
    for now in (0.0, 500.0, 1000.0):
        loop.beat_at = now
        assert judge.verdict(look(cast("AppLoop", loop)), now) is None
    loop.computing = False
    found = []
    for now in (1001.0, 1042.0):
        loop.beat_at = now
        found.append(judge.verdict(look(cast("AppLoop", loop)), now))
    assert found[0] is None
    assert str(found[1]).startswith("nothing has moved for 41 s")
