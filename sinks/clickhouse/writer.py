"""Writes what `rank` published, and dead letters, to the warehouse: column-wise, idempotent, a run's closing row last."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Literal

from graph.dead_letter import DeadLetter
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
    decode_publication,
)
from sinks.clickhouse.act_columns import actor_columns, interaction_columns, message_columns
from sinks.clickhouse.run_columns import (
    apart_columns,
    centrality_columns,
    covering_columns,
    evidence_columns,
    letter_columns,
    ranking_columns,
    receipt_columns,
    run_columns,
    tally_columns,
)
from sinks.clickhouse.warehouse import Column, Warehouse

SLICE_BYTES = 4 * 1024 * 1024
"""Records inserted together: about 16,000 ranking rows, some 50 MB while decoded, so that any backlog fits in memory."""
SHADOW_UNIT = 1000
"""Nanoseconds to a number of a shadow's run: the views take numbers below 10^17 (microseconds until 5138) as shadows'."""
InsertStep = Literal[
    "insert_interactions",
    "insert_messages",
    "insert_actors",
    "insert_rankings",
    "insert_evidence",
    "insert_rankings_apart",
    "insert_rank_receipts",
    "insert_centralities",
    "insert_covering",
    "insert_tallies",
    "insert_ranking_runs",  # publishes: from this row on a run is shown
    "insert_dead_letters",
]
Around = Callable[[InsertStep], AbstractContextManager[None]]
"""What is put around each durable step: a test ends the process there."""


class RankingWriter:
    """Every call may be repeated, whole or in part, any number of times: the tables' identities absorb it.

    One insert per table for as many records as fit `SLICE_BYTES`, in the log's order. The closing rows of runs go last, so
    that a reader sees a run complete or not at all, wherever a crash falls.
    """

    def __init__(
        self,
        warehouse: Warehouse,
        *,
        clock_ns: Callable[[], int] = time.time_ns,
        around: Around = lambda _: nullcontext(),
    ) -> None:
        self._warehouse = warehouse
        self._clock_ns = clock_ns
        self._around = around
        self._last_number: dict[int, int] = {}

    def write(self, publications: Sequence[bytes], dead: Sequence[DeadLetter]) -> None:
        """Store both, or raise a `WarehouseError`: then nothing, some or all is stored, and the same call is to be repeated.

        Raises `msgspec.MsgspecError` on a record that no `rank` wrote.
        """
        for part in _slices(publications):
            self._write([decode_publication(value) for value in part])
        if dead:
            self._insert("insert_dead_letters", letter_columns(dead))

    def _write(self, records: Sequence[Publication]) -> None:
        acts = [record for record in records if isinstance(record, Acts)]
        rows = [record for record in records if isinstance(record, RankingRows)]
        evidence = [record for record in records if isinstance(record, EvidenceRows)]
        apart = [record for record in records if isinstance(record, ApartRows)]
        receipts = [record for record in records if isinstance(record, ReceiptRows)]
        centralities = [record for record in records if isinstance(record, CentralityRows)]
        covering = [record for record in records if isinstance(record, CoveringRows)]
        tallies = [record for record in records if isinstance(record, Tally)]
        closed = [record for record in records if isinstance(record, RunClosed)]
        if acts:
            self._insert("insert_interactions", interaction_columns(acts))
            self._insert("insert_messages", message_columns(acts))
            self._insert("insert_actors", actor_columns(acts))
        if rows:
            self._insert("insert_rankings", ranking_columns(rows))
        if evidence:
            self._insert("insert_evidence", evidence_columns(evidence))
        if apart:
            self._insert("insert_rankings_apart", apart_columns(apart))
        if receipts:
            self._insert("insert_rank_receipts", receipt_columns(receipts))
        if centralities:
            self._insert("insert_centralities", centrality_columns(centralities))
        if covering:
            self._insert("insert_covering", covering_columns(covering))
        if tallies:
            self._insert("insert_tallies", tally_columns(tallies))
        if closed:
            self._insert("insert_ranking_runs", run_columns(closed, self._numbers(closed)))

    def _insert(self, step: InsertStep, columns: Mapping[str, Column]) -> None:
        with self._around(step):
            self._warehouse.insert(step.removeprefix("insert_"), columns)

    def _numbers(self, closed: Sequence[RunClosed]) -> list[int]:
        """Publication numbers, each above those of its kind before, by the clock so that a restarted writer goes on upwards.

        Shadows count in microseconds, below all others: what a theme's own score says of a boundary is never replaced by them.
        """
        now, numbers = self._clock_ns(), []
        for run in closed:
            unit = SHADOW_UNIT if run.shadow else 1
            number = max(now // unit, self._last_number.get(unit, 0) + 1)
            self._last_number[unit] = number
            numbers.append(number)
        return numbers


def _slices(publications: Sequence[bytes]) -> Iterator[Sequence[bytes]]:
    start = size = 0
    for position, value in enumerate(publications):
        size += len(value)
        if size >= SLICE_BYTES:
            yield publications[start : position + 1]
            start, size = position + 1, 0
    if start < len(publications):
        yield publications[start:]
