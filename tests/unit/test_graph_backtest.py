"""Backtests in closed form: what a list was worth, and what follows for the score. docs/ranking.md, section 10."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.backtest import Backtests, Choice, Opened, Sealed
from graph.intervals import UNKNOWN, rank_errors, spread_of, widened
from graph.kinds import CODES, preset_weights
from graph.leaders import leaders
from graph.outcome import Outcome, outcome_of
from graph.score_parameters import DEFAULT
from graph.window import Window

WEIGHTS = preset_weights("recommend")


def window(*rows: tuple[int, str, int, int], actors: int = 6) -> Window:
    """Rows of (time, kind, who, whom)."""
    columns = np.array([(time, CODES[kind], who, whom) for time, kind, who, whom in rows], dtype=np.int64).reshape(-1, 4)
    count = len(rows)
    return Window(
        end_ms=100,
        age=(100 - columns[:, 0]).astype(np.uint32),
        kind=columns[:, 1].astype(np.uint8),
        own=np.ones(count, dtype=np.bool_),
        primary=np.ones(count, dtype=np.bool_),
        src=columns[:, 2].astype(np.int32),
        dst=columns[:, 3].astype(np.int32),
        row=np.arange(count, dtype=np.int32),
        numbers=np.arange(actors, dtype=np.int32),
        source=np.zeros(actors, dtype=np.int32),
        bot=np.zeros(actors, dtype=np.bool_),
    )


def outcome(*rows: tuple[int, str, int, int]) -> Outcome:
    return outcome_of(window(*rows), WEIGHTS, 0, taken_at=50, window_ms=40)


@pytest.mark.parametrize("others", [0, 100_000])
def test_an_outcome_counts_whom_the_time_after_brought_and_who_of_them_is_new(others: int) -> None:
    """0, 1, 3 and 5 are candidates, 2 and 4 only posted; 3 had answered 0 before, 1 had addressed 5.

    Also where so many others come before them that the square of their number takes more than four bytes.
    """
    rows = (
        (10, "reply", 2, 1),
        (11, "reply", 0, 1),
        (12, "post", 4, -1),
        (20, "reply", 3, 0),
        (20, "post", 1, -1),
        (30, "mention", 1, 5),
        (51, "reply", 3, 0),
        (60, "reply", 4, 0),
        (65, "reply", 4, 0),
        (70, "quote", 5, 1),
        (70, "reply", 5, 2),
        (70, "reaction", 2, 1),
        (71, "reply", 2, 0),
    )
    moved = [(time, kind, who + others, whom + others if whom >= 0 else whom) for time, kind, who, whom in rows]
    found = outcome_of(window(*moved, actors=others + 6), WEIGHTS, 0, taken_at=50, window_ms=40)
    assert (np.flatnonzero(found.candidates) - others).tolist() == [0, 1, 3, 5]
    assert (np.flatnonzero(found.heard) - others).tolist() == [0, 1, 5]
    assert found.responders[others : others + 3].tolist() == [2, 1, 0]
    assert found.newcomers[others : others + 3].tolist() == [1, 0, 0]
    assert found.voices == 3


def test_a_list_is_worth_its_discounted_gain_over_the_best_one() -> None:
    """Gains 3, 2, 0 in the order 1, 0, gone: (2 + 3 / log2 3) over (3 + 2 / log2 3); the second gain is nothing to anybody."""
    everybody = np.ones(3, dtype=np.bool_)
    found = Outcome(everybody, everybody, np.array([3, 2, 0]), np.zeros(3, dtype=np.int64), 4)
    worth = (2 + 3 / np.log2(3)) / (3 + 2 / np.log2(3))
    assert found.quality(np.array([1, 0, -1]), 10) == pytest.approx(worth)
    assert found.quality(np.array([1, 0]), 1) == pytest.approx(2 / 3)
    both = replace(found, newcomers=np.array([0, 1, 0]))
    assert both.quality(np.array([1, 0]), 10) == pytest.approx((worth + 1) / 2)


def choice(*worth: tuple[float, float, float, float]) -> Choice:
    tests = Backtests()
    for found in worth:
        tests.open("s", Opened(list(found), []), DEFAULT.backtests)
    return tests.choice("s", DEFAULT)


def test_the_half_life_is_the_one_whose_lists_were_worth_most() -> None:
    assert choice() == Choice(1.0, elapsed=0)
    assert choice((0.5, 0.6, 0.5, 0.4)) == Choice(1 / 3, elapsed=1)
    assert choice((0.5, 0.6, 0.5, 0.4), (0.5, 0.3, 0.5, 0.5)).multiple == 1
    assert choice((0.5, 0.3, 0.6, 0.6)).multiple == 3


def test_only_the_last_eight_are_remembered() -> None:
    old, new = (0.5, 0.9, 0.5, 0.5), (0.5, 0.4, 0.5, 0.55)
    assert choice(*[old] * 9) == Choice(1 / 3, elapsed=8)
    assert choice(*[old] * 9, *[new] * 8) == Choice(30.0, elapsed=8)


def test_trust_is_left_out_only_where_that_is_asked_for() -> None:
    tests = Backtests()
    assert tests.choice("s", DEFAULT, plain=True) == Choice(1.0, elapsed=0, plain=True)
    tests.open("s", Opened([0.5, 0.6, 0.5, 0.4], []), DEFAULT.backtests)
    assert tests.choice("s", DEFAULT, plain=True) == Choice(1 / 3, elapsed=1, plain=True)
    assert not tests.choice("s", DEFAULT).plain


def test_lists_wait_for_their_outcome_and_follow_their_actors() -> None:
    tests = Backtests()
    tests.sealed["s"] = Sealed(100, [[3, 1], [2]], [4, 3])
    tests.sealed["r"] = Sealed(90, [[3], []], [])
    tests.renumber(np.array([0, -1, 1, 2, -1], dtype=np.int32))
    found = [(source, each.lists, each.first) for source, each in tests.take_sealed()]
    assert found == [("r", [[2], []], []), ("s", [[2, -1], [1]], [-1, 2])]
    assert tests.take_sealed() == []


def test_leaders_are_the_first_by_value_then_by_id() -> None:
    values = np.array([0.1, 0.3, 0.1 + 1e-14, 0.2, 0.9])
    candidates = np.array([True, True, True, True, False])
    ids = ["d", "c", "b", "a", "x"]
    assert leaders(values, candidates, 3, ids).tolist() == [1, 3, 2]
    assert leaders(values, candidates, 9, ids).tolist() == [1, 3, 2, 0]
    assert leaders(values, np.zeros(5, dtype=np.bool_), 3, ids).tolist() == []


def test_an_error_is_the_log_of_the_realised_rank_over_the_published_one() -> None:
    """Gains 5, 3, 3, 0 and one that is not ranked: realised ranks 1, 2.5, 2.5, 4; whoever is gone has none."""
    ranked, gain = np.array([True, True, True, True, False]), np.array([3, 5, 0, 3, 9])
    found = rank_errors(np.array([0, -1, 1, 4, 2]), ranked, gain)
    assert found == pytest.approx(np.log([2.5 / 1, 1 / 3, 4 / 5]))


def test_a_spread_is_that_of_past_errors_and_the_widest_where_they_do_not_reach() -> None:
    errors = [k / 10 for k in range(-9, 10)]
    assert spread_of(errors, 0.8) == pytest.approx((np.exp(-0.8), np.exp(0.8)))
    assert spread_of(errors[:8], 0.8) == UNKNOWN
    assert spread_of([], 0.8) == UNKNOWN
    tests = Backtests()
    tests.open("s", Opened([0.5] * 4, errors), 10)
    assert tests.spread("s", DEFAULT) == UNKNOWN, "one backtest is chance"
    tests.open("s", Opened([0.5] * 4, errors), 10)
    assert tests.spread("s", DEFAULT) == pytest.approx((np.exp(-0.8), np.exp(0.8)))


@pytest.mark.parametrize(
    ("tie", "spread", "expected"),
    [((1, 1), (0.5, 3.0), (1, 3)), ((10, 12), (0.5, 1.1), (5, 12)), ((40, 40), (1.2, 2.0), (40, 50))],
)
def test_a_rank_is_spanned_by_its_tie_and_by_the_spread(
    tie: tuple[int, int], spread: tuple[float, float], expected: tuple[int, int]
) -> None:
    first, last = (np.full(50, place) for place in tie)
    low, high = widened(first, last, np.full((50, 2), spread))
    assert set(zip(low.tolist(), high.tolist(), strict=True)) == {expected}


@given(st.lists(st.floats(-3, 3), min_size=30, max_size=60, unique=True))
def test_the_next_error_falls_inside_four_times_of_five(errors: list[float]) -> None:
    """Each left out in turn: as many of them as promised are within what the others span."""
    inside = 0
    for k, error in enumerate(errors):
        low, high = spread_of(errors[:k] + errors[k + 1 :], 0.8)
        inside += low <= np.exp(error) <= high
    assert inside >= 0.8 * len(errors)
