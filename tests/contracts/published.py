"""Small publications, as `rank` would write them, and the content of a warehouse as its readers see it."""

from typing import Any

from graph.covering import VOICES
from graph.interaction import Interaction
from graph.keys import identity_key
from graph.log_record import record_of
from graph.publication import (
    Acts,
    ApartRows,
    CentralityRows,
    CoveringRows,
    EvidenceRows,
    Publication,
    RankingRows,
    ReceiptRows,
    RunClosed,
    Tally,
    encode_publication,
)
from graph.run import APART_COLUMNS, CENTRALITY_COLUMNS, COVERING_COLUMNS, EVIDENCE_COLUMNS, RECEIPT_COLUMNS, ROW_COLUMNS
from sinks.clickhouse.queries import VIEWS
from sinks.clickhouse.warehouse import Warehouse
from sinks.clickhouse.writer import RankingWriter

DAY_MS = 86_400_000
T0 = 1_546_300_800_000  # 2019-01-01
WEIGHTS = {"reply": 1.0, "quote": 1.0, "mention": 0.5, "reaction": 0.05}
SOURCE = "zulip:lean"


def act(event_id: str, actor: str, kind: Any = "post", at: int = 0, **fields: Any) -> Interaction:  # noqa: ANN401 - test data
    """An event of `actor`, `at` ms after T0; posts and replies make the message of their own identifier."""
    if kind in {"post", "reply", "quote", "mention"}:
        fields.setdefault("object_id", event_id)
    values: dict[str, Any] = {
        "theme": "lean",
        "key": identity_key(SOURCE, event_id),
        "source": SOURCE,
        "event_id": event_id,
        "actor_id": actor,
    }
    return Interaction(kind=kind, occurred_at=T0 + at, **(values | fields))


def acts(
    *events: Interaction, late: tuple[int, ...] = (), targets: tuple[tuple[int, str], ...] = (), theme: str = "lean"
) -> Acts:
    return Acts(theme, WEIGHTS, [record_of([event]) for event in events], list(late), list(targets))


def run(
    day: int, actors: dict[str, float], *, run_id: str = "", config: str = "c1", version: str = "v1", shadow: bool = False
) -> list[Publication]:
    """A whole run: one chunk per actor, best first, then its closing record."""
    end, run_id = T0 + day * DAY_MS, run_id or f"run-{version}-{config}-{day}"
    chunks: list[Publication] = [
        RankingRows("lean", run_id, end, version, {name: [value] for name, value in _row(rank, actor, score).items()})
        for rank, (actor, score) in enumerate(actors.items(), start=1)
    ]
    closed = RunClosed(
        theme="lean",
        run_id=run_id,
        window_end=end,
        score_version=version,
        config_hash=config,
        watermark=end + 1,
        window_ms=28 * DAY_MS,
        half_life_ms=10 * DAY_MS,
        step_ms=DAY_MS,
        preset="recommend",
        rows=len(actors),
        evidence_rows=0,
        cold_start=day < 2,
        seeds=3,
        conversion_mean=0.1 + day / 3,
        origins={"0": 17, "1": -1},
        coverage={SOURCE: 5},
        half_lives={SOURCE: 30 * DAY_MS},
        plain_sources=[SOURCE] if day > 2 else [],
        backtests={SOURCE: max(day, 0)},
        score_name=f"help,{version}" if shadow else "",
        shadow=shadow,
    )
    return [*chunks, closed]


def evidence(day: int, actor: str, *messages: str, config: str = "c1", version: str = "v1") -> EvidenceRows:
    rows = [
        (actor, place, identity_key(SOURCE, message), message, f"https://x/{message}", "u", "Ü", "reply", T0 + place)
        for place, message in enumerate(messages, start=1)
    ]
    columns: dict[str, list[object]] = {name: [row[k] for row in rows] for k, name in enumerate(EVIDENCE_COLUMNS)}
    return EvidenceRows("lean", f"run-{version}-{config}-{day}", T0 + day * DAY_MS, columns)


def apart(day: int, actor: str, *, config: str = "c1", version: str = "v1") -> ApartRows:
    """A brand that would be second."""
    values = (1, 2, actor, "Acme", SOURCE, "brand", 1.5, 1.25, 9, 3)
    columns: dict[str, list[object]] = {name: [value] for name, value in zip(APART_COLUMNS, values, strict=True)}
    return ApartRows("lean", f"run-{version}-{config}-{day}", T0 + day * DAY_MS, version, columns)


def centralities(day: int, *actors: str, config: str = "c1", version: str = "v1") -> CentralityRows:
    """The last by score is the first by PageRank, and of the first it is known that it joins two circles."""
    rows = [
        (actor, place, 0.5 / place, len(actors) + 1 - place, 0.1, place, *((9, 2, 12, 1 / 3, 1) if place == 1 else (None,) * 5))
        for place, actor in enumerate(actors, start=1)
    ]
    columns: dict[str, list[object]] = {name: [row[k] for row in rows] for k, name in enumerate(CENTRALITY_COLUMNS)}
    return CentralityRows("lean", f"run-{version}-{config}-{day}", T0 + day * DAY_MS, version, columns)


def covering(day: int, *actors: str, config: str = "c1", version: str = "v1") -> CoveringRows:
    """Each adds two people, of ten."""
    rows = [
        (voices, place, actor, place, 2, 1, 2 * place, 10, place / 5, 2 * place, place)
        for voices in VOICES
        for place, actor in enumerate(actors, start=1)
    ]
    columns: dict[str, list[object]] = {name: [row[k] for row in rows] for k, name in enumerate(COVERING_COLUMNS)}
    return CoveringRows("lean", f"run-{version}-{config}-{day}", T0 + day * DAY_MS, version, columns)


def receipts(day: int, actor: str, *, since: int, points: float = 0.5, config: str = "c1", version: str = "v1") -> ReceiptRows:
    """An actor gained `points` by a new responder, and lost a place to a rival; before, it had 1.0 and was second."""
    shared = (1.0, 1.0 + points, 2, 2)
    parts = [(actor, T0 + since * DAY_MS, 6, "gained", points, 1, 1, *shared)]
    parts.append((actor, T0 + since * DAY_MS, 14, "rivals", 0.0, -1, 0, *shared))
    columns: dict[str, list[object]] = {name: [part[k] for part in parts] for k, name in enumerate(RECEIPT_COLUMNS)}
    return ReceiptRows("lean", f"run-{version}-{config}-{day}", T0 + day * DAY_MS, version, columns)


def tally(next_offset: int, state: int, late: int = 0, duplicate: int = 0, partition: int = 0) -> Tally:
    return Tally("lean", partition, next_offset, state, late, duplicate, 1, 2, 3)


def store(warehouse: Warehouse, *publications: Publication) -> None:
    """One call of the writer."""
    RankingWriter(warehouse).write([encode_publication(each) for each in publications], [])


def content(warehouse: Warehouse) -> dict[str, list[str]]:
    """Every row of every view, in an order of its own."""
    return {view: sorted(str(sorted(row.items())) for row in rows_of(warehouse, view)) for view in VIEWS}


def rows_of(warehouse: Warehouse, view: str, columns: str = "*") -> list[dict[str, Any]]:
    """The rows of a view, or of a part of one."""
    return warehouse.query(f"SELECT {columns} FROM {view}")  # noqa: S608 - a test's own words


def values_of(warehouse: Warehouse, view: str, column: str) -> list[Any]:
    """One column, sorted."""
    return sorted(row[column] for row in rows_of(warehouse, view, column))


def _row(rank: int, actor: str, score: float) -> dict[str, object]:
    third = score / 3
    values = (rank, rank, rank + 1, actor, f"Name of {actor}", SOURCE, score, score * 0.9, third, third, third, 0.7, 1.1, 0.25)
    row = (*values, 4, 9, "prescriber", 1, 7, rank == 1, None if rank == 1 else 10**12, None if rank == 1 else rank)
    return dict(zip(ROW_COLUMNS, row, strict=True))
