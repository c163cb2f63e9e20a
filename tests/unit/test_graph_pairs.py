"""Sorting by pair, and what is picked out of sorted pairs: as the plain way would have it."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.evidence import MOST_EVIDENCE
from graph.pair_order import heads_of, in_order
from graph.theme_settings import MINUTE_MS
from tests.oracles.reference_act import Act
from tests.properties.conversations import SETTINGS, START
from tests.properties.interaction_records import core_runs


@given(st.lists(st.integers(0, 40), max_size=60), st.sampled_from([41, 2**62]))
def test_keys_are_sorted_and_equal_ones_stay_as_they_came(keys: list[int], most: int) -> None:
    column = np.array(keys, dtype=np.int64)
    order, ordered = in_order(column, most)
    assert order.tolist() == sorted(range(len(keys)), key=keys.__getitem__)
    assert ordered.tolist() == sorted(keys)
    assert heads_of(ordered).tolist() == [sorted(keys).index(key) for key in sorted(set(keys))]


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
