"""Ranking runs, evidence, tallies and dead letters as columns of their tables."""

from collections.abc import Iterable, Sequence
from typing import Any

from graph.dead_letter import DeadLetter
from graph.publication import (
    ApartRows,
    CentralityRows,
    CoveringRows,
    EvidenceRows,
    OfRun,
    RankingRows,
    ReceiptRows,
    RunClosed,
    Tally,
)
from graph.run import APART_COLUMNS, CENTRALITY_COLUMNS, COVERING_COLUMNS, EVIDENCE_COLUMNS, RECEIPT_COLUMNS, ROW_COLUMNS

Columns = dict[str, list[Any]]
_RUN_FIELDS = (
    *("theme", "score_version", "window_end", "run_id", "config_hash", "watermark", "window_ms", "half_life_ms", "step_ms"),
    *("preset", "evidence_rows", "cold_start", "seeds", "conversion_mean", "origins", "coverage"),
    *("half_lives", "plain_sources", "backtests", "score_name"),
)
_TALLY_FIELDS = ("theme", "partition", "next_offset", "state", "late", "duplicate", "parked", "unresolved", "evicted", "log_id")
_LETTER_FIELDS = ("topic", "partition", "offset", "reason", "detail", "payload", "received_at", "log_id")


def ranking_columns(published: Sequence[RankingRows]) -> Columns:
    """Rows of `rankings`, chunk after chunk."""
    return _chunks(published, ("theme", "score_version", "window_end", "run_id"), ROW_COLUMNS)


def evidence_columns(published: Sequence[EvidenceRows]) -> Columns:
    """Rows of `evidence`, chunk after chunk."""
    return _chunks(published, ("theme", "window_end", "run_id"), EVIDENCE_COLUMNS)


def apart_columns(published: Sequence[ApartRows]) -> Columns:
    """Rows of `rankings_apart`, chunk after chunk."""
    return _chunks(published, ("theme", "score_version", "window_end", "run_id"), APART_COLUMNS)


def receipt_columns(published: Sequence[ReceiptRows]) -> Columns:
    """Rows of `rank_receipts`, chunk after chunk."""
    return _chunks(published, ("theme", "score_version", "window_end", "run_id"), RECEIPT_COLUMNS)


def centrality_columns(published: Sequence[CentralityRows]) -> Columns:
    """Rows of `centralities`, chunk after chunk."""
    return _chunks(published, ("theme", "score_version", "window_end", "run_id"), CENTRALITY_COLUMNS)


def covering_columns(published: Sequence[CoveringRows]) -> Columns:
    """Rows of `covering`, chunk after chunk."""
    return _chunks(published, ("theme", "score_version", "window_end", "run_id"), COVERING_COLUMNS)


def run_columns(published: Sequence[RunClosed], numbers: Sequence[int]) -> Columns:
    """Rows of `ranking_runs`, with the publication number of each."""
    columns = _fields(published, _RUN_FIELDS)
    columns["ranked"] = [run.rows for run in published]
    columns["published"] = list(numbers)
    return columns


def tally_columns(published: Sequence[Tally]) -> Columns:
    """Rows of `tallies`."""
    return _fields(published, _TALLY_FIELDS)


def letter_columns(letters: Sequence[DeadLetter]) -> Columns:
    """Rows of `dead_letters`."""
    return _fields(letters, _LETTER_FIELDS)


def _fields(records: Sequence[object], names: Iterable[str]) -> Columns:
    return {name: [getattr(record, name) for record in records] for name in names}


def _chunks(
    published: Sequence[OfRun] | Sequence[EvidenceRows],
    shared: tuple[str, ...],
    names: tuple[str, ...],
) -> Columns:
    """Whole columns of each chunk end to end; what its rows share is repeated. Raises KeyError where a column is missing."""
    columns: Columns = {name: [] for name in (*shared, *names)}
    for chunk in published:
        rows = len(chunk.columns[names[0]])
        for name in shared:
            columns[name] += [getattr(chunk, name)] * rows
        for name in names:
            columns[name] += chunk.columns[name]
    return columns
