"""Rankings out of the warehouse, in the same form as a replay gives them."""

from dataclasses import dataclass, replace
from typing import Any

from prescribers.actor_names import called, nearest
from prescribers.centralities import centralities_of
from prescribers.moments import rfc3339
from prescribers.ranked_rows import Row, ranked_row
from prescribers.receipt import receipt_of
from sinks.clickhouse import queries
from sinks.clickhouse.warehouse import Warehouse


@dataclass(frozen=True, slots=True)
class WarehouseRanking:
    """A run as of a time: boundary, window (ms), how many it ranks, where every responder counts alike, the rows asked for."""

    window_end: str
    window_ms: int
    score_name: str
    shadow: bool
    ranked: int
    plain_sources: tuple[str, ...]
    rows: list[Row]
    receipt: dict[str, Any] | None = None
    """Of the one actor asked for: what changed between the last two runs compared, where they concern it."""
    centralities: dict[str, Any] | None = None
    """Of the one actor asked for: its ranks by other measures, where they are told."""
    sharing: int = 1
    """How many share the rank of the one actor asked for."""
    nearest: tuple[str, ...] = ()
    """Where the actor asked for is not ranked: those whose names look most like it."""
    apart: dict[str, Any] | None = None
    """Where the actor asked for is staff or a brand: its row among these."""


def warehouse_ranking(
    warehouse: Warehouse, theme: str, at: int | None, n: int | None, score_version: str = "", *, centralities: bool = False
) -> WarehouseRanking | None:
    """The first `n` (all, without it) of the last run published by a time, ms; None where there is none.

    Without a score version, of the theme's own score. With `centralities` each row has a field of that name: ranks by other
    measures, None where none are told.
    """
    run = queries.run_at(warehouse, theme, at, score_version)
    if run is None:
        return None
    found = _with_evidence(warehouse, run, queries.rows_of_run(warehouse, run, n=n))
    if not centralities:
        return found
    told = queries.centralities_of_run(warehouse, run, [row["actor_id"] for row in found.rows])
    return replace(found, rows=[row | {"centralities": centralities_of(told.get(row["actor_id"]))} for row in found.rows])


def warehouse_actor(
    warehouse: Warehouse, theme: str, at: int | None, actor: str, score_version: str = ""
) -> WarehouseRanking | None:
    """The run, and the row of the actor of that id, or of all of that name, or of that id inside their source.

    Accents and case count only where somebody bears exactly what was asked for.
    """
    run = queries.run_at(warehouse, theme, at, score_version)
    if run is None:
        return None
    rows = queries.rows_of_run(warehouse, run, actor_id=actor)
    everybody = [] if rows else queries.rows_of_run(warehouse, run)
    rows = rows or called(everybody, actor)
    found = _with_evidence(warehouse, run, rows)
    if not rows:
        apart = called(queries.apart_of_run(warehouse, run), actor)
        return replace(found, nearest=tuple(nearest(everybody, actor)), apart=apart[0] if apart else None)
    if len(rows) > 1:
        return found
    actor_id = rows[0]["actor_id"]
    told = queries.centralities_of_run(warehouse, run, [actor_id]).get(actor_id)
    receipt = receipt_of(queries.receipt_of_run(warehouse, run, actor_id))
    sharing = queries.sharing_of_run(warehouse, run, rows[0]["rank"])
    return replace(found, receipt=receipt, centralities=centralities_of(told), sharing=sharing)


def _with_evidence(warehouse: Warehouse, run: dict[str, Any], rows: list[dict[str, Any]]) -> WarehouseRanking:
    evidence = queries.evidence_of_run(warehouse, run, rows)
    built = [ranked_row(row, evidence.get(row["actor_id"], ())) for row in rows]
    return WarehouseRanking(
        window_end=rfc3339(run["window_end"]),
        window_ms=run["window_ms"],
        score_name=run["score_name"],
        shadow=run["shadow"],
        ranked=run["ranked"],
        plain_sources=tuple(run["plain_sources"]),
        rows=built,
    )
