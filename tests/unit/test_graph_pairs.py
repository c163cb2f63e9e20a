"""Sorting by pair, and what is picked out of sorted pairs: as the plain way would have it."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.evidence import MOST_EVIDENCE
from graph.pair_order import heads_of, in_order, in_order_of_two
from graph.pairs import GROUP, Pairs
from graph.stretches import STRETCH, occurring, positions, taken
from graph.theme_settings import MINUTE_MS
from tests.oracles.reference_act import Act
from tests.properties.conversations import SETTINGS, START
from tests.properties.interaction_records import core_runs


@given(st.lists(st.integers(0, 40), max_size=60))
def test_each_value_of_a_sorted_column_begins_where_its_first_one_stands(keys: list[int]) -> None:
    assert heads_of(np.array(sorted(keys), dtype=np.int64)).tolist() == [sorted(keys).index(key) for key in sorted(set(keys))]


@pytest.mark.parametrize("most", [7, 2**20, 2**24, 2**31 - 1])
@pytest.mark.parametrize("rows", [0, 1, 200, STRETCH, 2 * STRETCH + 9])
def test_rows_are_sorted_by_pair_and_those_of_a_pair_stay_as_they_came(rows: int, most: int) -> None:
    """Also where two actors and a position do not fit into one word."""
    random = np.random.default_rng(rows)
    high, low = ((most - 1 - random.integers(0, 7, rows)).astype(np.int32) for _ in range(2))
    which = random.random(rows) < 0.8
    order = in_order(high, low, which, most)
    there = np.flatnonzero(which)
    expected = there[np.lexsort((low[there], high[there]))]
    assert order.rows.tolist() == expected.tolist()
    bounds = order.bounds()
    pairs = list(zip(high[expected].tolist(), low[expected].tolist(), strict=True))
    assert bounds.tolist() == [*(k for k, pair in enumerate(pairs) if k == 0 or pair != pairs[k - 1]), expected.size]
    assert list(zip(*(ends.tolist() for ends in order.pairs(bounds[:-1])), strict=True)) == sorted(set(pairs))


@pytest.mark.parametrize("size", [0, 1, STRETCH, STRETCH + 1, 3 * STRETCH - 1])
def test_a_long_column_worked_through_in_stretches_comes_out_whole(size: int) -> None:
    random = np.random.default_rng(size)
    values, at = random.random(40), random.integers(0, 40, size).astype(np.int32)
    assert taken(values, at).tolist() == values[at].tolist()
    assert positions(at < 30).tolist() == np.flatnonzero(at < 30).tolist()
    assert np.flatnonzero(occurring(at, 41)).tolist() == sorted(set(at.tolist()))


@pytest.mark.parametrize("rows", [0, 1, 200, STRETCH + 9])
@pytest.mark.parametrize("most", [9, 2**31 - 1])
def test_rows_between_two_are_sorted_together_whichever_of_them_acted(rows: int, most: int) -> None:
    random = np.random.default_rng(rows)
    one, other = (random.integers(0, 9, rows).astype(np.int32) for _ in range(2))
    order = in_order_of_two(one, other, most)
    assert order.rows.tolist() == np.lexsort((np.maximum(one, other), np.minimum(one, other))).tolist()
    ends = order.pairs(order.bounds()[:-1])
    between = {tuple(sorted(pair)) for pair in zip(one.tolist(), other.tolist(), strict=True)}
    assert list(zip(*(column.tolist() for column in ends), strict=True)) == sorted(between)


@pytest.mark.parametrize(("actors", "count"), [(0, 0), (3, 0), (5, 7), (600, 2 * GROUP + 7)])
def test_sums_taken_group_by_group_are_those_of_all_pairs_to_the_bit(actors: int, count: int) -> None:
    random = np.random.default_rng(count)
    keys = np.sort(random.choice(actors * actors, count, replace=False)) if count else np.zeros(0, dtype=np.int64)
    dst, src = (ends.astype(np.int32) for ends in np.divmod(keys, max(actors, 1)))
    pairs = Pairs(actors, 1.0, src, dst, random.random(count))
    values, worth = random.random(count), random.random(actors)
    total = np.full(actors, np.nan)
    for some, part in pairs.groups():
        total[some] = pairs.received_by(some, values[part], worth)
    assert total.tolist() == pairs.received(values, worth).tolist()
    assert total == pytest.approx(np.bincount(dst, weights=values * worth[src], minlength=actors))


@pytest.mark.parametrize("responders", [3, 5, 6, 10, 11, 21, 47])
def test_the_five_who_weigh_most_are_the_evidence_however_many_there_are(responders: int) -> None:
    """All unknown and of one kind: the later one weighs more; the same minute counts alike, and then ids decide."""
    order = np.random.default_rng(responders).permutation(responders).tolist()
    acts = [
        Act(key=k + 1, at=START - MINUTE_MS * (1 + place // 2), actor=f"u{k:02d}", target="x", event=f"e{k}", object=f"e{k}")
        for k, place in enumerate(order)
    ]
    log = [replace(act, offset=n) for n, act in enumerate(sorted(acts, key=lambda act: act.at))]
    (run, *_) = core_runs([*log, Act(key=99, at=START + 60 * MINUTE_MS, kind="post", actor="clock", event="c")], SETTINGS)
    strongest = sorted((place // 2, f"u{k:02d}") for k, place in enumerate(order))[:MOST_EVIDENCE]
    assert sorted(row["responder_id"] for row in run.evidence["x"]) == sorted(actor for _, actor in strongest)
