"""`rank`: interactions in, publications out; its state is a deterministic function of the log, kept in snapshots."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

import msgspec
from faust.types import TP

from graph.partition_state import ForeignSnapshotError, PartitionState
from graph.theme_settings import ThemeSettings
from graph.volumes import Shelf
from streams.batch_producer import BatchProducer, partition_of
from streams.core_thread import CoreThread
from streams.delivery import Delivery, Record
from streams.halt import RefusedDataError
from streams.kafka_connection import open_outlet
from streams.local_place import LocalPlace
from streams.log_identity import log_identity
from streams.metrics import Metrics
from streams.run_app import run_app
from streams.run_settings import RunSettings
from streams.snapshot_place import SnapshotPlace
from streams.snapshot_store import ForeignConfigurationError, SnapshotStore
from streams.stride import Stride
from streams.topic_layout import partition_counts
from streams.work import MANY_SMALL

UNSENT_BYTES = 16 * 1024 * 1024
"""Publications waiting for their acks; beyond this the log is read no further until they are sent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RankOptions:
    """`themes`: the configured ones; one that is none of them has default settings. `snapshots`: None for the state directory."""

    run: RunSettings
    themes: Mapping[str, ThemeSettings] = field(default_factory=dict)
    snapshots: SnapshotPlace | None = None


def run_rank(options: RankOptions) -> int:
    """Until SIGTERM or SIGINT; the exit status of `streams.run_app`."""
    return run_app("rank", (options.run.kafka.interactions,), options.run, lambda metrics: Rank(options, metrics))


@dataclass(frozen=True, slots=True)
class _Cut:
    """One consistent state: `body` holds everything before `next_offset` and nothing after it, and `tallies` count the same."""

    next_offset: int
    body: bytes
    tallies: list[tuple[str, bytes]]
    fates: Mapping[str, int]


class Rank:
    """Publications first, then the snapshot, then the commit; runs have deterministic ids, so repeats change nothing.

    The core works in a thread of its own, one call at a time. A partition may go to others during a call: of a state that is no
    longer the partition's, nothing is published, saved or committed.
    """

    keeper = "snapshot"
    reading = MANY_SMALL
    _out: BatchProducer
    _partitions: int

    def __init__(self, options: RankOptions, metrics: Metrics, states: type[PartitionState] = PartitionState) -> None:
        self._kafka = options.run.kafka
        self._run = options.run
        self._themes = dict(options.themes) or None
        self._metrics = metrics
        self._state_type = states
        place = options.snapshots or LocalPlace(options.run.state_dir / "rank")
        self._store = SnapshotStore(place, self._kafka.interactions)
        self._states: dict[TP, PartitionState] = {}
        self._saved: dict[TP, int] = {}
        self._stride = Stride()
        self._core = CoreThread()

    async def open(self) -> None:
        """Connect the producer, and check the topics."""
        self._out = await open_outlet(self._run, "store")
        counts = partition_counts(self._kafka)
        topics = (self._kafka.interactions, self._kafka.rankings)
        _, self._partitions = [await self._out.partitions(topic, counts[topic]) for topic in topics]
        identity = await asyncio.to_thread(log_identity, self._kafka, self._kafka.interactions)
        self._store = replace(self._store, log_id=identity)

    async def restore(self, committed: Mapping[TP, int | None]) -> Mapping[TP, int | None]:
        """The newest snapshot of each partition not in memory; without one, an empty state and the log's beginning.

        Loaded in the core's thread: what it still works on for nobody is out of memory by then.
        """
        wanted: dict[TP, int | None] = {}
        for tp in committed:
            if tp not in self._states:
                self._states[tp], saved = await self._core.call(partial(self._load, tp.partition))
                if saved is not None:
                    self._saved[tp] = saved
            wanted[tp] = self._states[tp].next_offset or self._saved.get(tp)
        return wanted

    async def take_in(self, delivery: Delivery) -> None:
        """In several calls, so that checkpoints, other owners and the end wait for one of them at most; each is sent meanwhile.

        Each leaves a consistent state. Where the partition goes to another owner, the rest is theirs.
        """
        tp, state = delivery.tp, self._states[delivery.tp]
        held = [record for record in delivery.records if record.value is not None]
        sizes = [len(record.value or b"") for record in held]
        start = 0
        while start < len(held) and self._owns(tp, state):
            stop = self._stride.reach(sizes, start)
            await self._core.call(partial(self._apply, state, tp, held[start:stop]), partial(self._publish, state, tp))
            start = stop
            await self._out.ease(UNSENT_BYTES)

    async def make_durable(self, partitions: frozenset[TP] | None = None) -> Mapping[TP, int]:
        """A snapshot of each partition that has moved. One may move unseen in this moment: what is not saved is done again."""
        for tp, state in list(self._states.items()):
            if (partitions is None or tp in partitions) and state.next_offset > self._saved.get(tp, 0):
                await self._save(state, tp)
        return {tp: offset for tp, offset in self._saved.items() if partitions is None or tp in partitions}

    def reached(self) -> Mapping[TP, int]:
        """Next offset of each partition that has seen anything."""
        return {tp: state.next_offset for tp, state in self._states.items() if state.next_offset}

    def drop(self, partitions: frozenset[TP]) -> None:
        """Others own these now; what we hold may be older than theirs tomorrow, so it is not kept."""
        for tp in partitions:
            self._states.pop(tp, None)
            self._saved.pop(tp, None)
        self._metrics.drop("prescribers_fates")

    async def beat(self) -> None:
        """Show what became of the input events; while the core changes that, checkpoints do."""
        for tp, state in () if self._core.busy else self._states.items():
            self._show_fates(tp, state.fates)

    def patient(self) -> bool:
        """Whether it waits for its reader."""
        return hasattr(self, "_out") and self._out.held

    def computing(self) -> bool:
        """Whether the core is in a call: a run of a large theme takes long, and shows nothing before its end."""
        return self._core.computing

    async def close(self) -> None:
        """Leave the broker."""
        if hasattr(self, "_out"):
            await self._out.close()
        await self._core.close()

    async def _save(self, state: PartitionState, tp: TP) -> None:
        """Cut, send all that was published before the cut, write. A state that was dropped may hold what nobody published."""
        shelf = Shelf(await asyncio.to_thread(self._store.volumes, tp.partition))
        cut = await self._core.call(
            partial(_cut, state, shelf, self._store.log_id), lambda cut: self._publish(state, tp, cut.tallies)
        )
        if not self._owns(tp, state):
            return
        await self._out.flush()
        await asyncio.to_thread(self._store.save, tp.partition, cut.next_offset, state.config_hash, cut.body, shelf)
        if not self._owns(tp, state):
            return
        self._saved[tp] = cut.next_offset
        self._show_fates(tp, cut.fates)
        self._metrics.put("prescribers_snapshot_bytes", len(cut.body) + sum(map(len, shelf.new.values())), tp.partition)

    def _owns(self, tp: TP, state: PartitionState) -> bool:
        """Whether it is still the partition's state: not once others own it, nor once we own it anew."""
        return self._states.get(tp) is state

    def _publish(self, state: PartitionState, tp: TP, publications: list[tuple[str, bytes]]) -> None:
        for theme, publication in publications if self._owns(tp, state) else ():
            key = theme.encode()
            self._out.append(self._kafka.rankings, partition_of(key, self._partitions), key, publication)
            self._metrics.add("prescribers_publications_total", 1, theme)

    def _show_fates(self, tp: TP, fates: Mapping[str, int]) -> None:
        for fate, count in fates.items():
            self._metrics.put("prescribers_fates", count, tp.partition, fate)

    def _apply(self, state: PartitionState, tp: TP, records: Sequence[Record]) -> list[tuple[str, bytes]]:
        offsets, values = [record.offset for record in records], [record.value or b"" for record in records]
        try:
            with self._stride.of(sum(map(len, values))):
                return state.apply(offsets, values)
        except msgspec.MsgspecError as error:
            raise RefusedDataError(
                f"{tp.topic}[{tp.partition}]: a record from offset {offsets[0]} to {offsets[-1]} is none that normalise "
                f"writes ({error}). Find out who else writes to this topic; nothing after it can be ranked."
            ) from error

    def _load(self, partition: int) -> tuple[PartitionState, int | None]:
        empty = self._state_type(partition, self._themes)
        snapshot = self._store.load(partition, empty.config_hash)
        if snapshot is None:
            return empty, None
        try:
            return self._state_type.load(snapshot.body, partition, self._themes, snapshot.volumes), snapshot.next_offset
        except (ForeignSnapshotError, msgspec.MsgspecError) as error:
            where = self._store.where(partition)
            raise ForeignConfigurationError(
                f"The snapshot of {self._kafka.interactions}[{partition}] in {where} does not fit: {error}. Restore the "
                "configuration it was made under, or move the directory away: the state is then built anew from the log."
            ) from error


def _cut(state: PartitionState, shelf: Shelf, log_id: str) -> _Cut:
    tallies = state.tallies(log_id)
    return _Cut(state.next_offset, state.dump(shelf), tallies, state.fates)
