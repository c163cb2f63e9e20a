"""`store`: writes in order, waits for the warehouse for ever, and counts as done only what it accepted."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
from faust.types import TP

from graph.dead_letter import DeadLetter, to_headers
from graph.publication import Tally, encode_publication
from streams.delivery import Delivery
from streams.kafka_settings import KafkaSettings
from streams.metrics import Metrics
from streams.run_settings import RunSettings
from streams.store_app import Store, StoreOptions
from streams.write_buffer import WriteBuffer

RANKINGS, DEAD = TP("rankings", 0), TP("mentions.dead", 0)


class AwayError(ConnectionError):
    """The warehouse does not answer."""


@dataclass(frozen=True)
class FakeRecord:
    offset: int
    value: bytes | None
    headers: tuple[tuple[str, bytes], ...] = ()
    timestamp: int = 0
    key: bytes | None = None


class FakeWarehouse:
    def __init__(self, failures: Sequence[Exception] = ()) -> None:
        self.failures = list(failures)
        self.publications: list[bytes] = []
        self.letters: list[DeadLetter] = []

    def write(self, publications: Sequence[bytes], dead: Sequence[DeadLetter]) -> None:
        if self.failures:
            raise self.failures.pop(0)
        self.publications += publications
        self.letters += dead


def publication(number: int) -> bytes:
    tally = Tally("t", 0, number, state=number, late=0, duplicate=0, parked=0, unresolved=0, evicted=0)
    return encode_publication(tally)


def batch(tp: TP, first: int, *values: bytes | None) -> Delivery:
    return Delivery(tp, 1, 0, [FakeRecord(first + i, value) for i, value in enumerate(values)])


async def no_pause(_seconds: float) -> None: ...


def make_store(warehouse: FakeWarehouse, sleep: Callable[[float], Awaitable[None]] = no_pause) -> Store:
    run = RunSettings(kafka=KafkaSettings(), state_dir=Path("unused"))
    return Store(StoreOptions(run=run, write=warehouse.write, transient=(AwayError,)), Metrics(), sleep=sleep)


async def settle(store: Store, offset: int, tp: TP = RANKINGS) -> None:
    async with asyncio.timeout(5):
        while store.reached().get(tp) != offset:
            await store.beat()
            await asyncio.sleep(0.01)


async def test_batches_are_written_in_order_and_then_count_as_done() -> None:
    warehouse = FakeWarehouse()
    store = make_store(warehouse)
    store.start_writing()
    await store.take_in(batch(RANKINGS, 0, publication(1), publication(2)))
    await store.take_in(batch(RANKINGS, 2, publication(3), None))
    await settle(store, 4)
    assert warehouse.publications == [publication(1), publication(2), publication(3)]
    await store.close()


async def test_while_the_warehouse_is_away_nothing_counts_and_nothing_is_lost() -> None:
    pauses: list[float] = []
    warehouse = FakeWarehouse([AwayError("refused")] * 8)

    async def pause(seconds: float) -> None:
        assert store.patient()
        assert store.reached() == {}
        pauses.append(seconds)

    store = make_store(warehouse, pause)
    store.start_writing()
    await store.take_in(batch(RANKINGS, 0, publication(1)))
    await settle(store, 1)
    assert not store.patient()
    assert warehouse.publications == [publication(1)]
    assert pauses == [0.5, 1, 2, 4, 8, 15, 15, 15]
    await store.close()


async def test_a_permanent_error_ends_the_app() -> None:
    store = make_store(FakeWarehouse([RuntimeError("no such table")]))
    store.start_writing()
    await store.take_in(batch(RANKINGS, 0, publication(1)))
    with pytest.raises(RuntimeError, match="no such table"):
        await settle(store, 1)
    await store.close()


async def test_records_that_no_app_of_ours_wrote_are_skipped() -> None:
    class Decoding(FakeWarehouse):
        def write(self, publications: Sequence[bytes], dead: Sequence[DeadLetter]) -> None:
            from graph.publication import decode_publication

            for value in publications:
                decode_publication(value)
            super().write(publications, dead)

    warehouse = Decoding()
    store = make_store(warehouse)
    store.start_writing()
    await store.take_in(batch(RANKINGS, 0, publication(1), b"{nonsense", publication(2)))
    await store.take_in(batch(DEAD, 0, b"no headers"))
    await settle(store, 3)
    await settle(store, 1, DEAD)
    assert warehouse.publications == [publication(1), publication(2)]
    assert warehouse.letters == []
    await store.close()


async def test_dead_letters_arrive_as_they_were_buried() -> None:
    letter = DeadLetter(topic="mentions", partition=3, offset=9, received_at=5, reason="not_json", detail="é", payload=b"\xff{")
    warehouse = FakeWarehouse()
    store = make_store(warehouse)
    store.start_writing()
    await store.take_in(Delivery(DEAD, 1, 0, [FakeRecord(0, letter.payload, tuple(to_headers(letter)))]))
    await settle(store, 1, DEAD)
    assert warehouse.letters == [letter]
    await store.close()


async def test_what_was_taken_in_before_a_rebalance_does_not_count_after_it() -> None:
    warehouse = FakeWarehouse([AwayError("refused")])
    store = make_store(warehouse)
    store.start_writing()
    await store.take_in(batch(RANKINGS, 0, publication(1)))
    await store.restore({RANKINGS: 0})
    await store.take_in(batch(RANKINGS, 0, publication(1), publication(2)))
    await settle(store, 2)
    await store.close()


async def test_a_full_buffer_holds_back_the_reader_and_not_the_first_large_batch() -> None:
    buffer = WriteBuffer(records=2, size_bytes=1000, linger_s=60)
    await buffer.put(batch(RANKINGS, 0, b"a", b"b", b"c"), 0)
    waiting = asyncio.create_task(buffer.put(batch(RANKINGS, 3, b"d"), 0))
    await asyncio.sleep(0)
    assert not waiting.done()
    [(delivery, era)] = await buffer.collect()
    assert (delivery.next_offset, era) == (3, 0)
    await waiting


async def test_bytes_count_as_well_as_records() -> None:
    buffer = WriteBuffer(records=1000, size_bytes=10, linger_s=60)
    await buffer.put(batch(RANKINGS, 0, b"0123456789"), 0)
    assert buffer.full
