"""A world for the apps in one thread: a broker, an outlet that can fail half-way, a warehouse, and what both ought to hold."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from faust.types import TP
from msgspec.structs import asdict

from graph.dead_letter import from_headers
from graph.interaction import Interaction
from graph.log_record import decode_interactions, encode_interactions
from graph.partition_state import PartitionState
from graph.publication import Acts, EvidenceRows, OfRun, RunClosed, Tally, decode_publication
from graph.score_version import ScoreVersion
from graph.theme_settings import HOUR_MS
from streams.brake import BrakeLimits
from streams.kafka_settings import KafkaSettings
from streams.metrics import Metrics
from streams.normalise_app import Normalise, NormaliseOptions
from streams.rank_app import Rank, RankOptions
from streams.run_settings import RunSettings
from streams.snapshot_place import SnapshotPlace
from tests.properties.conversations import PARAMETERS, SETTINGS, START

KAFKA = KafkaSettings(mentions_partitions=2, interactions_partitions=2, rankings_partitions=2)
THEMES = {name: replace(SETTINGS, name=name) for name in ("t", "u", "v")}
THEMES["t"] = replace(THEMES["t"], shadow=(ScoreVersion("help", PARAMETERS),))
MENTIONS = [TP(KAFKA.mentions, number) for number in range(2)]
INTERACTIONS = [TP(KAFKA.interactions, number) for number in range(2)]
RANKINGS = [TP(KAFKA.rankings, number) for number in range(2)]
DEAD = TP(KAFKA.dead, 0)
RUN = RunSettings(kafka=KAFKA, state_dir=Path("unused"))


class AwayError(ConnectionError):
    """The broker or the warehouse does not answer."""


@dataclass(frozen=True, slots=True)
class Rec:
    """A record as the apps read it."""

    offset: int
    timestamp: int
    key: bytes | None
    value: bytes | None
    headers: Sequence[tuple[str, bytes]] = ()


class Broker:
    """Logs that keep everything, and what the groups have committed."""

    def __init__(self) -> None:
        self.logs: dict[TP, list[Rec]] = defaultdict(list)
        self.committed: dict[tuple[str, TP], int] = {}
        self.now_ms = 0

    def append(self, tp: TP, key: bytes | None, value: bytes, headers: Sequence[tuple[str, bytes]] = ()) -> None:
        """One record more."""
        log = self.logs[tp]
        log.append(Rec(len(log), self.now_ms, key, value, tuple(headers)))


class Outlet:
    """What the apps use of a producer. `fails_after`: so many records of the next flush arrive, then the broker is away."""

    held = False
    waiting_bytes = 0

    def __init__(self, broker: Broker) -> None:
        self._broker = broker
        self._waiting: list[tuple[TP, bytes, bytes, Sequence[tuple[str, bytes]]]] = []
        self.fails_after: int | None = None

    def append(
        self, topic: str, partition: int, key: bytes, value: bytes, headers: Sequence[tuple[str, bytes]] | None = None
    ) -> None:
        """Lay out."""
        self._waiting.append((TP(topic, partition), key, value, headers or ()))

    async def flush(self) -> None:
        """Send, or a part of it."""
        waiting, self._waiting = self._waiting, []
        for number, record in enumerate(waiting):
            if number == self.fails_after:
                raise AwayError
            self._broker.append(*record)
        if self.fails_after is not None and waiting:
            raise AwayError

    async def ease(self, _limit: int) -> None:
        """Not yet: what was never flushed dies with the process."""

    async def close(self) -> None:
        """The same."""


class Content:
    """A warehouse that takes everything any number of times, and what its readers see."""

    def __init__(self) -> None:
        self.runs: dict[str, dict[str, Any]] = {}
        self.rows: dict[tuple[str, str, int], list[Any]] = {}
        self.acts: dict[tuple[str, int], tuple[dict[str, Any], bool, str | None]] = {}
        self._tallies: dict[tuple[str, int], Tally] = {}

    def write(self, values: Iterable[bytes]) -> None:
        """What came before must be the same where it comes again: a run's id names its content."""
        for value in values:
            record = decode_publication(value)
            if isinstance(record, Acts):
                self._acts(record)
            elif isinstance(record, Tally):
                known = self._tallies.get((record.theme, record.partition))
                if known is None or record.next_offset >= known.next_offset:
                    self._tallies[record.theme, record.partition] = record
            elif isinstance(record, RunClosed):
                closed = asdict(record)
                assert self.runs.setdefault(record.run_id, closed) == closed, "one run id, two contents"
            else:
                self._columns(record)

    @property
    def tallies(self) -> dict[tuple[str, int], tuple[int, ...]]:
        """State, late, duplicate, parked, unresolved and evicted of each theme and partition, as of its last tally."""
        names = ("state", "late", "duplicate", "parked", "unresolved", "evicted")
        found = {at: tuple(int(getattr(tally, name)) for name in names) for at, tally in self._tallies.items()}
        return {at: counts for at, counts in found.items() if any(counts)}

    def shown(self) -> tuple[object, ...]:
        """All that a reader sees, comparable."""
        return sorted(self.runs.items()), sorted(self.rows.items()), sorted(self.acts.items()), sorted(self.tallies.items())

    def _acts(self, record: Acts) -> None:
        targets = dict(record.targets)
        for position, event in enumerate(record.acts()):
            late, name = position in record.late, (record.theme, event.key)
            if not late or name not in self.acts:
                self.acts[name] = (asdict(event), late, targets.get(position))

    def _columns(self, record: OfRun | EvidenceRows) -> None:
        part = type(record).__name__
        for position, cells in enumerate(zip(*record.columns.values(), strict=True)):
            name = (part + record.run_id, str(cells[list(record.columns).index("actor_id")]), position)
            assert self.rows.setdefault(name, list(cells)) == list(cells), "one row, two contents"


def recomputed(broker: Broker) -> Content:
    """From the logs of `interactions`, each act once, in one batch a partition, without a restart."""
    content = Content()
    for tp in INTERACTIONS:
        seen: set[tuple[object, ...]] = set()
        records = [(record.offset, _new_acts(record, seen)) for record in broker.logs[tp]]
        whole = [(offset, encode_interactions(acts)) for offset, acts in records if acts]
        state = PartitionState(tp.partition, THEMES)
        if whole:
            content.write(value for _, value in state.apply(*map(list, zip(*whole, strict=True))))
        content.write(value for _, value in state.tallies())
    return content


def _new_acts(record: Rec, seen: set[tuple[object, ...]]) -> list[Interaction]:
    """What a killed `normalise` had not written before."""
    found = []
    for event in decode_interactions([record.value or b""]):
        name = (record.offset,) if event.kind == "tick" else (event.origin, event.theme, event.copy)
        if name not in seen:
            found.append(event)
        seen.add(name)
    return found


def buried(broker: Broker) -> Mapping[tuple[int, int], str]:
    """Reason by place of the refused record, each once."""
    letters = [from_headers(record.headers, record.value or b"") for record in broker.logs[DEAD]]
    return {(letter.partition, letter.offset): letter.reason for letter in letters}


def event_of(number: int, said: tuple[int, int, str, int], at: int, theme: str) -> dict[str, object]:
    """One event of `mentions`: who, to whom, what, how far back; a third have message ids of their own."""
    who, whom, kind, back = said
    event: dict[str, object] = {"schema": "mention.v1", "event_id": f"e{number}", "source": "s", "kind": kind}
    event["actor_id"] = f"a{who}"
    event |= {"occurred_at": max(at, START - 20 * HOUR_MS), "themes": list(theme)}
    if kind in ("post", "reply", "mention", "quote"):
        event["object_id"] = f"e{number}" if number % 3 else f"m{number}"
    if kind in ("edit", "delete"):
        gone = max(number - back, 1)
        event["object_id"] = f"e{gone}" if gone % 3 else f"m{gone}"
    if kind != "post":
        event |= {"target_actor_id": f"a{whom}"} if back % 2 else {"parent_id": f"e{max(number - back, 1) + 2 * (back == 6)}"}
    return event


def new_normalise(broker: Broker, now_ms: Callable[[], int]) -> Normalise:
    """A process that has just started; it is still to be restored."""
    options = NormaliseOptions(run=RUN, brake=BrakeLimits(share=0, in_row=0))
    normalise = Normalise(options, Metrics(), now_ms=now_ms)
    normalise._out = Outlet(broker)  # type: ignore[assignment] # a fake
    normalise._partitions, normalise._dead_partitions = len(INTERACTIONS), 1
    return normalise


def new_rank(broker: Broker, place: SnapshotPlace) -> Rank:
    """The same."""
    rank = Rank(RankOptions(run=RUN, themes=THEMES, snapshots=place), Metrics())
    rank._out = Outlet(broker)  # type: ignore[assignment] # a fake
    rank._partitions = len(RANKINGS)
    return rank


def damage(place: SnapshotPlace, partition: int, suffix: str, last: int, cut: int) -> None:
    """Cut so many bytes off the last of a partition's files of a kind; 0: they are gone."""
    folder = f"{KAFKA.interactions}-{partition}"
    for name in sorted(name for name in place.names(folder) if name.endswith(suffix))[-last:]:
        if cut:
            place.write(folder, name, [place.read(folder, name)[:-cut]])
        else:
            place.remove(folder, name)
