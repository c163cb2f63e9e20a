"""The tables of a theme: each bounded or expiring, each found by key, each read back from its dump."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import graph.parked
import graph.undoings
from graph.batch import Batch
from graph.evidence import MOST_EVIDENCE
from graph.fates import Fates
from graph.growing import SMALLEST, grown
from graph.interaction import Interaction
from graph.interaction_log import NOBODY, SECONDARY, SEGMENT, TIME_SHIFT, UNDONE, InteractionLog, Rows
from graph.intervals import tie_span
from graph.key_index import KeyIndex
from graph.log_record import record_of
from graph.parked import Parked, Waiting
from graph.references import BLOCK, References
from graph.rounding import significant
from graph.taking_in import find_parents
from graph.undo import undo_messages
from graph.undoings import WHOLLY, Undoing, Undoings


@given(st.lists(st.lists(st.integers(1, 2**64 - 1), unique=True, max_size=60), max_size=8))
def test_every_key_entered_is_found_at_its_row_and_no_other(batches: list[list[int]]) -> None:
    index, column = KeyIndex(), np.zeros(0, dtype=np.uint64)
    rows: dict[int, int] = {}
    for batch in batches:
        new = [key for key in batch if key not in rows]
        rows |= {key: len(rows) + k for k, key in enumerate(new)}
        column = np.array(list(rows), dtype=np.uint64)
        index.add(np.array(new, dtype=np.uint64), np.array([rows[key] for key in new], dtype=np.int64), column)
    asked = [key for batch in batches for key in batch] + [7, 2**63]
    assert index.find(np.array(asked, dtype=np.uint64), column).tolist() == [rows.get(key, -1) for key in asked]
    half = len(rows) // 2
    assert index.find(np.array(list(rows), dtype=np.uint64), column, half).tolist() == [-1] * half + list(range(half, len(rows)))


def test_keys_that_crowd_one_place_wrap_around_the_table() -> None:
    index = KeyIndex()
    column = np.array([2**64 - 1 - k for k in range(40)], dtype=np.uint64)
    index.add(column, np.arange(40), column)
    assert index.find(column, column).tolist() == list(range(40))


def test_columns_grow_by_a_thirty_second_and_keep_what_they_hold() -> None:
    column = grown(np.arange(3), 4)
    assert column.size == SMALLEST
    assert column[:4].tolist() == [0, 1, 2, 0]
    assert grown(column, SMALLEST) is column
    assert grown(column, 1600).size == 1650


def test_references_are_found_in_blocks_and_tail_and_dropped_by_blocks() -> None:
    ids = [f"m{k}" for k in range(2 * BLOCK + 5)]
    urls = [f"https://example.org/{k}" for k in range(2 * BLOCK + 5)]
    pairs = list(zip(ids, urls, strict=True))
    references = References()
    references.extend(ids[:10], urls[:10])
    references.extend(ids[10:], urls[10:])
    asked = [0, 1, BLOCK, 2 * BLOCK + 4, 3, 1]
    assert list(zip(*references.get(np.array(asked)), strict=True)) == [pairs[k] for k in asked]
    references.drop_blocks(1)
    loaded = reloaded(references)
    for found in (references, loaded):
        asked = [0, BLOCK - 1, BLOCK]
        assert list(zip(*found.get(np.array(asked)), strict=True)) == [pairs[BLOCK + k] for k in asked]
        assert found.get(np.zeros(0, dtype=np.int64)) == ([], [])


def reloaded(references: References) -> References:
    loaded = References()
    loaded.put(references.blocks(0, 10 * BLOCK))
    loaded.extend(*references.loose())
    return loaded


def rows(
    times: list[int], *, keys: list[int], messages: list[int] | None = None, secondary: frozenset[int] = frozenset()
) -> Rows:
    """Rows of actor 0 toward 1 at `times`."""
    flags = np.array([SECONDARY if k in secondary else 0 for k in range(len(times))])
    count = len(times)
    return Rows(
        (np.array(times, dtype=np.int64) << TIME_SHIFT) | flags,
        np.zeros(count, dtype=np.int32),
        np.ones(count, dtype=np.int32),
        np.array(keys, dtype=np.uint64),
        np.array(messages or keys, dtype=np.uint64),
        [f"r{key}" for key in keys],
        [""] * count,
    )


def keyed(*keys: int) -> "np.ndarray[tuple[int], np.dtype[np.uint64]]":
    return np.array(keys, dtype=np.uint64)


def test_a_log_finds_events_and_messages_with_all_their_rows() -> None:
    log = InteractionLog()
    log.append(rows([1, 2, 2, 3], keys=[10, 20, 20, 30], messages=[10, 5, 0, 5], secondary=frozenset({2})))
    assert log.find_events(keyed(10, 20, 30, 40)).tolist() == [0, 1, 3, -1]
    assert find_parents(log, keyed(10, 5, 20, 9), np.full(4, 9)).tolist() == [0, 1, 1, -1]
    assert [rows.tolist() for rows in log.rows_of_messages([9, 5])] == [[], [1, 2, 3]]
    assert log.references_of(np.arange(4)) == (["r10", "r20", "r20", "r30"], [""] * 4)


def test_a_parent_is_what_had_arrived_by_then_whatever_came_after_it_in_the_batch() -> None:
    log = InteractionLog()
    # Message 5: an edit by key 20, an answer, then the message's own event, and another edit. Message 7: only edits.
    log.append(rows([1, 2, 3, 4, 5, 6], keys=[20, 30, 5, 40, 50, 60], messages=[5, 0, 5, 5, 7, 7]))
    assert find_parents(log, keyed(5, 5, 5), np.array([1, 2, 3])).tolist() == [0, 2, 2]
    assert find_parents(log, keyed(7, 7, 8), np.array([1, 5, 1])).tolist() == [4, 4, -1]


def test_a_message_is_found_by_its_kept_events_once_the_first_is_forgotten() -> None:
    log = InteractionLog()
    messages = [10**6, *[0] * (SEGMENT - 1), 10**6, 10**6 + 1]
    log.append(rows(list(range(SEGMENT + 2)), keys=list(range(1, SEGMENT + 3)), messages=messages))
    more = 4 * SEGMENT  # so much that the log is not yet put together anew
    log.append(
        rows(list(range(SEGMENT + 2, SEGMENT + 2 + more)), keys=list(range(SEGMENT + 3, SEGMENT + 3 + more)), messages=[0] * more)
    )
    wanted, asking = keyed(10**6, 10**6 + 1, 10**6 + 2), np.full(3, log.size)
    assert find_parents(log, wanted, asking).tolist()[0] == 0
    assert log.forget(SEGMENT - 1) == SEGMENT
    live = find_parents(log, wanted, asking) - log.first
    loaded = InteractionLog.load(log.dump())
    assert live.tolist()[:2] == find_parents(loaded, wanted, asking).tolist()[:2] == [0, 1]


def test_a_log_forgets_whole_segments_once_their_newest_row_expired() -> None:
    log = InteractionLog()
    total = 3 * SEGMENT + 10
    log.append(rows(list(range(total)), keys=list(range(1, total + 1)), messages=[10**6 + k // 2 for k in range(total)]))
    assert log.forget(SEGMENT - 2) == 0
    assert log.forget(SEGMENT - 1) == SEGMENT
    assert len(log) == total - SEGMENT
    assert log.find_events(keyed(SEGMENT, SEGMENT + 1, total)).tolist()[0] == -1
    assert (log.find_events(keyed(SEGMENT + 1, total)) >= 0).all()
    assert find_parents(log, keyed(10**6, 10**6 + SEGMENT // 2), np.full(2, total)).tolist()[0] == -1
    loaded = InteractionLog.load(log.dump())
    for found in (log, loaded):
        row = int(found.find_events(keyed(2 * SEGMENT))[0])
        assert found.references_of(np.array([row])) == ([f"r{2 * SEGMENT}"], [""])
        assert [rows.size for rows in found.rows_of_messages([10**6 + SEGMENT - 1, 10**6])] == [2, 0]
    assert log.forget(10**9) == 2 * SEGMENT
    assert len(log) == 10
    assert loaded.dump() != log.dump()


def test_undoing_a_message_leaves_rows_that_no_longer_count() -> None:
    log = InteractionLog()
    log.append(rows([1, 5, 9], keys=[10, 20, 30], messages=[7, 7, 8]))
    undo_messages(log, {7: 5})
    assert ((log.flags[:3] & UNDONE) != 0).tolist() == [True, False, False]
    undo_messages(log, {7: WHOLLY})
    undo_messages(log, {99: WHOLLY})
    assert ((log.flags[:3] & UNDONE) != 0).tolist() == [True, True, False]


def test_parked_replies_leave_when_their_parent_comes_when_they_expire_or_when_the_table_is_full(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(graph.parked, "MOST_PARKED", 4)
    parked = Parked()
    for row, parent in enumerate((1, 2, 1, 3)):
        parked.park(parent, Waiting(row, b"%d" % row))
    assert [waiting.row for waiting in parked.arrived(2)] == [1]
    assert parked.arrived(2) == []
    parked.park(4, Waiting(4, b"4"))
    assert (parked.count, parked.evicted) == (4, 0)
    parked.park(5, Waiting(5, b"5"))
    assert (parked.count, parked.unresolved, parked.evicted) == (3, 2, 2)
    parked.shift(4)
    assert (parked.count, parked.unresolved, parked.evicted) == (2, 3, 2)
    loaded = Parked.load(parked.dump())
    assert (loaded.count, loaded.unresolved, loaded.evicted) == (2, 3, 2)
    assert [[waiting.row for waiting in loaded.arrived(parent)] for parent in (3, 4, 5)] == [[], [0], [1]]


def test_undoings_count_once_and_the_oldest_are_evicted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(graph.undoings, "MOST_UNDOINGS", 2)
    undoings = Undoings()
    assert not undoings
    first, second = Undoing(5, WHOLLY), Undoing(3, 3)
    assert undoings.record(1, 100, first)
    assert undoings.record(2, 100, second)
    assert not undoings.record(2, 100, second)
    assert undoings.of(100) == [second, first]
    assert undoings.record(3, 200, first)
    assert undoings.evicted == 0
    assert undoings.record(4, 300, first)
    assert (undoings.evicted, 100 in undoings, 300 in undoings) == (1, False, True)
    loaded = Undoings.load(undoings.dump())
    assert loaded.dump() == undoings.dump()
    assert loaded.of(300) == [first]


def test_a_repeated_undoing_is_told_from_a_duplicate_by_its_origin() -> None:
    undoings = Undoings()
    undoings.note((0, 5))
    assert undoings.repeated((0, 5))
    assert not undoings.repeated((0, 6))
    assert undoings.repeated((0, 6))
    assert not undoings.repeated((1, 0))


def event(offset: int, *, copy: bool = False) -> Interaction:
    return Interaction(theme="t", kind="post", occurred_at=offset, origin=(0, offset), copy=copy)


def batch(events: list[Interaction]) -> Batch:
    return Batch([record_of(events)])


def test_fates_count_each_input_event_once_whatever_was_written_again() -> None:
    fates = Fates()
    no, yes = np.zeros(3, dtype=np.bool_), np.array([True, False, True])
    fates.count(batch([event(0), event(1), event(2, copy=True)]), no, no)
    assert (fates.state, fates.late, fates.duplicate, fates.origins) == (2, 0, 0, {0: 2})
    fates.count(batch([event(3), event(4), event(5, copy=True)]), yes, no)
    assert (fates.state, fates.late, fates.duplicate) == (3, 1, 0)
    fates.count(batch([event(3), event(6), event(7)]), no, yes)
    assert (fates.state, fates.late, fates.duplicate, fates.origins) == (4, 1, 1, {0: 7})


def test_numbers_are_rounded_to_twelve_digits() -> None:
    values = np.array([0.0, 0.1 + 0.2, 1234567890123456.0, 1e-9 / 3])
    assert significant(values) == pytest.approx(values, rel=1e-11)
    assert significant(values)[1] == significant(np.array([0.3]))[0]
    assert significant(values)[0] == 0


def test_equals_share_the_first_of_their_positions() -> None:
    first, last = tie_span(np.array([0.0, 0, 0, 1]), np.array([0.0, 1, 1, 0]))
    assert (first.tolist(), last.tolist()) == ([1, 2, 2, 4], [1, 3, 3, 4])
    assert [places.tolist() for places in tie_span(np.zeros(0))] == [[], []]


def test_the_constants_that_tests_rely_on() -> None:
    assert (NOBODY, MOST_EVIDENCE, SEGMENT % BLOCK) == (-1, 5, 0)
