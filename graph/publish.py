"""What `rank` says of a batch, as records of the topic `rankings`, in chunks that Kafka takes."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import orjson

from graph.interaction import EVERY_THEME
from graph.kinds import PRESETS
from graph.publication import EvidenceRows, RankingRows, RunClosed, Tally, encode_publication
from graph.run import RankingRun
from graph.theme_settings import ThemeSettings

if TYPE_CHECKING:
    from graph.theme_state import Applied

CHUNK_BYTES = 512 * 1024
CHUNK_ROWS = 2000


def publish_acts(settings: ThemeSettings, values: Sequence[bytes], applied: "Applied") -> list[tuple[str, bytes]]:
    """The accepted and the late events, their records unchanged, and targets found; then parked replies that found theirs."""
    theme, late, targets = settings.name, set(applied.late), dict(applied.resolved.targets)
    entries = [(values[k], k in late, targets.get(k)) for k in sorted([*applied.accepted, *applied.late])]
    entries += [(value, False, target) for value, target in applied.resolved.again]
    weights = PRESETS[settings.preset]
    return [(theme, _acts(theme, weights, chunk)) for chunk in _chunks(entries)]


def publish_undoing(value: bytes) -> tuple[str, bytes]:
    """An edit or delete that concerns every theme."""
    return EVERY_THEME, _acts(EVERY_THEME, {}, [(value, False, None)])


def publish_run(run: RankingRun) -> list[tuple[str, bytes]]:
    """Rows in chunks, evidence in chunks, and the closing record last."""
    rows, evidence = len(run.rows["rank"]), len(run.evidence["position"])
    records = [
        encode_publication(RankingRows(run.theme, run.run_id, run.window_end, run.score_version, part))
        for part in _parts(run.rows, rows)
    ]
    records += [
        encode_publication(EvidenceRows(run.theme, run.run_id, run.window_end, part)) for part in _parts(run.evidence, evidence)
    ]
    shared = {name: getattr(run, name) for name in RunClosed.__struct_fields__ if name not in ("rows", "evidence_rows")}
    records.append(encode_publication(RunClosed(**shared, rows=rows, evidence_rows=evidence)))
    return [(run.theme, record) for record in records]


def publish_tally(theme: str, partition: int, next_offset: int, counts: tuple[int, ...]) -> bytes:
    """Counts in the order of `Tally`'s fields after `next_offset`."""
    return encode_publication(Tally(theme, partition, next_offset, *counts))


def _acts(theme: str, weights: dict[str, float], entries: list[tuple[bytes, bool, str | None]]) -> bytes:
    """As `encode_publication(Acts(...))` writes it, but without decoding the events first."""
    late = [k for k, (_, is_late, _) in enumerate(entries) if is_late]
    targets = [(k, target) for k, (_, _, target) in enumerate(entries) if target is not None]
    head = orjson.dumps({"type": "acts", "theme": theme, "weights": weights, "late": late, "targets": targets})
    return b'%s,"events":[%s]}' % (head[:-1], b",".join(value for value, _, _ in entries))


def _chunks(entries: list[tuple[bytes, bool, str | None]]) -> Iterable[list[tuple[bytes, bool, str | None]]]:
    start = size = 0
    for k, (value, _, _) in enumerate(entries):
        size += len(value)
        if size > CHUNK_BYTES:
            yield entries[start : k + 1]
            start, size = k + 1, 0
    if start < len(entries):
        yield entries[start:]


def _parts(columns: dict[str, list[Any]], rows: int) -> Iterable[dict[str, list[Any]]]:
    for start in range(0, rows, CHUNK_ROWS):
        yield {name: values[start : start + CHUNK_ROWS] for name, values in columns.items()}
