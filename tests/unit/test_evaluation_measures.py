"""Measures, intervals and standings on numbers that can be checked by hand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import spearmanr

from graph.evaluation.bootstrap import paired_interval
from graph.evaluation.contest import DateMarks, Marks
from graph.evaluation.cut_dates import Plan
from graph.evaluation.measures import best_first, lift, ndcg, precision, spearman
from graph.evaluation.standings import SetMarks, compare, standings

OUTCOME = np.array([3.0, 0.0, 2.0, 1.0])
values = st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), min_size=3, max_size=30)


def test_equal_scores_are_ordered_by_lot() -> None:
    assert best_first(np.array([1.0, 2.0, 1.0]), np.array([5.0, 0.0, 3.0])).tolist() == [1, 2, 0]


def test_the_discounted_gain_by_hand() -> None:
    order = np.array([3, 0, 1, 2])
    expected = (1 + 3 / np.log2(3)) / (3 + 2 / np.log2(3))
    assert ndcg(OUTCOME, order, 2) == pytest.approx(expected)
    assert np.isnan(ndcg(np.zeros(3), np.arange(3), 2))


@given(values)
def test_the_best_order_gains_one_and_none_gains_more(pairs: list[tuple[int, int]]) -> None:
    outcome, score = np.array(pairs, dtype=np.float64).T
    if outcome.any():
        assert ndcg(outcome, best_first(outcome, np.zeros(outcome.size)), 5) == pytest.approx(1)
        assert 0 <= ndcg(outcome, best_first(score, np.zeros(outcome.size)), 5) <= 1 + 1e-12


def test_precision_takes_all_who_equal_the_last_of_the_best() -> None:
    assert precision(np.array([3.0, 1, 1, 0]), np.array([0, 2, 1, 3]), 2) == 1
    assert precision(np.array([3.0, 0, 0, 0]), np.array([1, 0, 2, 3]), 2) == 0.5


@given(values)
def test_rank_correlation_is_that_of_scipy(pairs: list[tuple[int, int]]) -> None:
    outcome, score = np.array(pairs, dtype=np.float64).T
    if np.ptp(outcome) and np.ptp(score):
        assert spearman(outcome, score) == pytest.approx(float(spearmanr(outcome, score).statistic))
    else:
        assert np.isnan(spearman(outcome, score))


def test_lift_is_the_gain_of_the_first_over_that_of_all() -> None:
    assert lift(OUTCOME, np.array([0, 2, 3, 1]), 2) == pytest.approx(2.5 / 1.5)
    assert np.isnan(lift(np.zeros(3), np.arange(3), 2))


def test_an_interval_holds_the_mean_and_narrows_to_a_point_where_nothing_varies() -> None:
    low, high = paired_interval([np.array([0.1, 0.2, 0.3]), np.array([0.4])], seed=1)
    assert low <= 0.3 <= high
    assert 0.1 <= low < high <= 0.4
    assert paired_interval([np.array([0.2, 0.2])], seed=1) == pytest.approx((0.2, 0.2))


def test_an_interval_is_that_of_the_normal_law_where_sets_are_alike() -> None:
    rng = np.random.default_rng(3)
    low, high = paired_interval([rng.normal(0, 1, 200)], seed=1)
    assert high - low == pytest.approx(2 * 1.96 / np.sqrt(200), rel=0.15)


def test_more_sets_make_an_interval_narrower() -> None:
    rng = np.random.default_rng(3)
    sets = [rng.normal(0.1, 0.1, 5) for _ in range(16)]
    few, many = paired_interval(sets[:4], seed=1), paired_interval(sets, seed=1)
    assert many[1] - many[0] < few[1] - few[0]


def marks(ndcg_value: float, lift_value: float = 2.0) -> Marks:
    return Marks(ndcg=ndcg_value, precision=0.5, spearman=float("nan"), lift=lift_value)


def one_set(name: str, *dates: dict[str, Marks]) -> SetMarks:
    return SetMarks(name, Plan(), [DateMarks(k, 40, 10, {"Y1": by_score}) for k, by_score in enumerate(dates)], [])


SETS = [
    one_set("first", {"ours": marks(0.9), "theirs": marks(0.5)}, {"ours": marks(0.7), "theirs": marks(0.7)}),
    one_set("second", {"ours": marks(0.4, 3.0), "theirs": marks(0.6, 1.0), "rare": marks(0.3)}),
]


def test_a_mean_is_over_dates_then_over_the_sets_in_which_a_score_took_part() -> None:
    found = {one.score: one for one in standings(SETS, "Y1")}
    assert list(found) == ["ours", "theirs", "rare"]
    assert found["ours"].by_set == pytest.approx((0.8, 0.4))
    assert found["ours"].mean == pytest.approx(0.6)
    assert found["rare"].by_set == pytest.approx((np.nan, 0.3), nan_ok=True)
    assert standings(SETS, "Y1", "spearman") == []
    assert standings(SETS, "Y2") == []


def test_scores_are_compared_date_by_date_where_both_took_part() -> None:
    found = compare(SETS, "Y1", "ours", "theirs", seed=1)
    assert found is not None
    assert found.difference == pytest.approx((0.2 - 0.2) / 2)
    assert (found.wins, found.sets) == (1, 2)
    assert found.low <= found.difference <= found.high
    assert found.lift_ratio == pytest.approx(np.sqrt(1 * 3))
    rare = compare(SETS, "Y1", "ours", "rare", seed=1)
    assert rare is not None
    assert rare.sets == 1
    assert compare(SETS, "Y2", "ours", "theirs", seed=1) is None


def test_a_baseline_whose_first_gained_nothing_leaves_the_lift_over_it_undefined() -> None:
    found = compare([one_set("x", {"ours": marks(0.5), "theirs": marks(0.0, 0.0)})], "Y1", "ours", "theirs", seed=1)
    assert found is not None
    assert np.isnan(found.lift_ratio)
