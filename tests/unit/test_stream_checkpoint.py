"""Checkpoints: saved before committed, told again where the group did not listen, never more often than they can bear."""

from collections.abc import Mapping

import pytest
from faust.types import TP

from streams.checkpoint import Checkpoint
from streams.delivery import Delivery
from streams.metrics import Metrics
from streams.work import MANY_SMALL

A, B = TP("t", 0), TP("t", 1)


class FakeWork:
    keeper = "snapshot"
    reading = MANY_SMALL

    def __init__(self, diary: list[str]) -> None:
        self.diary = diary
        self.now: dict[TP, int] = {A: 10}
        self.failing = False

    async def open(self) -> None: ...

    async def restore(self, committed: Mapping[TP, int | None]) -> Mapping[TP, int | None]:
        return committed

    async def take_in(self, delivery: Delivery) -> None: ...

    async def make_durable(self, partitions: frozenset[TP] | None = None) -> Mapping[TP, int]:
        if self.failing:
            raise OSError("disk full")
        self.diary.append("save")
        return {tp: offset for tp, offset in self.now.items() if partitions is None or tp in partitions}

    def reached(self) -> Mapping[TP, int]:
        return self.now

    def drop(self, partitions: frozenset[TP]) -> None: ...

    async def beat(self) -> None: ...

    def patient(self) -> bool:
        return False

    def computing(self) -> bool:
        return False

    async def close(self) -> None: ...


class Group:
    def __init__(self, diary: list[str]) -> None:
        self.diary = diary
        self.listens = True

    async def commit(self, offsets: Mapping[TP, int]) -> bool:
        self.diary.append("commit " + " ".join(f"{tp.partition}:{offset}" for tp, offset in offsets.items()))
        return self.listens


@pytest.fixture
def diary() -> list[str]:
    return []


async def test_it_saves_first_and_commits_only_what_is_new(diary: list[str]) -> None:
    work, group = FakeWork(diary), Group(diary)
    checkpoint = Checkpoint(work, group.commit, Metrics())
    await checkpoint.run()
    await checkpoint.run()
    work.now[B] = 5
    await checkpoint.run()
    assert diary == ["save", "commit 0:10", "save", "save", "commit 1:5"]


async def test_a_failed_save_commits_nothing(diary: list[str]) -> None:
    work, group = FakeWork(diary), Group(diary)
    work.failing = True
    with pytest.raises(OSError, match="disk full"):
        await Checkpoint(work, group.commit, Metrics()).run()
    assert diary == []


async def test_a_commit_that_the_group_refused_is_told_again(diary: list[str]) -> None:
    work, group = FakeWork(diary), Group(diary)
    checkpoint = Checkpoint(work, group.commit, Metrics())
    group.listens = False
    await checkpoint.run()
    group.listens = True
    await checkpoint.run()
    assert diary == ["save", "commit 0:10"] * 2


async def test_partitions_that_came_back_are_told_anew(diary: list[str]) -> None:
    work, group = FakeWork(diary), Group(diary)
    checkpoint = Checkpoint(work, group.commit, Metrics())
    await checkpoint.run()
    checkpoint.forget(frozenset({A}))
    await checkpoint.run()
    assert diary == ["save", "commit 0:10"] * 2


async def test_it_is_due_after_the_interval_or_when_nothing_is_left_to_read(diary: list[str]) -> None:
    now = [100.0]
    work = FakeWork(diary)
    checkpoint = Checkpoint(work, Group(diary).commit, Metrics(), clock=lambda: now[0])
    assert not checkpoint.due(5, caught_up=False)
    assert checkpoint.due(5, caught_up=True)
    now[0] += 5
    assert checkpoint.due(5, caught_up=False)
    await checkpoint.run()
    now[0] += 50
    assert not checkpoint.due(5, caught_up=True), "nothing is new"


async def test_a_save_that_takes_long_is_due_less_often(diary: list[str]) -> None:
    now = [100.0]

    class SlowWork(FakeWork):
        async def make_durable(self, partitions: frozenset[TP] | None = None) -> Mapping[TP, int]:
            now[0] += 10
            return await super().make_durable(partitions)

    work = SlowWork(diary)
    checkpoint = Checkpoint(work, Group(diary).commit, Metrics(), clock=lambda: now[0])
    await checkpoint.run()
    work.now[A] = 11
    now[0] += 79
    assert not checkpoint.due(30, caught_up=True)
    now[0] += 1
    assert checkpoint.due(30, caught_up=True)


async def test_a_save_that_takes_long_is_due_after_four_intervals_at_the_latest(diary: list[str]) -> None:
    now = [100.0]

    class SlowWork(FakeWork):
        async def make_durable(self, partitions: frozenset[TP] | None = None) -> Mapping[TP, int]:
            now[0] += 60
            return await super().make_durable(partitions)

    work = SlowWork(diary)
    checkpoint = Checkpoint(work, Group(diary).commit, Metrics(), clock=lambda: now[0])
    await checkpoint.run()
    work.now[A] = 11
    now[0] += 19
    assert not checkpoint.due(5, caught_up=True)
    now[0] += 1
    assert checkpoint.due(5, caught_up=True)


async def test_a_tail_is_told_once_and_only_forwards(diary: list[str]) -> None:
    work, group = FakeWork(diary), Group(diary)
    checkpoint = Checkpoint(work, group.commit, Metrics())
    await checkpoint.run()
    assert checkpoint.told == {A: 10}
    await checkpoint.pass_tails({A: 10, B: 0})
    await checkpoint.pass_tails({A: 12})
    await checkpoint.pass_tails({A: 12})
    assert diary == ["save", "commit 0:10", "commit 0:12"]
    checkpoint.forget(frozenset({A}))
    await checkpoint.pass_tails({A: 12})
    assert diary[3:] == ["commit 0:12"]


async def test_a_tail_that_the_group_refused_is_told_again(diary: list[str]) -> None:
    group = Group(diary)
    checkpoint = Checkpoint(FakeWork(diary), group.commit, Metrics())
    group.listens = False
    await checkpoint.pass_tails({A: 3})
    await checkpoint.pass_tails({A: 3})
    assert diary == ["commit 0:3"] * 2
