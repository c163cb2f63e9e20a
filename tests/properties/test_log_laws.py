"""The core is one function of the log: batches, restarts, repetitions and order inside one timestamp change nothing."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import cycle, groupby
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from graph.interaction import Interaction
from graph.log_record import decode_interactions, encode_interactions
from graph.partition_state import PartitionState
from graph.theme_settings import HOUR_MS
from tests.oracles.reference_act import Act
from tests.properties.conversations import SETTINGS, conversation, conversations
from tests.properties.interaction_records import THEME, apply_in_batches, core_runs, runs_of, to_records
from tests.properties.publications import Event, unbatched, without_offsets

THEMES = {THEME: SETTINGS}
LAW = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
CUTS = st.lists(st.integers(1, 80), max_size=12)


def fresh() -> PartitionState:
    return PartitionState(0, THEMES)


@given(conversations(sources=2), CUTS)
@LAW
def test_any_batching_gives_the_same_bytes(acts: list[Act], cuts: list[int]) -> None:
    records = to_records(acts)
    whole, cut = fresh(), fresh()
    assert unbatched(apply_in_batches(whole, records)) == unbatched(apply_in_batches(cut, records, cuts))
    assert whole.dump() == cut.dump()
    assert (whole.next_offset, whole.fates) == (cut.next_offset, cut.fates)
    assert unbatched(whole.tallies()) == unbatched(cut.tallies())


@given(conversations(sources=2), st.lists(st.integers(1, 9), min_size=1, max_size=20))
@LAW
def test_how_many_acts_share_a_record_changes_nothing(acts: list[Act], shares: list[int]) -> None:
    single = to_records(acts)
    records: list[bytes] = []
    wanted = cycle(shares)
    for alone, together in groupby(decode_interactions(single), key=lambda act: act.theme != THEME):
        left: list[Interaction] = list(together)
        while left:
            share = 1 if alone else next(wanted)
            records.append(encode_interactions(left[:share]))
            left = left[share:]
    apart, shared = fresh(), fresh()
    assert unbatched(apply_in_batches(apart, single)) == unbatched(apply_in_batches(shared, records, (3, 4)))
    assert shared.next_offset == len(records)
    shared.next_offset = apart.next_offset
    assert shared.dump() == apart.dump()


@pytest.mark.parametrize("size", [1, 7, 1000, 5000])
def test_any_batching_gives_the_same_bytes_when_expired_rows_are_forgotten(size: int) -> None:
    acts = conversation(1, actors=40, acts=14_000, hours=90) if size > 1 else conversation(1, actors=12, acts=5_000, hours=40)
    records = to_records(acts)
    whole, cut = fresh(), fresh()
    assert unbatched(apply_in_batches(whole, records)) == unbatched(apply_in_batches(cut, records, range(0, len(records), size)))
    assert whole.dump() == cut.dump()


@given(conversations(sources=2), st.integers(0, 80), CUTS)
@LAW
def test_a_restart_from_a_dump_is_no_event(acts: list[Act], at: int, cuts: list[int]) -> None:
    records = to_records(acts)
    at = min(at, len(records))
    unbroken, first = fresh(), fresh()
    expected = apply_in_batches(unbroken, records)
    published = apply_in_batches(first, records[:at], cuts)
    body = first.dump()
    second = PartitionState.load(body, 0, THEMES)
    assert second.dump() == body
    assert second.next_offset == at
    published += apply_in_batches(second, records[at:], cuts, start=at)
    assert unbatched(published) == unbatched(expected)
    assert second.dump() == unbroken.dump()
    assert (second.fates, second.config_hash) == (unbroken.fates, unbroken.config_hash)


def test_a_restart_is_no_event_in_a_long_log() -> None:
    records = to_records(conversation(2, actors=30, acts=9_000, hours=70, sources=2))
    unbroken, state = fresh(), fresh()
    expected = apply_in_batches(unbroken, records)
    published = []
    for start in range(0, len(records), 1_700):
        published += apply_in_batches(state, records[start : start + 1_700], (900,), start=start)
        state = PartitionState.load(state.dump(), 0, THEMES)
    assert unbatched(published) == unbatched(expected)
    assert state.dump() == unbroken.dump()


@given(conversations(), st.data())
@LAW
def test_records_read_again_are_skipped_by_offset(acts: list[Act], data: st.DataObject) -> None:
    records = to_records(acts)
    back = data.draw(st.integers(0, len(records)))
    state = fresh()
    apply_in_batches(state, records)
    body = state.dump()
    assert apply_in_batches(state, records[back:], start=back) == []
    assert state.dump() == body


@given(conversations(), st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), max_size=8))
@LAW
def test_duplicates_change_nothing_and_are_counted(acts: list[Act], copies: list[tuple[int, int]]) -> None:
    acts = list({act.key: act for act in acts}.values())
    doubled = list(acts)
    for which, later in sorted(copies, reverse=True):
        k = which % len(acts)
        doubled.insert(min(k + 1 + later, len(doubled)), acts[k])
    doubled = [replace(act, offset=n) for n, act in enumerate(doubled)]
    once, twice = fresh(), fresh()
    expected = runs_of(apply_in_batches(once, to_records(acts)))
    found = runs_of(apply_in_batches(twice, to_records(doubled)))
    assert without_offsets(found) == without_offsets(expected)
    assert sum(once.fates.values()) == len(acts)
    assert sum(twice.fates.values()) == len(doubled)
    assert twice.fates["state"] == once.fates["state"]


@given(conversations(sources=2), st.randoms(use_true_random=False))
@LAW
def test_order_inside_one_timestamp_is_irrelevant(acts: list[Act], random: Random) -> None:
    shuffled: list[Act] = []
    for _, together in groupby(acts, key=lambda act: act.at):
        block = list(together)
        random.shuffle(block)
        shuffled += block
    assert without_offsets(core_runs(shuffled, SETTINGS)) == without_offsets(core_runs(acts, SETTINGS))


@given(conversations(sources=2), st.randoms(use_true_random=False))
@LAW
def test_order_between_two_runs_is_irrelevant(acts: list[Act], random: Random) -> None:
    """Stronger: what occurred within one step may arrive in any order, but for the last digit.

    Only the run's watermark tells, and what it takes as last known: profiles, and the author of a parent that occurred later.
    """
    acts = sorted((replace(act, followers=None, actor_type="person", no_rank=False) for act in acts), key=_step)
    occurred = {name: _step(act) for act in acts for name in act.names}
    acts = [replace(act, parent="") if occurred.get((act.source, act.parent), 0) > _step(act) else act for act in acts]
    shuffled: list[Act] = []
    for _, together in groupby(acts, key=_step):
        block = list(together)
        random.shuffle(block)
        shuffled += block
    found, expected = core_runs(shuffled, SETTINGS), core_runs(acts, SETTINGS)
    for run, other in zip(found, expected, strict=True):
        assert [_figures(row) for row in run.rows] == [pytest.approx(_figures(row), rel=1e-12) for row in other.rows]
        assert [(row["actor_id"], row["rank"]) for row in run.rows] == [(row["actor_id"], row["rank"]) for row in other.rows]
    assert [(run.closed.window_end, run.evidence, run.closed.seeds) for run in found] == [
        (run.closed.window_end, run.evidence, run.closed.seeds) for run in expected
    ]


def _figures(row: Event) -> dict[str, float]:
    return {name: value for name, value in row.items() if isinstance(value, int | float)}


def _step(act: Act) -> int:
    """The boundary by which the act occurred."""
    return -(-act.at // HOUR_MS)


@given(conversations(), st.lists(st.integers(0, 2_000_000), min_size=60, max_size=60))
@LAW
def test_no_follower_count_can_change_a_score(acts: list[Act], counts: list[int]) -> None:
    famous = [replace(act, followers=count) for act, count in zip(acts, counts, strict=False)]
    plain = [replace(act, followers=None) for act in acts[: len(famous)]]
    assert _but_followers(famous) == _but_followers(plain)


def _but_followers(acts: Sequence[Act]) -> list[dict[str, object]]:
    shown = ("followers", "followers_rank")
    runs = core_runs(acts, SETTINGS)
    return [{name: value for name, value in row.items() if name not in shown} for run in runs for row in run.rows]
