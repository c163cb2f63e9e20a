"""What readers see: whole published runs only, exactly as they were computed."""

from concurrent.futures import ThreadPoolExecutor

from graph.run import EVIDENCE_RANKS
from sinks.clickhouse import queries
from sinks.clickhouse.warehouse import Warehouse
from tests.contracts.published import DAY_MS, SOURCE, T0, apart, evidence, receipts, rows_of, run, store


def test_a_run_without_its_closing_row_is_invisible(warehouse: Warehouse) -> None:
    *rows, closing = run(1, {"ada": 2.0, "bob": 1.0})
    store(warehouse, *rows, evidence(1, "ada", "m1"))
    for view in ("rankings_published", "ranking_current", "actor_history", "evidence_published", "runs_published"):
        assert rows_of(warehouse, view) == []
    assert queries.ranking(warehouse, "lean") == []
    store(warehouse, closing)
    assert [row["actor_id"] for row in queries.ranking(warehouse, "lean")] == ["ada", "bob"]
    assert [row["object_id"] for row in queries.evidence(warehouse, "lean", "ada")] == ["m1"]


def test_a_ranked_row_comes_back_exactly_as_it_was_computed(warehouse: Warehouse) -> None:
    store(warehouse, *run(3, {"ada": 0.1 + 0.2, "b'o\\b%s": 1 / 3, "cy": 5e-324}))
    first, second, third = queries.ranking(warehouse, "lean")
    assert list(first)[:6] == ["theme", "window_end", "score_version", "run_id", "rank", "rank_low"]
    assert (first["window_end"], first["score_version"], first["run_id"]) == (T0 + 3 * DAY_MS, "v1", "run-v1-c1-3")
    assert (first["score"], first["reach"], first["trusted"]) == (0.1 + 0.2, (0.1 + 0.2) * 0.9, (0.1 + 0.2) / 3)
    assert (first["followers"], first["followers_rank"], first["circle"], first["cold_start"]) == (None, None, 7, True)
    assert (second["actor_id"], second["score"], second["followers"], second["source"]) == ("b'o\\b%s", 1 / 3, 10**12, SOURCE)
    assert third["score"] == 5e-324
    run_row = queries.run_at(warehouse, "lean")
    assert run_row is not None
    assert queries.rows_of_run(warehouse, run_row, actor_id="b'o\\b%s") == [second]
    assert (run_row["conversion_mean"], run_row["coverage"], run_row["ranked"]) == (1.1, {SOURCE: 5}, 3)


def test_as_of_a_time_is_the_last_run_whose_window_ended_by_then(warehouse: Warehouse) -> None:
    for day in (3, 1, 2):
        store(warehouse, *run(day, {f"actor-{day}": 1.0}))
    before, at, after = T0 + 2 * DAY_MS - 1, T0 + 2 * DAY_MS, T0 + 2 * DAY_MS + 1
    found = [queries.ranking(warehouse, "lean", moment)[0]["actor_id"] for moment in (before, at, after)]
    assert found == ["actor-1", "actor-2", "actor-2"]
    assert queries.ranking(warehouse, "lean", T0) == []
    assert queries.ranking(warehouse, "lean", 2**62)[0]["actor_id"] == "actor-3"
    assert queries.ranking(warehouse, "lean", -5) == []
    assert warehouse.query("SELECT actor_id FROM ranking_current") == [{"actor_id": "actor-3"}]
    view = "SELECT actor_id FROM ranking_as_of(theme = 'lean', at = '2019-01-03 00:00:00.000')"
    assert warehouse.query(view) == [{"actor_id": "actor-2"}]


def test_a_run_computed_anew_replaces_the_old_one_whole(warehouse: Warehouse) -> None:
    store(warehouse, *run(1, {"ada": 3.0, "bob": 2.0, "cy": 1.0}, config="old"))
    *rows, closing = run(1, {"bob": 5.0}, config="new")
    store(warehouse, *rows)
    assert [row["actor_id"] for row in queries.ranking(warehouse, "lean")] == ["ada", "bob", "cy"]
    store(warehouse, closing)
    for view in ("ranking_current", "rankings_published", "actor_history"):
        assert rows_of(warehouse, view, "actor_id, score") == [{"actor_id": "bob", "score": 5.0}]


def test_another_score_version_is_shown_only_when_asked_for(warehouse: Warehouse) -> None:
    store(warehouse, *run(1, {"ada": 3.0}, version="what-if", shadow=True))
    assert queries.ranking(warehouse, "lean") == rows_of(warehouse, "ranking_current") == []
    store(warehouse, *run(1, {"bob": 2.0}), *run(2, {"bob": 2.5}))
    assert [row["actor_id"] for row in queries.ranking(warehouse, "lean", T0 + DAY_MS)] == ["bob"]
    assert [row["score"] for row in queries.ranking(warehouse, "lean", score_version="what-if")] == [3.0]
    (found,) = warehouse.query("SELECT shown, shadow, score_name FROM runs_published WHERE score_version = 'what-if'")
    assert found == {"shown": False, "shadow": True, "score_name": "help,what-if"}
    assert warehouse.query("SELECT actor_id, score FROM ranking_current") == [{"actor_id": "bob", "score": 2.5}]


def test_a_shadow_stored_later_or_of_a_later_boundary_is_not_shown_in_place_of_the_theme_s_own(warehouse: Warehouse) -> None:
    store(warehouse, *run(1, {"bob": 2.0}), apart(1, "acme"))
    store(warehouse, *run(1, {"ada": 3.0}, version="w", shadow=True), *run(2, {"ada": 3.5}, version="w", shadow=True))
    for view in (
        "ranking_current",
        "rankings_published WHERE window_end = '2019-01-02' AND score_version = 'v1'",
        "actor_history",
    ):
        assert rows_of(warehouse, view, "actor_id") == [{"actor_id": "bob"}]
    assert len(rows_of(warehouse, "apart_current")) == 1
    assert [row["actor_id"] for row in queries.ranking(warehouse, "lean")] == ["bob"]
    assert [row["actor_id"] for row in queries.ranking(warehouse, "lean", score_version="w")] == ["ada"]
    assert warehouse.query("SELECT runs, ranked FROM themes") == [{"runs": 1, "ranked": 1}]


def test_what_a_theme_s_own_score_said_is_kept_where_a_shadow_repeats_the_run(warehouse: Warehouse) -> None:
    """A replay under the theme's own score gives the same run ids; a score that once was the theme's own may become a shadow."""
    store(warehouse, *run(1, {"bob": 2.0}))
    store(warehouse, *run(1, {"bob": 2.0}, shadow=True), *run(1, {"bob": 1.0}, config="c2", shadow=True))
    assert rows_of(warehouse, "ranking_current", "run_id, score") == [{"run_id": "run-v1-c1-1", "score": 2.0}]
    store(warehouse, *run(3, {"bob": 2.0}, shadow=True))
    store(warehouse, *run(3, {"bob": 2.0}))
    assert [row["shown"] for row in rows_of(warehouse, "runs_published")] == [True, True]


def test_two_versions_are_compared_actor_by_actor_where_either_ranks_them(warehouse: Warehouse) -> None:
    store(
        warehouse,
        *run(2, {"ada": 3.0, "bob": 2.0, "cy": 1.0}),
        *run(2, {"bob": 9.0, "ada": 4.0, "dan": 1.0}, version="w", shadow=True),
    )
    store(warehouse, *run(1, {"old": 3.0}), *run(1, {"old": 3.0}, version="w", shadow=True))
    columns = "actor_id, rank, shadow_rank, places, score, shadow_score, difference"
    found = {row.pop("actor_id"): tuple(row.values()) for row in rows_of(warehouse, "versions_current", columns)}
    assert found == {
        "ada": (1, 2, -1, 3.0, 4.0, 1.0),
        "bob": (2, 1, 1, 2.0, 9.0, 7.0),
        "cy": (3, None, None, 1.0, None, None),
        "dan": (None, 3, None, None, 1.0, None),
    }
    (versions,) = warehouse.query("SELECT DISTINCT score_version, shadow_version, shadow_name, cold_start FROM versions_current")
    assert tuple(versions.values()) == ("v1", "w", "help,w", False)
    store(warehouse, *run(3, {"ada": 3.0}))
    assert rows_of(warehouse, "versions_current") == []


def test_evidence_stands_until_the_actor_s_next_and_is_replaced_whole(warehouse: Warehouse) -> None:
    store(warehouse, *run(1, {"ada": 3.0, "bob": 1.0}), evidence(1, "ada", "m1", "m2"), evidence(1, "bob", "m3"))
    store(warehouse, *run(2, {"ada": 3.0, "bob": 1.0}))
    store(warehouse, *run(3, {"ada": 3.0, "bob": 1.0}), evidence(3, "ada", "m4"))
    for day, messages in ((1, ["m1", "m2"]), (2, ["m1", "m2"]), (3, ["m4"])):
        assert [row["object_id"] for row in queries.evidence(warehouse, "lean", "ada", T0 + day * DAY_MS)] == messages
    last = queries.run_at(warehouse, "lean")
    assert last is not None
    found = queries.evidence_of_run(warehouse, last, queries.rows_of_run(warehouse, last))
    assert {actor: [row["object_id"] for row in rows] for actor, rows in found.items()} == {"ada": ["m4"], "bob": ["m3"]}
    assert found["bob"][0]["responder_name"] == "Ü"
    view = "SELECT actor_id, object_id FROM evidence_as_of(theme = 'lean', at = '2019-01-03 00:00:00.000') ORDER BY object_id"
    assert [row["object_id"] for row in warehouse.query(view)] == ["m1", "m2", "m3"]


def test_evidence_of_when_an_actor_was_further_up_is_not_shown_where_it_ranks_now(warehouse: Warehouse) -> None:
    store(warehouse, *run(1, {"ada": 3.0, "bob": 1.0}), evidence(1, "ada", "m1"), evidence(1, "bob", "m2"))
    last = queries.run_at(warehouse, "lean")
    assert last is not None
    rows = [{"actor_id": "ada", "rank": EVIDENCE_RANKS}, {"actor_id": "bob", "rank": EVIDENCE_RANKS + 1}]
    assert list(queries.evidence_of_run(warehouse, last, rows)) == ["ada"]
    assert queries.evidence(warehouse, "lean", "nobody") == queries.evidence(warehouse, "nothing", "ada") == []


def test_evidence_of_another_configuration_does_not_count(warehouse: Warehouse) -> None:
    store(warehouse, *run(1, {"ada": 1.0}, config="new"), evidence(1, "ada", "ours", config="new"))
    store(warehouse, *run(2, {"ada": 1.0}, config="old"), evidence(2, "ada", "theirs", config="old"))
    store(warehouse, *run(3, {"ada": 1.0}, config="new"))
    assert [row["object_id"] for row in queries.evidence(warehouse, "lean", "ada")] == ["ours"]
    view = "SELECT object_id FROM evidence_as_of(theme = 'lean', at = '2019-01-09 00:00:00.000')"
    assert warehouse.query(view) == [{"object_id": "ours"}]


def test_history_tells_every_run_of_an_actor_and_out_of_how_many(warehouse: Warehouse) -> None:
    store(warehouse, *run(1, {"ada": 3.0, "bob": 1.0}), *run(2, {"bob": 2.0, "ada": 1.0, "cy": 0.5}), *run(3, {"bob": 2.0}))
    history = queries.actor_history(warehouse, "lean", "ada")
    assert [(row["window_end"], row["rank"], row["ranked"]) for row in history] == [(T0 + DAY_MS, 1, 2), (T0 + 2 * DAY_MS, 2, 3)]


def test_more_actors_than_fit_a_statement_have_their_evidence(warehouse: Warehouse) -> None:
    actors = [f"{'x' * 120}-{k:04}" for k in range(1100)]
    store(warehouse, *run(1, dict.fromkeys(actors, 1.0)), *[evidence(1, actor, f"m-{actor}") for actor in actors])
    last = queries.run_at(warehouse, "lean")
    assert last is not None
    assert len(queries.evidence_of_run(warehouse, last, queries.rows_of_run(warehouse, last))) == 1100
    assert len(queries.ranking(warehouse, "lean", n=7)) == 7


def test_threads_share_a_warehouse(warehouse: Warehouse) -> None:
    store(warehouse, *run(1, {"ada": 3.0}))
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda _: queries.ranking(warehouse, "lean")[0]["score"], range(20)))
    assert found == [3.0] * 20


def test_a_receipt_stands_until_the_next_one_and_is_read_as_of_a_run(warehouse: Warehouse) -> None:
    store(warehouse, *run(1, {"ada": 1.0}), *run(8, {"ada": 1.5}), receipts(8, "ada", since=1))
    store(warehouse, *run(9, {"ada": 1.4}))
    first, last = (queries.run_at(warehouse, "lean", T0 + day * DAY_MS) for day in (1, 9))
    assert first is not None
    assert last is not None
    assert queries.receipt_of_run(warehouse, first, "ada") == []
    assert queries.receipt_of_run(warehouse, last, "nobody") == []
    gained, rivals = queries.receipt_of_run(warehouse, last, "ada")
    assert (gained["since"], gained["window_end"]) == (T0 + DAY_MS, T0 + 8 * DAY_MS)
    assert (gained["cause"], gained["points"], gained["places"], gained["people"]) == ("gained", 0.5, 1, 1)
    assert (rivals["cause"], rivals["places"], rivals["rank_before"], rivals["rank_after"]) == ("rivals", -1, 2, 2)


def test_receipts_of_an_unpublished_run_are_invisible(warehouse: Warehouse) -> None:
    *rows, closing = run(8, {"ada": 1.5})
    store(warehouse, *rows, receipts(8, "ada", since=1))
    assert rows_of(warehouse, "receipts_published") == rows_of(warehouse, "movers") == []
    store(warehouse, closing)
    assert len(rows_of(warehouse, "receipts_published")) == 2


def test_of_two_comparisons_of_one_run_the_nearer_is_shown_so_that_parts_add_up(warehouse: Warehouse) -> None:
    """A replay may compare a run with another one than the worker did."""
    store(warehouse, *run(8, {"ada": 1.5}), receipts(8, "ada", since=1, points=0.25), receipts(8, "ada", since=5))
    (mover,) = rows_of(warehouse, "movers")
    assert (mover["points"], mover["score_after"] - mover["score_before"]) == (0.5, 0.5)
    assert (mover["places"], mover["own_places"], mover["main_cause"]) == (0, 1, "gained")
    assert {row["cause"] for row in rows_of(warehouse, "receipts_published")} == {"gained", "rivals"}


def test_how_many_share_a_rank_is_counted(warehouse: Warehouse) -> None:
    store(warehouse, *run(1, {"ada": 2.0, "bob": 1.0, "cy": 0.5}))
    found = queries.run_at(warehouse, "lean")
    assert found is not None
    ranks = [row["rank"] for row in queries.ranking(warehouse, "lean")]
    assert [queries.sharing_of_run(warehouse, found, rank) for rank in ranks] == [ranks.count(rank) for rank in ranks]
    assert queries.sharing_of_run(warehouse, found, 9) == 0


def test_brands_are_shown_apart_and_circles_with_their_local_prescriber(warehouse: Warehouse) -> None:
    *rows, closing = run(1, {"ada": 2.0, "bob": 1.0})
    store(warehouse, *rows, apart(1, "acme"))
    assert rows_of(warehouse, "apart_current") == rows_of(warehouse, "circles_current") == []
    store(warehouse, closing)
    (brand,) = rows_of(warehouse, "apart_current")
    assert (brand["actor_id"], brand["role"], brand["place"], brand["score"]) == ("acme", "brand", 2, 1.5)
    assert "acme" not in {row["actor_id"] for row in queries.ranking(warehouse, "lean")}
    (circle,) = rows_of(warehouse, "circles_current")
    assert (circle["circle"], circle["ranked"], circle["local_prescriber"], circle["best_rank"]) == (7, 2, "ada", 1)
    first = queries.run_at(warehouse, "lean")
    assert first is not None
    assert queries.apart_of_run(warehouse, first) == [
        {"actor_id": "acme", "actor_name": "Acme", "source": SOURCE, "role": "brand", "place": 2}
    ]
    store(warehouse, *run(2, {"ada": 2.0}))
    assert queries.apart_of_run(warehouse, first) == []
    assert rows_of(warehouse, "apart_current") == []
