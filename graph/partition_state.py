"""All themes of one partition of `interactions`: what `rank` holds, snapshots and restores."""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import replace

import msgspec

from graph.batch import Batch
from graph.closings import Closings
from graph.interaction import EVERY_THEME, Interaction
from graph.keys import digest_hex
from graph.log_record import LogRecord, decode_records
from graph.publish import publish_acts, publish_run, publish_tally, publish_undoing
from graph.run import RankingRun
from graph.theme_settings import ThemeSettings
from graph.theme_state import ThemeState, Wanted
from graph.undoings import WHOLLY, Undoing, Undoings
from graph.volumes import Shelf

FORMAT = 5
UNCONFIGURED = ThemeSettings(name="")
"""What a theme is set to that nobody configured; it gets its name."""


class ForeignSnapshotError(ValueError):
    """The snapshot belongs to another configuration or format; it must not be loaded as if it were ours."""


class PartitionState:
    """A deterministic function of the partition's log. One thread at a time: between two calls it is consistent."""

    def __init__(
        self,
        partition: int,
        themes: Mapping[str, ThemeSettings] | None = None,
        wanted: Wanted | None = None,
        *,
        whole_evidence: bool = False,
        unconfigured: ThemeSettings = UNCONFIGURED,
    ) -> None:
        self.partition = partition
        self.next_offset = 0
        self._settings = dict(themes or {})
        self._unconfigured = unconfigured
        self._wanted = wanted
        self._whole_evidence = whole_evidence
        self._themes: dict[str, ThemeState] = {}
        self._undoings = Undoings()
        self._closings = Closings()
        self._tallied: dict[str, tuple[int, ...]] = {}

    @property
    def themes(self) -> Mapping[str, ThemeState]:
        """Themes by name, in order of appearance."""
        return self._themes

    @property
    def fates(self) -> dict[str, int]:
        """Cumulative counts of primary input events: state, late, duplicate (see `graph.publication.Tally`)."""
        counts = {"state": self._undoings.recorded, "late": 0, "duplicate": self._undoings.duplicates}
        for theme in self._themes.values():
            for fate in counts:
                counts[fate] += getattr(theme.fates, fate)
        return counts

    def apply(self, offsets: Sequence[int], values: Sequence[bytes]) -> list[tuple[str, bytes]]:
        """Take in log records in order, skipping offsets before `next_offset`; returns (theme, publication) to send, in order."""
        out: list[tuple[str, bytes]] = []
        for runs, acts in self._follow(offsets, values):
            out += acts
            for run in runs:
                out += publish_run(run)
        return out

    def runs(self, offsets: Sequence[int], values: Sequence[bytes]) -> list[RankingRun]:
        """As `apply`, but only the runs, as values."""
        return [run for runs, _ in self._follow(offsets, values) for run in runs]

    def tallies(self, log_id: str = "") -> list[tuple[str, bytes]]:
        """(theme, Tally publication) of every theme whose counts changed since the last call; send before each snapshot."""
        out: list[tuple[str, bytes]] = []
        for name, theme in self._themes.items():
            f, p = theme.fates, theme.parked
            out += self._tally(name, (f.state, f.late, f.duplicate, p.count, p.unresolved, theme.evicted), log_id)
        u = self._undoings
        return out + self._tally(EVERY_THEME, (u.recorded, 0, u.duplicates, 0, 0, u.evicted), log_id)

    def dump(self, shelf: Shelf | None = None) -> bytes:
        """The state as bytes, without the volumes that it puts on the shelf, if there is one: equal state, equal bytes."""
        return msgspec.msgpack.encode(
            {
                "format": FORMAT,
                "config_hash": self.config_hash,
                "partition": self.partition,
                "next_offset": self.next_offset,
                "undoings": self._undoings.dump(),
                "closings": self._closings,
                "tallied": self._tallied,
                "themes": {name: theme.dump(shelf) for name, theme in self._themes.items()},
            }
        )

    @classmethod
    def load(
        cls,
        body: bytes,
        partition: int,
        themes: Mapping[str, ThemeSettings] | None = None,
        volumes: Mapping[str, bytes] | None = None,
    ) -> "PartitionState":
        """The inverse. Raises `ForeignSnapshotError` where configuration or format differ, or one of the `volumes` is missing."""
        state = cls(partition, themes)
        try:
            plain = msgspec.msgpack.decode(body, type=_Plain)
        except msgspec.MsgspecError as error:
            message = f"not a snapshot of this format: {error}"
            raise ForeignSnapshotError(message) from error
        ours, theirs = (FORMAT, partition, state.config_hash), (plain.format, plain.partition, plain.config_hash)
        if ours != theirs:
            message = f"snapshot of (format, partition, configuration) {theirs}, not {ours}"
            raise ForeignSnapshotError(message)
        state.next_offset = plain.next_offset
        state._undoings = Undoings.load(plain.undoings)
        state._closings = plain.closings
        state._tallied = plain.tallied
        try:
            for name, theme in plain.themes.items():
                state._themes[name] = ThemeState.load(theme, state._settings_of(name), state._undoings, volumes)
        except KeyError as error:
            message = f"without its volume {error}"
            raise ForeignSnapshotError(message) from error
        return state

    @property
    def config_hash(self) -> str:
        """Names the configuration this state was computed under."""
        return digest_hex("".join(self._settings[name].config_hash for name in sorted(self._settings)).encode())

    def _follow(self, offsets: Sequence[int], values: Sequence[bytes]) -> list[tuple[list[RankingRun], list[tuple[str, bytes]]]]:
        skipped = bisect_left(offsets, self.next_offset)
        if skipped == len(offsets):
            return []
        self.next_offset = offsets[-1] + 1
        values = values[skipped:]
        records = decode_records(values)
        out = []
        start = 0
        for stop in [k for k, record in enumerate(records) if record.is_signal]:
            out += self._apply_acts(records[start:stop], values[start:stop])
            out.append(self._apply_signal(records[stop].act(0), values[stop]))
            start = stop + 1
        return out + self._apply_acts(records[start:], values[start:])

    def _apply_acts(
        self, records: list[LogRecord], values: Sequence[bytes]
    ) -> list[tuple[list[RankingRun], list[tuple[str, bytes]]]]:
        by_theme: dict[str, list[int]] = {}
        for position, record in enumerate(records):
            by_theme.setdefault(record.theme, []).append(position)
        return [
            self._apply_theme(name, [records[k] for k in positions], [values[k] for k in positions])
            for name, positions in by_theme.items()
        ]

    def _apply_theme(
        self, name: str, records: list[LogRecord], values: Sequence[bytes]
    ) -> tuple[list[RankingRun], list[tuple[str, bytes]]]:
        theme = self._theme(name)
        applied = theme.apply(Batch(records))
        return applied.runs, publish_acts(theme.settings, records, values, applied)

    def _apply_signal(self, event: Interaction, value: bytes) -> tuple[list[RankingRun], list[tuple[str, bytes]]]:
        """A record that is no act of one theme: time passed, a feed ended, or a message was edited or deleted."""
        if event.kind == "tick":
            return [run for theme in self._themes.values() for run in theme.tick(event.occurred_at)], []
        if event.kind == "close":
            wanted = [theme for name, theme in self._themes.items() if event.theme in (EVERY_THEME, name)]
            return [run for theme in wanted for run in theme.close()] if self._closings.complete(event) else [], []
        before = WHOLLY if event.kind == "delete" else event.occurred_at
        new = self._undoings.record(event.key, event.object_key, Undoing(event.occurred_at, before))
        if not new:
            self._undoings.duplicates += not event.copy and not self._undoings.repeated(event.origin)
            return [], []
        self._undoings.recorded += not event.copy
        self._undoings.note(event.origin)
        for theme in self._themes.values():
            theme.undo(event.object_key)
        return [], [] if event.copy else [publish_undoing(value)]

    def _theme(self, name: str) -> ThemeState:
        if name not in self._themes:
            settings = self._settings_of(name)
            self._themes[name] = ThemeState(settings, self._undoings, self._wanted, whole_evidence=self._whole_evidence)
        return self._themes[name]

    def _settings_of(self, name: str) -> ThemeSettings:
        return self._settings.get(name) or replace(self._unconfigured, name=name)

    def _tally(self, theme: str, counts: tuple[int, ...], log_id: str) -> list[tuple[str, bytes]]:
        if self._tallied.get(theme, (0,) * len(counts)) == counts:
            return []
        self._tallied[theme] = counts
        return [(theme, publish_tally(theme, self.partition, self.next_offset, counts, log_id))]


class _Plain(msgspec.Struct):
    format: int
    config_hash: str
    partition: int
    next_offset: int
    undoings: dict[str, object]
    closings: Closings
    tallied: dict[str, tuple[int, ...]]
    themes: dict[str, dict[str, object]]
