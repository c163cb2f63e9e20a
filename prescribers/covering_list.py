"""The shortest covering list out of the warehouse, as far as it reaches a share."""

from dataclasses import dataclass
from typing import Any

from graph.run import COVERING_COLUMNS
from prescribers.moments import rfc3339
from sinks.clickhouse import queries
from sinks.clickhouse.warehouse import Warehouse

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class CoveringList:
    """`as_of`: the run that it is of; `rows` in order of position; `gone`: how many of these positions are no longer ranked."""

    as_of: str
    rows: list[Row]
    gone: int


def covering_list(warehouse: Warehouse, theme: str, at: int | None, share: float, voices: str) -> CoveringList | None:
    """The list that stood at a time, ms, up to where it reaches the share; without rows where there is a ranking and no list."""
    run = queries.run_at(warehouse, theme, at)
    if run is None:
        return None
    rows = queries.covering_of_run(warehouse, run, voices)
    if not rows:
        return CoveringList(rfc3339(run["window_end"]), [], 0)
    wanted = [row for row in rows if (row["reached"] - row["new_responders"]) / row["everybody"] < share]
    as_of = rfc3339(rows[0]["window_end"])
    built = [_row(row, run, as_of) for row in wanted]
    return CoveringList(as_of, built, wanted[-1]["position"] - len(wanted) if wanted else 0)


def _row(row: Row, run: Row, as_of: str) -> Row:
    """Every field of `cover --json`, in its order; `rank` is that of the ranking as of the time asked for."""
    named = {"theme": run["theme"], "window_end": rfc3339(run["window_end"]), "score_version": run["score_version"]}
    shown = {"rank": row["rank_now"], "actor_name": row["actor_name"], "source": row["source"], "role": row["role"]}
    told = {name: row[name] for name in COVERING_COLUMNS}
    return {**named, "run_id": run["run_id"], "as_of": as_of, **told, **shown}
