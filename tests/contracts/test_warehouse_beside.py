"""What readers see beside the ranking: of published runs only, until the next, and nobody who is no longer ranked."""

from prescribers.covering_list import covering_list
from sinks.clickhouse import queries
from sinks.clickhouse.warehouse import Warehouse
from tests.contracts.published import DAY_MS, T0, centralities, covering, rows_of, run, store


def test_ranks_by_other_measures_stand_until_the_next_and_are_read_as_of_a_run(warehouse: Warehouse) -> None:
    store(warehouse, *run(1, {"ada": 3.0, "bob": 1.0}), *run(2, {"ada": 3.0, "bob": 1.0}), centralities(2, "ada", "bob"))
    store(warehouse, *run(3, {"bob": 3.0, "ada": 2.0, "cy": 1.0}))
    first, last = (queries.run_at(warehouse, "lean", T0 + day * DAY_MS) for day in (1, 3))
    assert first is not None
    assert last is not None
    assert queries.centralities_of_run(warehouse, first, ["ada"]) == {}
    found = queries.centralities_of_run(warehouse, last, ["ada", "bob", "cy"])
    assert found.keys() == {"ada", "bob"}
    assert (found["ada"]["window_end"], found["ada"]["rank"], found["ada"]["pagerank_rank"]) == (T0 + 2 * DAY_MS, 1, 2)
    assert (found["ada"]["circles_joined"], found["ada"]["brokerage"]) == (2, 1 / 3)
    assert (found["bob"]["pagerank_rank"], found["bob"]["brokerage"]) == (1, None)
    current = {row["actor_id"]: row for row in rows_of(warehouse, "centralities_current")}
    assert {actor: (row["rank"], row["rank_then"], row["pagerank_rank"]) for actor, row in current.items()} == {
        "ada": (2, 1, 2),
        "bob": (1, 2, 1),
    }


def test_ranks_by_other_measures_of_an_unpublished_run_do_not_take_the_place_of_those_before(warehouse: Warehouse) -> None:
    store(warehouse, *run(1, {"ada": 3.0}), centralities(1, "ada"))
    *rows, closing = run(2, {"ada": 3.0})
    store(warehouse, *rows, centralities(2, "ada"))
    assert [row["window_end"].day for row in rows_of(warehouse, "centralities_current")] == [2]
    store(warehouse, closing)
    assert [row["window_end"].day for row in rows_of(warehouse, "centralities_current")] == [3]


def test_who_is_no_longer_ranked_is_not_among_the_current_of_any_measure(warehouse: Warehouse) -> None:
    """As after an objection: the next ranking is without the actor, and so are the measures, although they are older."""
    store(warehouse, *run(1, {"ada": 3.0, "bob": 1.0}), centralities(1, "ada", "bob"), *run(2, {"bob": 1.0}))
    assert rows_of(warehouse, "centralities_current", "actor_id") == [{"actor_id": "bob"}]


def test_a_covering_list_stands_until_the_next_without_those_no_longer_ranked(warehouse: Warehouse) -> None:
    store(warehouse, *run(1, {"ada": 3.0, "bob": 2.0, "cy": 1.0}), covering(1, "ada", "bob", "cy"))
    *rows, closing = run(2, {"cy": 3.0, "ada": 2.0})
    store(warehouse, *rows, covering(2, "cy"))
    assert [row["actor_id"] for row in rows_of(warehouse, "covering_current WHERE voices = 'all' ORDER BY position")] == [
        "ada",
        "bob",
        "cy",
    ]
    store(warehouse, closing, *run(3, {"cy": 3.0, "dan": 2.0}))
    assert rows_of(warehouse, "covering_current WHERE voices = 'all'", "position, actor_id, rank, reached") == [
        {"position": 1, "actor_id": "cy", "rank": 1, "reached": 2}
    ]
    first, last = (queries.run_at(warehouse, "lean", T0 + day * DAY_MS) for day in (1, 3))
    assert first is not None
    assert last is not None
    assert [(row["actor_id"], row["rank_now"], row["reached"]) for row in queries.covering_of_run(warehouse, first, "all")] == [
        ("ada", 1, 2),
        ("bob", 2, 4),
        ("cy", 3, 6),
    ]
    assert [row["window_end"] for row in queries.covering_of_run(warehouse, last, "credible")] == [T0 + 2 * DAY_MS]


def test_who_objected_is_on_no_current_covering_list_and_it_is_known_that_somebody_is_missing(warehouse: Warehouse) -> None:
    listed = {"ada": 3.0, "bob": 2.0, "cy": 1.0}
    store(warehouse, *run(1, listed), covering(1, *listed), *run(2, {"ada": 3.0, "cy": 1.0}))
    assert [row["position"] for row in rows_of(warehouse, "covering_current ORDER BY position")] == [1, 1, 3, 3]
    found, shorter = (covering_list(warehouse, "lean", None, share, "all") for share in (0.5, 0.2))
    assert found is not None
    assert shorter is not None
    assert ([row["actor_id"] for row in found.rows], found.gone) == (["ada", "cy"], 1)
    assert ([row["actor_id"] for row in shorter.rows], shorter.gone) == (["ada"], 0)
    assert covering_list(warehouse, "lean", T0, 0.5, "all") is None
