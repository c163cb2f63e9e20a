"""What `rank` says of a batch, as records of the topic `rankings`, in chunks that Kafka takes."""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from itertools import accumulate
from typing import TYPE_CHECKING, Any

import numpy as np
import orjson

from graph.interaction import EVERY_THEME
from graph.kinds import PRESETS
from graph.log_record import LogRecord, encode_record
from graph.publication import (
    ApartRows,
    CentralityRows,
    CoveringRows,
    EvidenceRows,
    RankingRows,
    ReceiptRows,
    RunClosed,
    RunTable,
    Tally,
    encode_publication,
)
from graph.run import RankingRun
from graph.theme_settings import ThemeSettings

if TYPE_CHECKING:
    from graph.theme_state import Applied

CHUNK_BYTES = 512 * 1024
CHUNK_ROWS = 2000


def publish_acts(
    settings: ThemeSettings, records: Sequence[LogRecord], values: Sequence[bytes], applied: "Applied"
) -> list[tuple[str, bytes]]:
    """The accepted and the late acts and the targets found, then parked replies that found theirs.

    `values`: the records as they stand in the log, and as they are sent where all of their acts are told.
    """
    theme, weights, resolved = settings.name, PRESETS[settings.preset], applied.resolved
    kept = sorted([*applied.accepted, *applied.late]) if applied.late else applied.accepted
    told, sizes = list(values), list(map(len, records))
    if len(kept) < sum(sizes):
        told, sizes = _cut(records, values, kept)
    place = {k: at for at, k in enumerate(kept)} if applied.late or resolved.targets else {}
    late = [place[k] for k in applied.late]
    targets = [(place[k], target) for k, target in resolved.targets]
    targets += [(len(kept) + at, target) for at, (_, target) in enumerate(resolved.again)]
    told += [value for value, _ in resolved.again]
    starts = [0, *accumulate(sizes + [1] * len(resolved.again))]
    return [
        (theme, _acts(theme, weights, told[part], late, targets, (starts[part.start], starts[part.stop])))
        for part in _chunks(told)
    ]


def publish_undoing(value: bytes) -> tuple[str, bytes]:
    """An edit or delete that concerns every theme."""
    return EVERY_THEME, _acts(EVERY_THEME, {}, [value], [], [], (0, 1))


def publish_run(run: RankingRun) -> list[tuple[str, bytes]]:
    """Rows and all that goes with them in chunks, and the closing record last."""
    rows, evidence = len(run.rows["rank"]), len(run.evidence["position"])

    def of_run(kind: type[RunTable], columns: dict[str, list[Any]], count: int) -> list[bytes]:
        said = run.theme, run.run_id, run.window_end, run.score_version
        return [encode_publication(kind(*said, part)) for part in _parts(columns, count)]

    records = of_run(RankingRows, run.rows, rows)
    records += [
        encode_publication(EvidenceRows(run.theme, run.run_id, run.window_end, part)) for part in _parts(run.evidence, evidence)
    ]
    records += of_run(ApartRows, run.apart, len(run.apart["place"]))
    records += of_run(ReceiptRows, run.receipts, len(run.receipts["cause"]))
    records += of_run(CentralityRows, run.centralities, len(run.centralities["rank"]))
    records += of_run(CoveringRows, run.covering, len(run.covering["rank"]))
    shared = {name: getattr(run, name) for name in RunClosed.__struct_fields__ if name not in ("rows", "evidence_rows")}
    records.append(encode_publication(RunClosed(**shared, rows=rows, evidence_rows=evidence)))
    return [(run.theme, record) for record in records]


def publish_tally(theme: str, partition: int, next_offset: int, counts: tuple[int, ...], log_id: str) -> bytes:
    """Counts in the order of `Tally`'s fields after `next_offset`."""
    state, late, duplicate, parked, unresolved, evicted = counts
    return encode_publication(Tally(theme, partition, next_offset, state, late, duplicate, parked, unresolved, evicted, log_id))


def _cut(records: Sequence[LogRecord], values: Sequence[bytes], kept: list[int]) -> tuple[list[bytes], list[int]]:
    """Records without the acts that are not kept, and how many acts each holds; records without any are left out."""
    told: list[bytes] = []
    sizes: list[int] = []
    start = at = 0
    for record, value in zip(records, values, strict=True):
        end = bisect_left(kept, start + len(record), lo=at)
        if end > at:
            whole = end - at == len(record)
            told.append(value if whole else encode_record(record.part([k - start for k in kept[at:end]])))
            sizes.append(end - at)
        start, at = start + len(record), end
    return told, sizes


def _acts(
    theme: str,
    weights: dict[str, float],
    values: Sequence[bytes],
    late: list[int],
    targets: list[tuple[int, str]],
    span: tuple[int, int],
) -> bytes:
    """As `encode_publication(Acts(...))` writes it, but without decoding the records first.

    `span`: positions of the first of their acts and after the last; positions are published as counted from the first.
    """
    start, stop = span
    positions = [k - start for k in late if start <= k < stop]
    found = [(k - start, target) for k, target in targets if start <= k < stop]
    head = orjson.dumps({"type": "acts", "theme": theme, "weights": weights, "late": positions, "targets": found})
    return b'%s,"records":[%s]}' % (head[:-1], b",".join(values))


def _chunks(values: list[bytes]) -> Iterable[slice]:
    """Parts of about `CHUNK_BYTES` each."""
    sizes = np.fromiter(map(len, values), dtype=np.int64, count=len(values)).cumsum()
    start, before = 0, 0
    while start < len(values):
        end = min(int(np.searchsorted(sizes, before + CHUNK_BYTES, side="right")) + 1, len(values))
        yield slice(start, end)
        start, before = end, int(sizes[end - 1])


def _parts(columns: dict[str, list[Any]], rows: int) -> Iterable[dict[str, list[Any]]]:
    for start in range(0, rows, CHUNK_ROWS):
        yield {name: values[start : start + CHUNK_ROWS] for name, values in columns.items()}
