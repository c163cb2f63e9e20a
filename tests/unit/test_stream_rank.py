"""`rank` and its core: the loop goes on meanwhile, and what nobody owns any more leaves no trace."""

import asyncio
import uuid
from collections.abc import Callable, Sequence

import pytest
from faust.types import TP

from graph.interaction import Interaction
from graph.log_record import encode_interaction
from graph.partition_state import PartitionState
from graph.publication import Acts, Tally, decode_publication
from streams.checkpoint import Checkpoint
from streams.delivery import Delivery
from streams.metrics import Metrics
from streams.rank_app import Rank, RankOptions
from streams.url_place import UrlPlace
from tests.properties.conversations import START
from tests.properties.pipeline_world import INTERACTIONS, RANKINGS, RUN, THEMES, Broker, Outlet, Rec
from tests.unit.gate import Gate

A, B = INTERACTIONS


@pytest.fixture
def gate() -> Gate:
    """Before the end of each call of the core."""
    return Gate()


@pytest.fixture
def at_the_disk() -> Gate:
    """Before each write of a snapshot."""
    return Gate()


@pytest.fixture
def broker() -> Broker:
    return Broker()


@pytest.fixture
def new_rank(gate: Gate, at_the_disk: Gate, broker: Broker) -> Callable[[], Rank]:
    class HeldPlace(UrlPlace):
        def write(self, folder: str, name: str, parts: Sequence[bytes]) -> None:
            at_the_disk.pass_through()
            super().write(folder, name, parts)

    place = HeldPlace(f"memory://{uuid.uuid4().hex}")

    class HeldState(PartitionState):
        in_a_call = False

        def apply(self, offsets: Sequence[int], values: Sequence[bytes]) -> list[tuple[str, bytes]]:
            self.in_a_call = True
            told = super().apply(offsets, values)
            gate.pass_through()
            self.in_a_call = False
            return told

        @property
        def fates(self) -> dict[str, int]:
            assert not self.in_a_call, "read while it changes"
            return super().fates

    def make() -> Rank:
        rank = Rank(RankOptions(run=RUN, themes=THEMES, snapshots=place), Metrics(), HeldState)
        rank._out = Outlet(broker)  # type: ignore[assignment] # a fake
        rank._partitions = len(RANKINGS)
        return rank

    return make


def batch(first: int, count: int = 3, tp: TP = A) -> Delivery:
    records = []
    for n in range(first, first + count):
        act = Interaction(theme="t", kind="reply", occurred_at=START + n, key=n + 1, actor_id=f"s:{n}", target_actor_id="s:x")
        records.append(Rec(n, START, b"t", encode_interaction(act)))
    return Delivery(tp, 1, 0, records)


def keys_told(broker: Broker) -> list[int]:
    """Of the acts published, in the order in which they were."""
    values = [decode_publication(record.value or b"") for tp in RANKINGS for record in broker.logs[tp]]
    return [event.key for value in values if isinstance(value, Acts) for event in value.acts()]


def counted(broker: Broker) -> int:
    values = [decode_publication(record.value or b"") for tp in RANKINGS for record in broker.logs[tp]]
    return max((value.next_offset, value.state) for value in values if isinstance(value, Tally))[1]


async def test_while_the_core_is_in_a_call_the_loop_goes_on_and_a_checkpoint_waits(
    new_rank: Callable[[], Rank], gate: Gate, broker: Broker
) -> None:
    rank = new_rank()
    await rank.restore({A: None})
    await rank.take_in(batch(0))
    with gate.held():
        taking = asyncio.create_task(rank.take_in(batch(3)))
        await gate.somebody()
        saving = asyncio.create_task(rank.make_durable())
        for _beat in range(100):
            await rank.beat()
            await asyncio.sleep(0)
        await asyncio.to_thread(lambda: None)
        assert rank.computing()
        assert not taking.done()
        assert not saving.done()
        assert keys_told(broker) == []
    await taking
    assert await saving == {A: 6}
    assert keys_told(broker) == [1, 2, 3, 4, 5, 6]
    assert counted(broker) == 6
    assert not rank.computing()
    again = new_rank()
    assert await again.restore({A: 0}) == {A: 6}
    await rank.close()


@pytest.mark.parametrize("comes_back", [False, True])
async def test_of_a_partition_that_went_to_others_during_a_call_nothing_is_kept(
    new_rank: Callable[[], Rank], gate: Gate, broker: Broker, *, comes_back: bool
) -> None:
    rank = new_rank()
    await rank.restore({A: None, B: None})
    await rank.take_in(batch(0))
    assert await rank.make_durable() == {A: 3}
    with gate.held():
        taking = asyncio.create_task(rank.take_in(batch(3)))
        await gate.somebody()
        saving = asyncio.create_task(rank.make_durable())
        await asyncio.to_thread(lambda: None)
        rank.drop(frozenset({A}))
        restoring = asyncio.create_task(rank.restore({A: 3} if comes_back else {B: None}))
        await asyncio.sleep(0)
    await taking
    await saving
    assert await restoring == ({A: 3} if comes_back else {B: None})
    assert rank.reached() == ({A: 3} if comes_back else {})
    assert keys_told(broker) == [1, 2, 3]
    assert await new_rank().restore({A: 3}) == {A: 3}
    if comes_back:
        await rank.take_in(batch(3))
        assert await rank.make_durable() == {A: 6}
        assert keys_told(broker) == [1, 2, 3, 4, 5, 6]
        assert counted(broker) == 6
    await rank.close()


async def test_a_partition_that_goes_to_others_while_it_is_saved_is_not_committed_by_us(
    new_rank: Callable[[], Rank], at_the_disk: Gate
) -> None:
    rank = new_rank()
    await rank.restore({A: None})
    await rank.take_in(batch(0))
    with at_the_disk.held():
        saving = asyncio.create_task(rank.make_durable())
        await at_the_disk.somebody()
        rank.drop(frozenset({A}))
    assert await saving == {}
    assert await rank.restore({A: None}) == {A: 3}, "what was told was saved all the same"
    await rank.close()


async def test_what_a_call_found_is_published_also_where_nobody_waits_for_it_any_more(
    new_rank: Callable[[], Rank], gate: Gate, broker: Broker
) -> None:
    rank = new_rank()
    await rank.restore({A: None})
    with gate.held():
        taking = asyncio.create_task(rank.take_in(batch(0)))
        await gate.somebody()
        taking.cancel()
        await asyncio.gather(taking, return_exceptions=True)
        assert taking.cancelled()
    assert await rank.make_durable() == {A: 3}
    assert keys_told(broker) == [1, 2, 3]
    await rank.close()


async def test_a_parting_that_would_take_too_long_is_given_up_and_the_next_owner_does_the_work_again(
    new_rank: Callable[[], Rank], gate: Gate, broker: Broker
) -> None:
    committed: dict[TP, int] = {}

    async def commit(offsets: dict[TP, int]) -> bool:
        committed.update(offsets)
        return True

    rank = new_rank()
    checkpoint = Checkpoint(rank, commit, Metrics())  # type: ignore[arg-type] # any mapping
    await rank.restore({A: None})
    await rank.take_in(batch(0))
    assert await checkpoint.run_within(30, frozenset({A}))
    with gate.held():
        taking = asyncio.create_task(rank.take_in(batch(3)))
        await gate.somebody()
        assert not await checkpoint.run_within(0.01, frozenset({A}))
        rank.drop(frozenset({A}))
    await taking
    assert committed == {A: 3}
    other = new_rank()
    assert await other.restore({A: 3}) == {A: 3}
    await other.take_in(batch(3))
    assert await other.make_durable() == {A: 6}
    assert keys_told(broker) == [1, 2, 3, 4, 5, 6]
    await rank.close()
    await other.close()


async def test_a_failure_that_is_a_timeout_itself_is_no_parting_given_up(new_rank: Callable[[], Rank]) -> None:
    async def commit(_offsets: object) -> bool:
        raise TimeoutError

    rank = new_rank()
    await rank.restore({A: None})
    await rank.take_in(batch(0))
    with pytest.raises(TimeoutError):
        await Checkpoint(rank, commit, Metrics()).run_within(30, frozenset({A}))
    await rank.close()
