"""What the commands ask of the warehouse: views only, parameters always bound. Times go in and come out as ms UTC."""

from collections.abc import Iterator, Sequence
from typing import Any

from graph.run import CENTRALITY_COLUMNS, COVERING_COLUMNS, EVIDENCE_COLUMNS, EVIDENCE_RANKS, ROW_COLUMNS
from sinks.clickhouse.warehouse import Warehouse

Row = dict[str, Any]
VIEWS = (
    *("runs_published", "rankings_published", "ranking_current", "actor_history", "evidence_published"),
    *("receipts_published", "movers", "apart_current", "circles_current", "versions_current"),
    *("centralities_published", "centralities_current", "covering_published", "covering_current"),
    *("interactions_live", "messages_current", "messages_answered", "actors_current", "fates", "refusals", "themes"),
)
"""Views without parameters: two pipelines that took in the same input agree on all their rows."""
MANY = 2**31
LATEST_MS = 10_413_791_999_999
"""The end of 2299, where the warehouse's times end."""
ACTORS_PER_QUERY = 500
"""Identifiers have up to 128 characters, and a statement may have 256 KiB."""

_BOUNDARY = "fromUnixTimestamp64Milli(toInt64(%(window_end)s), 'UTC')"


def _last_told(view: str) -> str:
    """The boundary of the last run, up to the one asked about, that wrote anything into a view which not every run writes to."""
    return f"""(
    SELECT max(w.window_end) FROM {view} AS w
    WHERE w.theme = %(theme)s AND w.score_version = %(score_version)s AND w.window_end <= {_BOUNDARY}
)"""  # noqa: S608 - names of views, ours


_RUN = """
SELECT
    theme, toUnixTimestamp64Milli(r.window_end) AS window_end, score_version, score_name, shadow, run_id, config_hash,
    toUnixTimestamp64Milli(r.watermark) AS watermark, window_ms, half_life_ms, step_ms, preset, ranked, evidence_rows,
    cold_start, seeds, conversion_mean, coverage, half_lives, plain_sources, backtests
FROM runs_published AS r
WHERE r.theme = %(theme)s
AND r.window_end <= fromUnixTimestamp64Milli(toInt64(%(at)s), 'UTC')
AND if(%(score_version)s = '', r.shown, r.score_version = %(score_version)s)
ORDER BY r.window_end DESC
LIMIT 1
"""
_RANKING = f"""
SELECT theme, toUnixTimestamp64Milli(r.window_end) AS window_end, score_version, run_id, {", ".join(ROW_COLUMNS)}
FROM rankings_published AS r
WHERE r.theme = %(theme)s AND r.score_version = %(score_version)s AND r.run_id = %(run_id)s
AND r.window_end = {_BOUNDARY}
AND (%(actor_id)s = '' OR r.actor_id = %(actor_id)s)
ORDER BY r.rank, r.actor_id
LIMIT %(n)s
"""  # noqa: S608 - names of columns, ours
_SHARING = f"""
SELECT count() AS actors
FROM rankings_published AS r
WHERE r.theme = %(theme)s AND r.score_version = %(score_version)s AND r.run_id = %(run_id)s
AND r.window_end = {_BOUNDARY} AND r.rank = %(rank)s
"""  # noqa: S608 - a time, ours
_EVIDENCE_COLUMNS = ", ".join(
    "toUnixTimestamp64Milli(e.occurred_at) AS occurred_at" if name == "occurred_at" else f"e.{name} AS {name}"
    for name in EVIDENCE_COLUMNS
)
_EVIDENCE = f"""
WITH of_run AS (
    SELECT * FROM evidence_published AS p
    WHERE p.theme = %(theme)s AND p.actor_id IN %(actors)s
    AND p.window_end <= {_BOUNDARY}
    AND p.score_version = %(score_version)s AND p.config_hash = %(config_hash)s
)
SELECT {_EVIDENCE_COLUMNS}
FROM of_run AS e
WHERE (e.actor_id, e.window_end) IN (SELECT actor_id, max(window_end) FROM of_run GROUP BY actor_id)
ORDER BY e.actor_id, e.position
"""  # noqa: S608 - names of columns, ours
_RECEIPT = f"""
SELECT
    toUnixTimestamp64Milli(p.window_end) AS window_end, toUnixTimestamp64Milli(p.since) AS since, position, cause, points,
    places, people, score_before, score_after, rank_before, rank_after
FROM receipts_published AS p
WHERE p.theme = %(theme)s AND p.score_version = %(score_version)s AND p.actor_id = %(actor_id)s
AND p.window_end = {_last_told("receipts_published")}
ORDER BY p.position
"""  # noqa: S608 - names of views, ours
_CENTRALITIES = f"""
SELECT toUnixTimestamp64Milli(c.window_end) AS window_end, {", ".join(f"c.{name} AS {name}" for name in CENTRALITY_COLUMNS)}
FROM centralities_published AS c
WHERE c.theme = %(theme)s AND c.score_version = %(score_version)s AND c.actor_id IN %(actors)s
AND c.window_end = {_last_told("centralities_published")}
"""  # noqa: S608 - names of columns, ours
_COVERING = f"""
SELECT
    toUnixTimestamp64Milli(c.window_end) AS window_end, {", ".join(f"c.{name} AS {name}" for name in COVERING_COLUMNS)},
    r.rank AS rank_now, r.actor_name AS actor_name, r.source AS source, r.role AS role
FROM covering_published AS c
GLOBAL INNER JOIN (
    SELECT actor_id, rank, actor_name, source, role FROM rankings_published AS p
    WHERE p.theme = %(theme)s AND p.score_version = %(score_version)s AND p.run_id = %(run_id)s
    AND p.window_end = {_BOUNDARY}
) AS r ON r.actor_id = c.actor_id
WHERE c.theme = %(theme)s AND c.score_version = %(score_version)s AND c.voices = %(voices)s
AND c.window_end = {_last_told("covering_published")}
ORDER BY c.position
"""  # noqa: S608 - names of columns, ours
_APART = f"""
SELECT actor_id, actor_name, source, role, place FROM apart_current AS a
WHERE a.theme = %(theme)s AND a.window_end = {_BOUNDARY}
ORDER BY a.position
"""  # noqa: S608 - names of views, ours
_HISTORY = """
SELECT * EXCEPT window_end, toUnixTimestamp64Milli(h.window_end) AS window_end
FROM actor_history AS h
WHERE h.theme = %(theme)s AND h.actor_id = %(actor_id)s
ORDER BY h.window_end
"""
_THEMES = """
SELECT
    theme, events, state, late, duplicate, parked, unresolved, evicted,
    toUnixTimestamp64Milli(t.first_act_at) AS first_act_at, toUnixTimestamp64Milli(t.last_act_at) AS last_act_at,
    runs, toUnixTimestamp64Milli(t.first_run_at) AS first_run_at, toUnixTimestamp64Milli(t.last_run_at) AS last_run_at,
    ranked, cold_start
FROM themes AS t
ORDER BY theme
"""
_VERSIONS = """
SELECT
    theme, score_version, argMax(v.score_name, v.window_end) AS score_name, argMax(v.shadow, v.window_end) AS shadow,
    count() AS runs, toUnixTimestamp64Milli(min(v.window_end)) AS first_run_at,
    toUnixTimestamp64Milli(max(v.window_end)) AS last_run_at, argMax(v.ranked, v.window_end) AS ranked,
    argMax(v.cold_start, v.window_end) AS cold_start
FROM runs_published AS v
WHERE %(theme)s = '' OR v.theme = %(theme)s
GROUP BY theme, score_version
ORDER BY theme, shadow, score_name, score_version
"""
_FATES = "SELECT fate, theme, reason, events FROM fates ORDER BY fate, theme, reason"


def themes(warehouse: Warehouse) -> list[Row]:
    """Every theme with its counts, the times of its acts, and its runs; times are None where there is none yet."""
    return warehouse.query(_THEMES)


def versions(warehouse: Warehouse, theme: str = "") -> list[Row]:
    """Every score version that has ranked a theme (all themes, without one): in words, whether as a shadow, and its runs."""
    return warehouse.query(_VERSIONS, {"theme": theme})


def run_at(warehouse: Warehouse, theme: str, at: int | None = None, score_version: str = "") -> Row | None:
    """The last published run whose boundary is not after `at` (the last of all without it), or None."""
    moment = LATEST_MS if at is None else max(0, min(at, LATEST_MS))
    found = warehouse.query(_RUN, {"theme": theme, "at": moment, "score_version": score_version})
    return found[0] if found else None


def ranking(warehouse: Warehouse, theme: str, at: int | None = None, n: int | None = None, score_version: str = "") -> list[Row]:
    """The first `n` (all, without it) of the ranking as of a time: the fields of `graph.run.RankingRun.ranked`, best first."""
    run = run_at(warehouse, theme, at, score_version)
    return rows_of_run(warehouse, run, n=n) if run else []


def rows_of_run(warehouse: Warehouse, run: Row, *, n: int | None = None, actor_id: str = "") -> list[Row]:
    """Ranked actors of a run that `run_at` gave, best first; with `actor_id` only that one, with every part of its score."""
    limit = MANY if n is None else n
    return warehouse.query(_RANKING, {**_named(run), "actor_id": actor_id, "n": limit})


def sharing_of_run(warehouse: Warehouse, run: Row, rank: int) -> int:
    """How many actors a run that `run_at` gave puts on a rank: more than one where the data cannot tell them apart."""
    return int(warehouse.query(_SHARING, {**_named(run), "rank": rank})[0]["actors"])


def evidence_of_run(warehouse: Warehouse, run: Row, rows: Sequence[Row]) -> dict[str, list[Row]]:
    """The messages behind the scores of a run that `run_at` gave, by actor, newest first: `graph.run.EVIDENCE_COLUMNS`.

    What stands for an actor was written with the last run at which it changed, under the same score and configuration.
    `rows`: of that run, as `rows_of_run` gives them. Beyond `EVIDENCE_RANKS` nothing stands: what was written of an actor
    while it was further up is out of date.
    """
    found: dict[str, list[Row]] = {}
    for part in _parts([row["actor_id"] for row in rows if row["rank"] <= EVIDENCE_RANKS]):
        for row in warehouse.query(_EVIDENCE, {**_named(run), "config_hash": run["config_hash"], "actors": part}):
            found.setdefault(row["actor_id"], []).append(row)
    return found


def receipt_of_run(warehouse: Warehouse, run: Row, actor_id: str) -> list[Row]:
    """What changed for an actor between the last two runs compared, as of a run that `run_at` gave, cause by cause.

    Nothing where no run was compared yet, or where neither of the two ranks the actor.
    """
    return warehouse.query(_RECEIPT, {**_named(run), "actor_id": actor_id})


def centralities_of_run(warehouse: Warehouse, run: Row, actors: Sequence[str]) -> dict[str, Row]:
    """Ranks by other measures as of a run that `run_at` gave, by actor: `graph.run.CENTRALITY_COLUMNS`, and `window_end`.

    They stand from the run that told them, whose `window_end` it is, until the next that does.
    """
    parts = _parts(actors)
    found = (row for part in parts for row in warehouse.query(_CENTRALITIES, {**_named(run), "actors": part}))
    return {row["actor_id"]: row for row in found}


def apart_of_run(warehouse: Warehouse, run: Row) -> list[Row]:
    """Staff and brands beside a run that `run_at` gave, and where they would stand; of a theme's last ranking alone."""
    return warehouse.query(_APART, _named(run))


def covering_of_run(warehouse: Warehouse, run: Row, voices: str) -> list[Row]:
    """The shortest covering list as of a run that `run_at` gave, in order: `graph.run.COVERING_COLUMNS`, its own `window_end`.

    `voices`: of `graph.covering.VOICES`. With `rank_now`, `actor_name`, `source` and `role` as of the run asked for; who is not
    ranked there is left out.
    """
    return warehouse.query(_COVERING, {**_named(run), "voices": voices})


def evidence(warehouse: Warehouse, theme: str, actor_id: str, at: int | None = None, score_version: str = "") -> list[Row]:
    """The messages behind one actor's score as of a time, newest first; none where it is not among the first ranked."""
    run = run_at(warehouse, theme, at, score_version)
    rows = rows_of_run(warehouse, run, actor_id=actor_id) if run else []
    return evidence_of_run(warehouse, run, rows).get(actor_id, []) if run else []


def actor_history(warehouse: Warehouse, theme: str, actor_id: str) -> list[Row]:
    """Where an actor stood at each published run, oldest first."""
    return warehouse.query(_HISTORY, {"theme": theme, "actor_id": actor_id})


def fates(warehouse: Warehouse) -> list[Row]:
    """What became of every input, as rows of fate, theme, reason and events; the sum is what was fed."""
    return warehouse.query(_FATES)


def _named(run: Row) -> Row:
    return {name: run[name] for name in ("theme", "score_version", "run_id", "window_end")}


def _parts(actors: Sequence[str]) -> Iterator[tuple[str, ...]]:
    for start in range(0, len(actors), ACTORS_PER_QUERY):
        yield tuple(actors[start : start + ACTORS_PER_QUERY])
