"""The writer's order of inserts, its slices and its numbers, told by a recording warehouse."""

from collections.abc import Mapping, Sequence
from typing import Any, cast

import pytest
from msgspec import MsgspecError

from graph.publication import encode_publication
from sinks.clickhouse import writer as writing
from sinks.clickhouse.act_columns import actor_columns, interaction_columns, message_columns
from sinks.clickhouse.run_columns import ranking_columns
from sinks.clickhouse.warehouse import Warehouse
from sinks.clickhouse.warehouse_errors import WarehouseUnreachableError
from sinks.clickhouse.writer import RankingWriter
from tests.contracts.published import act, acts, evidence, run, tally


class RecordingWarehouse:
    """Remembers inserts; fails on the table named."""

    def __init__(self, failing: str = "") -> None:
        self.inserts: list[tuple[str, dict[str, list[Any]]]] = []
        self._failing = failing

    def insert(self, table: str, columns: Mapping[str, Sequence[Any]]) -> int:
        if table == self._failing:
            raise WarehouseUnreachableError("nowhere:1", "gone")
        lengths = {len(column) for column in columns.values()}
        assert len(lengths) == 1, columns.keys()
        self.inserts.append((table, {name: list(column) for name, column in columns.items()}))
        return lengths.pop()

    @property
    def tables(self) -> list[str]:
        return [table for table, _ in self.inserts]


def writer_of(warehouse: RecordingWarehouse, clock: int = 100) -> RankingWriter:
    return RankingWriter(cast("Warehouse", warehouse), clock_ns=lambda: clock)


A_RUN_AND_MORE = (*run(1, {"ada": 1.0}), evidence(1, "ada", "m"), acts(act("m", "bob")), tally(1, 1))
EVERYTHING = [encode_publication(each) for each in A_RUN_AND_MORE]


def test_a_call_makes_one_insert_per_table_and_publishes_runs_last() -> None:
    warehouse = RecordingWarehouse()
    writer_of(warehouse).write(EVERYTHING * 3, [])
    assert warehouse.tables == ["interactions", "messages", "actors", "rankings", "evidence", "tallies", "ranking_runs"]


def test_a_failure_anywhere_leaves_the_run_unpublished() -> None:
    for table in ("interactions", "messages", "actors", "rankings", "evidence", "tallies"):
        warehouse = RecordingWarehouse(failing=table)
        with pytest.raises(WarehouseUnreachableError):
            writer_of(warehouse).write(EVERYTHING, [])
        assert "ranking_runs" not in warehouse.tables


def test_a_backlog_is_cut_into_slices_in_the_order_of_the_log(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writing, "SLICE_BYTES", 1000)
    warehouse = RecordingWarehouse()
    runs = [run(day, {"ada": 1.0, "bob": 0.5}) for day in range(9)]
    writer_of(warehouse).write([encode_publication(each) for records in runs for each in records], [])
    stored: set[str] = set()
    for table, columns in warehouse.inserts:
        if table == "ranking_runs":
            assert set(columns["run_id"]) <= stored
        stored |= set(columns["run_id"])
    assert len(warehouse.tables) > 4
    assert len(stored) == 9


def test_publication_numbers_rise_even_where_the_clock_does_not() -> None:
    warehouse = RecordingWarehouse()
    writer = writer_of(warehouse)
    for day in (1, 2):
        writer.write([encode_publication(each) for each in (*run(day, {"ada": 1.0}), *run(day + 5, {"ada": 1.0}))], [])
    numbers = [number for table, columns in warehouse.inserts if table == "ranking_runs" for number in columns["published"]]
    assert numbers == [100, 101, 102, 103]


def test_shadows_are_numbered_in_microseconds_below_every_own_run() -> None:
    warehouse = RecordingWarehouse()
    writer = writer_of(warehouse, clock=1_800_000_000_123_456_789)
    for day in (1, 2):
        both = (*run(day, {"ada": 1.0}), *run(day, {"ada": 1.0}, version="w", shadow=True))
        writer.write([encode_publication(each) for each in both], [])
    numbers = [number for table, columns in warehouse.inserts if table == "ranking_runs" for number in columns["published"]]
    assert numbers == [
        *(1_800_000_000_123_456_789, 1_800_000_000_123_456),
        *(1_800_000_000_123_456_790, 1_800_000_000_123_457),
    ]


def test_bytes_that_no_rank_wrote_are_an_error() -> None:
    with pytest.raises(MsgspecError):
        writer_of(RecordingWarehouse()).write([b'{"type":"other"}'], [])


def test_an_act_s_row_tells_its_target_its_fate_and_its_weight() -> None:
    edit = act("e", "ada", "edit", object_id="m")
    answering, naming = (
        act("e2", "ada", "edit", object_id="m", parent_id="p"),
        act("e3", "ada", "edit", object_id="m", mentions=("bob",)),
    )
    resolved = act("r", "ada", "reply", parent_id="p")
    columns = interaction_columns([acts(resolved, edit, late=(1,), targets=((0, "bob"),)), acts(answering, naming)])
    assert columns["target_actor_id"] == ["bob", "", "", ""]
    assert columns["fate"] == ["state", "late", "state", "state"]
    assert columns["fullness"] == [3, 0, 2, 2]
    assert columns["weight"] == [1.0, 0.0, 1.0, 0.5]


def test_only_written_words_are_messages_and_a_delete_is_no_sign_of_life() -> None:
    reaction, nameless = act("x", "ada", "reaction", object_id="m"), act("n", "ada", object_id="")
    everywhere = acts(act("d", "mod", "delete", object_id="m"), act("e", "ada", "edit", object_id="m"), theme="")
    published = [acts(act("m", "ada"), reaction, nameless), everywhere]
    assert message_columns(published)["object_id"] == ["m"]
    assert actor_columns(published)["actor_id"] == ["ada", "ada", "ada", "ada"]


def test_chunks_of_a_run_are_laid_end_to_end() -> None:
    *chunks, _ = run(1, {"ada": 2.0, "bob": 1.0})
    columns = ranking_columns(cast("Any", chunks))
    assert columns["actor_id"] == ["ada", "bob"]
    assert columns["run_id"] == ["run-v1-c1-1"] * 2
