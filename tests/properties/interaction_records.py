"""Acts of a test as records of the log, and what the core publishes about them as plain runs."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from graph.interaction import Interaction
from graph.keys import identity_key
from graph.log_record import encode_interaction
from graph.partition_state import PartitionState
from graph.publication import EvidenceRows, RankingRows, RunClosed, decode_publication
from graph.theme_settings import ThemeSettings
from tests.oracles.reference_act import Act

THEME = "t"
Publication = tuple[str, bytes]


@dataclass(slots=True)
class CoreRun:
    """One published run put together again: rows in order of rank, and every actor's evidence as of this run."""

    closed: RunClosed
    rows: list[dict[str, Any]] = field(default_factory=list)
    evidence: dict[str, list[dict[str, Any]]] = field(default_factory=dict)


def to_records(acts: Iterable[Act]) -> list[bytes]:
    """The log's records, as the normaliser writes them: a delete concerns every theme, an edit its own and every theme."""
    return [encode_interaction(record) for act in acts for record in _records_of(act)]


def _records_of(act: Act) -> list[Interaction]:
    if act.kind == "tick":
        return [Interaction(theme="", kind="tick", occurred_at=act.at)]
    if act.kind == "close":
        return [
            Interaction(
                theme="",
                kind="close",
                occurred_at=act.at,
                key=act.key,
                parts=act.feed_parts,
                origin=(act.feed_part, act.offset),
                copy=True,
            )
        ]
    themed = Interaction(
        theme=THEME,
        kind=act.kind,  # type: ignore[arg-type] # plain text in tests
        occurred_at=act.at,
        key=act.key,
        source=act.source,
        event_id=act.event or str(act.key),
        actor_id=act.actor,
        received_at=act.received_at or act.at,
        origin=(0, act.offset),
        target_actor_id=act.target,
        object_id=act.object,
        object_key=identity_key(act.source, act.object) if act.object else 0,
        parent_id=act.parent,
        parent_key=identity_key(act.source, act.parent) if act.parent else 0,
        mentions=act.mentions,
        actor_name=act.actor,
        actor_type=act.actor_type,  # type: ignore[arg-type] # plain text in tests
        followers=act.followers,
        no_rank=act.no_rank,
        url=f"https://example.org/{act.key}",
    )
    everywhere = Interaction(
        theme="",
        kind=themed.kind,
        occurred_at=act.at,
        key=act.key,
        source=act.source,
        actor_id=act.actor,
        received_at=themed.received_at,
        origin=themed.origin,
        copy=act.kind == "edit",
        object_id=act.object,
        object_key=themed.object_key,
    )
    return {"delete": [everywhere], "edit": [themed, everywhere]}.get(act.kind, [themed])


def apply_in_batches(
    state: PartitionState, records: Sequence[bytes], cuts: Iterable[int] = (), start: int = 0
) -> list[Publication]:
    """Everything the state publishes on `records` when their batches end at `cuts`. Record k has offset `start` + k."""
    edges = [0, *sorted({cut for cut in cuts if 0 < cut < len(records)}), len(records)]
    published: list[Publication] = []
    for begin, end in pairwise(edges):
        published += state.apply(range(start + begin, start + end), records[begin:end])
    return published


def runs_of(published: Iterable[Publication]) -> list[CoreRun]:
    """The runs in a stream of publications, in order."""
    runs: list[CoreRun] = []
    columns: dict[str, list[dict[str, Any]]] = {}
    evidence: dict[str, list[dict[str, Any]]] = {}
    for _, value in published:
        publication = decode_publication(value)
        if isinstance(publication, RankingRows):
            columns.setdefault(publication.run_id, []).extend(_transposed(publication.columns))
        elif isinstance(publication, EvidenceRows):
            changed: dict[str, list[dict[str, Any]]] = {}
            for row in _transposed(publication.columns):
                changed.setdefault(row["actor_id"], []).append(row)
            evidence = evidence | changed
        elif isinstance(publication, RunClosed):
            rows = columns.pop(publication.run_id, [])
            assert len(rows) == publication.rows
            runs.append(CoreRun(publication, rows, {row["actor_id"]: evidence[row["actor_id"]] for row in rows}))
    return runs


def core_runs(acts: Iterable[Act], settings: ThemeSettings, cuts: Iterable[int] = ()) -> list[CoreRun]:
    """The runs of a log."""
    return runs_of(apply_in_batches(PartitionState(0, {settings.name: settings}), to_records(acts), cuts))


def _transposed(columns: dict[str, list[Any]]) -> list[dict[str, Any]]:
    return [dict(zip(columns, values, strict=True)) for values in zip(*columns.values(), strict=True)]
