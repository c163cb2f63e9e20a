"""What `rank` writes to the topic `rankings`, key = theme, and `store` reads: acts, ranking runs in chunks, tallies."""

import msgspec
from msgspec import Struct

from graph.interaction import Interaction
from graph.log_record import LogRecord

type_field = "type"


class Acts(Struct, frozen=True, tag_field=type_field, tag="acts"):
    """Accepted events of one theme, with what only `rank` knows: which were late, and targets it resolved from parents.

    An act comes again when its parked parent arrives, then with its target.
    """

    theme: str
    weights: dict[str, float]
    records: list[LogRecord]
    late: list[int]
    """Positions, counted over all records, of acts too old to rank."""
    targets: list[tuple[int, str]]
    """(position, target actor) resolved from the parent message."""

    def acts(self) -> list[Interaction]:
        """The acts of all records, in order."""
        return [act for record in self.records for act in record.acts()]


class OfRun(Struct, frozen=True):
    """Rows of a run, whole or in part, as columns of equal lengths."""

    theme: str
    run_id: str
    window_end: int
    score_version: str
    columns: dict[str, list[object]]


class RankingRows(OfRun, frozen=True, tag_field=type_field, tag="rows"):
    """Part of a run, as columns: names of `graph.run.ROW_COLUMNS`, equal lengths, in order of rank."""


class EvidenceRows(Struct, frozen=True, tag_field=type_field, tag="evidence"):
    """Messages behind the scores, as columns of `graph.run.EVIDENCE_COLUMNS`, only for actors whose evidence changed.

    An actor's evidence at a time is the whole set of its last `window_end` not after that time, while it ranks up to
    `graph.run.EVIDENCE_RANKS`; beyond, nothing stands.
    """

    theme: str
    run_id: str
    window_end: int
    columns: dict[str, list[object]]


class ApartRows(OfRun, frozen=True, tag_field=type_field, tag="apart"):
    """Staff and brands, as columns of `graph.run.APART_COLUMNS`: they are never on the list."""


class ReceiptRows(OfRun, frozen=True, tag_field=type_field, tag="receipts"):
    """What changed since an earlier run, as columns of `graph.run.RECEIPT_COLUMNS`: of each actor that either run ranks."""


class CentralityRows(OfRun, frozen=True, tag_field=type_field, tag="centralities"):
    """Ranks by other measures, as columns of `graph.run.CENTRALITY_COLUMNS`: they stand until a later run tells others."""


class CoveringRows(OfRun, frozen=True, tag_field=type_field, tag="covering"):
    """The shortest covering list, as columns of `graph.run.COVERING_COLUMNS`: it stands until a later run tells another."""


class RunClosed(Struct, frozen=True, tag_field=type_field, tag="run"):
    """The closing record of a run: its rows are complete, and it may be shown. Times and durations in ms.

    A field that is added has a default, so that what an older `rank` has written can still be read.
    """

    theme: str
    run_id: str
    window_end: int
    score_version: str
    config_hash: str
    watermark: int
    window_ms: int
    half_life_ms: int
    step_ms: int
    preset: str
    rows: int
    evidence_rows: int
    cold_start: bool
    seeds: int
    conversion_mean: float
    """m of the conversion: responses per own message over the theme."""
    origins: dict[str, int]
    """Last offset of each `mentions` partition that the run has seen, by partition."""
    coverage: dict[str, int]
    """Events in the window, by source."""
    half_lives: dict[str, int] = {}
    """By source: the half-life in use, chosen by backtest."""
    plain_sources: list[str] = []
    """Sources in which all responders count alike, as configured."""
    backtests: dict[str, int] = {}
    """By source: how many elapsed backtests chose."""
    score_name: str = ""
    """The score version in words; "" where an older `rank` did not say."""
    shadow: bool = False
    """Of a score that ranks beside the theme's own: never shown in its place."""


class Tally(Struct, frozen=True, tag_field=type_field, tag="tally"):
    """Cumulative fates of the input events of one theme's log, up to `next_offset`; the last one counts."""

    theme: str
    partition: int
    next_offset: int
    state: int
    late: int
    duplicate: int
    parked: int
    """Replies now waiting for their parent."""
    unresolved: int
    """Replies whose parent never came within the horizon, or that left a full table."""
    evicted: int
    """Entries that left a bounded table."""
    log_id: str = ""
    """Which log: a topic made anew under the same name is another, with counts of its own."""


RunTable = RankingRows | ApartRows | ReceiptRows | CentralityRows | CoveringRows
Publication = Acts | RunTable | EvidenceRows | RunClosed | Tally

_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder(Publication)


def encode_publication(publication: Publication) -> bytes:
    """JSON, one record of the topic `rankings`."""
    return _encoder.encode(publication)


def decode_publication(value: bytes) -> Publication:
    """The inverse; raises `msgspec.MsgspecError` on what no `rank` wrote."""
    publication: Publication = _decoder.decode(value)
    return publication
