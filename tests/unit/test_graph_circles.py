"""Circles: planted ones are found, keep their names, and are what modularity says."""

from itertools import combinations

import networkx as nx
import numpy as np
import pytest
from numpy.typing import NDArray

from graph.circles import NONE, Circles
from graph.pairs import Pairs

Edges = list[tuple[int, int]]


def pairs_of(actors: int, edges: Edges, weight: float = 1.0) -> Pairs:
    """Responses u -> i, all of one weight."""
    dst, src = (np.array([edge[k] for edge in sorted((dst, src) for src, dst in edges)], dtype=np.int32) for k in (0, 1))
    return Pairs(actors, 1.0, src, dst, np.full(len(edges), weight))


def clique(members: range) -> Edges:
    return list(combinations(members, 2))


def numbers(count: int, start: int = 0) -> NDArray[np.int32]:
    return np.arange(start, start + count, dtype=np.int32)


TWO = [*clique(range(6)), *clique(range(6, 11)), (0, 6)]


def test_planted_circles_are_found_the_largest_first_and_told_clearly_apart() -> None:
    circles = Circles()
    circles.renew(numbers(11), [pairs_of(11, TWO)], 11)
    assert circles.of(numbers(11)).tolist() == [1] * 6 + [2] * 5
    assert circles.parted > 0.3
    graph = nx.Graph(TWO)
    expected = nx.community.modularity(graph, [set(range(6)), set(range(6, 11))])
    assert circles.parted == pytest.approx(expected)


def test_both_directions_and_all_sources_count_and_nothings_do_not() -> None:
    circles = Circles()
    back = [(i, u) for u, i in clique(range(6, 11))]
    circles.renew(numbers(13), [pairs_of(13, clique(range(6))), pairs_of(13, back), pairs_of(13, [(11, 12)], weight=0.0)], 11)
    assert circles.of(numbers(13)).tolist() == [1] * 6 + [2] * 5 + [NONE] * 2


def test_fewer_than_three_are_no_circle() -> None:
    circles = Circles()
    circles.renew(numbers(5), [pairs_of(5, [(0, 1), *clique(range(2, 5))])], 11)
    assert circles.of(numbers(5)).tolist() == [NONE, NONE, 1, 1, 1]


def test_where_nobody_responds_there_is_no_circle() -> None:
    circles = Circles()
    circles.renew(numbers(3), [], 11)
    assert (circles.of(numbers(3)).tolist(), circles.parted) == ([NONE] * 3, 0.0)


def test_a_circle_keeps_its_name_while_its_members_stay_and_a_new_one_gets_a_new_name() -> None:
    circles = Circles()
    circles.renew(numbers(11), [pairs_of(11, TWO)], 11)
    grown_second = [*clique(range(5)), *clique(range(6, 14)), (0, 6), *clique(range(14, 19))]
    circles.renew(numbers(19), [pairs_of(19, grown_second)], 11)
    assert circles.of(numbers(19)).tolist() == [1] * 5 + [NONE] + [2] * 8 + [3] * 5


def test_of_two_halves_the_larger_keeps_the_name_and_no_name_is_given_twice() -> None:
    circles = Circles()
    circles.renew(numbers(11), [pairs_of(11, clique(range(11)))], 11)
    circles.renew(numbers(11), [pairs_of(11, [*clique(range(7)), *clique(range(7, 11))])], 11)
    assert circles.of(numbers(11)).tolist() == [1] * 7 + [2] * 4


def test_circles_are_outgrown_where_a_theme_has_doubled() -> None:
    circles = Circles()
    assert [circles.outgrown(count) for count in (19, 20)] == [False, True]
    circles.renew(numbers(11), [], 11)
    assert [circles.outgrown(count) for count in (21, 22)] == [False, True]


def test_a_circle_of_other_people_is_another_circle() -> None:
    circles = Circles()
    circles.renew(numbers(6), [pairs_of(6, clique(range(6)))], 11)
    members = numbers(10, start=5)
    circles.renew(members, [pairs_of(10, clique(range(10)))], 11)
    assert circles.of(members).tolist() == [2] * 10
    assert circles.of(numbers(5)).tolist() == [NONE] * 5


def test_circles_are_read_back_as_written_and_survive_forgetting() -> None:
    circles = Circles()
    circles.renew(numbers(11), [pairs_of(11, TWO)], 11)
    again = Circles.load(circles.dump())
    assert again.dump() == circles.dump()
    kept = np.ones(14, dtype=np.bool_)
    kept[[0, 7]] = False
    again.keep(kept)
    assert again.of(numbers(12)).tolist() == [1] * 5 + [2] * 4 + [NONE] * 3
