"""The writer of `store`, into the embedded warehouse, over writers that insert row by row and rows as tuples."""

import gc
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from importlib.util import find_spec

import msgspec

from bench.conversation import Shape, interactions
from bench.measure import cpu_seconds_of
from bench.outcome import Line, Outcome, Skipped, ratios
from bench.ranked_theme import fill_theme, new_ranker, rank
from bench.row_store import RowStore
from bench.warehouse import Server, embedded_warehouse
from graph.kinds import PRESETS
from graph.log_record import record_of
from graph.publication import Acts, RankingRows, decode_publication, encode_publication
from graph.publish import publish_run
from graph.theme_settings import HOUR_MS
from sinks.clickhouse.warehouse import Warehouse
from sinks.clickhouse.writer import RankingWriter

ACTS, SINGLE_ACTS = 20_000, 60
ACTS_PER_RECORD = 1_000
"""About what half a megabyte, the most that `rank` puts into a record, holds."""
RANKED_FROM, RUNS, SINGLE_ROWS = 60_000, 10, 60
ROUNDS, GROWTH = 3, 5
ACTS_LINE, ROWS_LINE = "acts into the warehouse", "ranking rows into the warehouse"


@dataclass(slots=True)
class Spent:
    """Seconds per act or row, an entry per round: CPU of this process, CPU of the warehouse, and wall."""

    ours: list[float] = field(default_factory=list)
    servers: list[float] = field(default_factory=list)
    wall: list[float] = field(default_factory=list)

    def add(self, server: Server, count: int, write: Callable[[], object]) -> None:
        """Time one call of `write`, which stores `count`."""
        gc.collect()
        before = time.process_time(), cpu_seconds_of(server.pid), time.monotonic()
        write()
        after = time.process_time(), cpu_seconds_of(server.pid), time.monotonic()
        for each, start, end in zip((self.ours, self.servers, self.wall), before, after, strict=True):
            each.append((end - start) / count)


def measure(*, full: bool) -> list[Line]:
    """CPU seconds of the writing process, from published records to acknowledged inserts, Kafka left out."""
    if find_spec("chdb") is None:
        reason = "the embedded engine is not installed: pip install 'prescribers[local]'"
        return [Skipped(name=name, reason=reason) for name in (ACTS_LINE, ROWS_LINE)]
    growth = GROWTH if full else 1
    try:
        with embedded_warehouse() as server, Warehouse(server.settings) as warehouse:
            writer, peer = RankingWriter(warehouse), RowStore(server.settings)
            lines: list[Line] = [_acts(server, writer, peer, growth), _ranking_rows(server, writer, peer, growth)]
            peer.close()
            return lines
    except RuntimeError as error:
        return [Skipped(name=ACTS_LINE, reason=str(error), failed=True)]


def _acts(server: Server, writer: RankingWriter, peer: RowStore, growth: int) -> Outcome:
    ours, theirs = Spent(), Spent()
    size = ACTS * growth
    writer.write(_act_records(100, 0, 100), [])
    peer.write_singly(_act_records(5, 1_000, 1))
    for number in range(1, ROUNDS + 1):
        published = _act_records(size, number * 10_000_000, ACTS_PER_RECORD)
        ours.add(server, size, partial(writer.write, published, []))
        single = _act_records(SINGLE_ACTS, number * 10_000_000 + 5_000_000, 1)
        theirs.add(server, SINGLE_ACTS, partial(peer.write_singly, single))
    detail = f"{size:,} acts at once, three tables, against one act and one insert per table at a time; {_compare(ours, theirs)}"
    return Outcome(
        name=ACTS_LINE, peer="clickhouse-driver, act by act", ratios=ratios(theirs.ours, ours.ours), target=20.0, detail=detail
    )


def _ranking_rows(server: Server, writer: RankingWriter, peer: RowStore, growth: int) -> Outcome:
    ours, theirs, singly = Spent(), Spent(), Spent()
    records = _row_records()
    size = sum(len(record.columns["rank"]) for record in records) * RUNS * growth
    single = msgspec.structs.replace(records[0], columns={name: v[:SINGLE_ROWS] for name, v in records[0].columns.items()})
    for number in range(ROUNDS):
        runs = range(number * 3 * RUNS * growth, (number * 3 + 1) * RUNS * growth)
        published = [encode_publication(_of_run(record, run)) for run in runs for record in records]
        again = [encode_publication(_of_run(record, run + RUNS * growth)) for run in runs for record in records]
        one = [encode_publication(_of_run(single, runs[-1] + 2 * RUNS * growth))]
        ours.add(server, size, partial(writer.write, published, []))
        theirs.add(server, size, partial(peer.write, again))
        singly.add(server, SINGLE_ROWS, partial(peer.write_singly, one))
    detail = (
        f"{size:,} rows in one columnar insert against tuples, an insert per record; {_compare(ours, theirs)}. "
        f"Against one insert per row, {min(singly.ours) / min(ours.ours):,.0f} times"
    )
    return Outcome(
        name=ROWS_LINE, peer="clickhouse-driver, tuples", ratios=ratios(theirs.ours, ours.ours), target=3.5, detail=detail
    )


def _compare(ours: Spent, theirs: Spent) -> str:
    server, wall = min(theirs.servers) / min(ours.servers), min(theirs.wall) / min(ours.wall)
    rates = f"{1 / min(ours.ours):,.0f} against {1 / min(theirs.ours):,.0f} per CPU second of the writer"
    return f"{rates}; CPU of the server {server:,.1f} times, wall {wall:,.1f} times"


def _act_records(events: int, first: int, each: int) -> list[bytes]:
    """`events` acts numbered from `first`, `each` to a record."""
    found = list(interactions(Shape(events=events, first=first)))
    weights = PRESETS["recommend"]
    return [encode_publication(Acts("bench", weights, [record_of(found[k : k + each])], [], [])) for k in range(0, events, each)]


def _row_records() -> list[RankingRows]:
    """The rows that a real run publishes."""
    run = rank(fill_theme(RANKED_FROM), new_ranker())
    records = [decode_publication(value) for _, value in publish_run(run)]
    return [record for record in records if isinstance(record, RankingRows)]


def _of_run(record: RankingRows, number: int) -> RankingRows:
    """The same rows as those of a later run."""
    end_ms = record.window_end + number * HOUR_MS
    return msgspec.structs.replace(record, run_id=f"{record.run_id}-{number}", window_end=end_ms)
