"""The shortest covering list: greedy, lazily, and what it says of the best possible is true, by trying every list."""

from itertools import combinations, pairwise
from math import ceil

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.covering import MOST_ACTORS, Cover, cover_of, covering_columns, empty_covering

Reach = list[set[int]]


def cover(reach: Reach) -> Cover:
    """Of candidates by whom they reach."""
    pairs = [(number, person) for number, people in enumerate(reach) for person in sorted(people)]
    candidate, person = (np.array([pair[side] for pair in pairs], dtype=np.int64) for side in (0, 1))
    return cover_of(candidate, person, len(reach))


def greedy(reach: Reach) -> list[int]:
    """The plain way: all of them looked at every time; of equal ones the first."""
    chosen: list[int] = []
    reached: set[int] = set()
    everybody = set().union(*reach)
    while 5 * len(reached) < 4 * len(everybody):
        best = max(range(len(reach)), key=lambda k: (len(reach[k] - reached), -k))
        chosen.append(best)
        reached |= reach[best]
    return chosen


reaches = st.lists(st.sets(st.integers(0, 11), min_size=1, max_size=7), min_size=1, max_size=8)


@given(reaches)
def test_lazy_is_greedy(reach: Reach) -> None:
    assert cover(reach).chosen.tolist() == greedy(reach)


@given(reaches)
def test_the_bounds_hold_against_every_list_there_is(reach: Reach) -> None:
    found = cover(reach)
    best = [max(len(set().union(*some)) for some in combinations(reach, size)) for size in range(1, len(reach) + 1)]
    for position, (reached, at_most, fewest) in enumerate(zip(found.reached, found.at_most, found.fewest, strict=True), start=1):
        assert reached <= best[position - 1] <= at_most <= found.everybody
        assert reached >= (1 - (1 - 1 / position) ** position) * at_most - 1e-9
        shortest = next(size for size, most in enumerate(best, start=1) if most >= reached)
        assert fewest <= shortest <= position


@given(reaches)
def test_each_adds_no_more_than_the_one_before_and_four_fifths_are_reached(reach: Reach) -> None:
    found = cover(reach)
    assert all(earlier >= later > 0 for earlier, later in pairwise(found.newly.tolist()))
    wanted = ceil(4 * found.everybody / 5)
    assert found.reached[-1] >= wanted
    assert all(reached < wanted for reached in found.reached[:-1])
    assert found.everybody == len(set().union(*reach))


def test_of_equals_the_first_is_taken() -> None:
    assert cover([{1, 2}, {1, 2}, {3, 4}, {3, 4}]).chosen.tolist() == [0, 2]


def test_greedy_may_need_one_more_and_says_so() -> None:
    """Two would do: the even and the odd. Greedy is tempted by the third first."""
    even, odd = {0, 2, 4, 6}, {1, 3, 5, 7}
    found = cover([even, odd, {0, 1, 2, 3, 5}])
    assert found.chosen.tolist() == [2, 0]
    assert found.reached.tolist() == [5, 7]
    assert found.at_most.tolist() == [5, 8]
    assert found.fewest.tolist() == [1, 2]


@pytest.mark.parametrize("count", [MOST_ACTORS, 3 * MOST_ACTORS])
def test_a_list_ends_at_so_many_actors(count: int) -> None:
    found = cover([{number} for number in range(count)])
    assert found.chosen.tolist() == list(range(min(MOST_ACTORS, ceil(4 * count / 5))))
    assert found.at_most.tolist() == found.fewest.tolist() == found.reached.tolist()


def test_nobody_reaches_nobody() -> None:
    found = cover([])
    assert (found.chosen.size, found.everybody) == (0, 0)


def test_where_nobody_is_ranked_there_is_no_list() -> None:
    assert covering_columns([], [], {"rank": [], "actor_id": []}) == empty_covering()
