"""A worker's restart: from a snapshot to the exact state again, over the time that is allowed, and over reading the log again."""

import time
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.conversation import Shape, records
from bench.outcome import Line, Outcome, Skipped
from bench.ranked_theme import batches
from graph.partition_state import PartitionState
from graph.theme_settings import DAY_MS, ThemeSettings
from graph.volumes import Shelf
from streams.local_place import LocalPlace
from streams.snapshot_store import SnapshotStore

THEME, TOPIC = "bench", "interactions"
THEMES = {THEME: ThemeSettings(name=THEME, step_ms=365 * DAY_MS)}
"""Steps are so long that no run falls due: a run is measured elsewhere."""
SMOKE, FULL = 200_000, 10_000_000
SPAN_MS = 20 * DAY_MS
REPEATS = 3
ALLOWED_S, ALLOWED_FOR = 10.0, 10_000_000
NAME = "restart: snapshot to exact state"


def measure(*, full: bool) -> list[Line]:
    """Seconds on the wall: who waits for a worker waits for the disk as well."""
    size = FULL if full else SMOKE
    with TemporaryDirectory() as directory:
        store = SnapshotStore(LocalPlace(Path(directory)), TOPIC)
        state, read_s = _fill(size)
        config_hash, before = state.config_hash, time.monotonic()
        body = _save(store, state)
        save_s = time.monotonic() - before
        del state  # two of them would not fit beside each other on a small machine
        spent = []
        for _ in range(REPEATS):
            before = time.monotonic()
            restored = _load(store, config_hash)
            spent.append(time.monotonic() - before)
            if restored.dump(Shelf()) != body:
                return [Skipped(name=NAME, reason="the state that was loaded is not the one that was saved", failed=True)]
            del restored
    allowed_s = ALLOWED_S * size / ALLOWED_FOR
    return [
        Outcome(
            name=f"{NAME}, {size:,} interactions",
            peer=f"{ALLOWED_S:.0f} s for {ALLOWED_FOR:,}",
            ratios=tuple(each / allowed_s for each in spent),
            target=1.0,
            more_is_better=False,
            detail=f"{min(spent):.2f} s, {len(body) / size:.1f} B an interaction beside its volumes; saved in {save_s:.2f} s; "
            f"reading the log again takes {read_s:.1f} CPU s, fetching left out",
        )
    ]


def _fill(size: int) -> tuple[PartitionState, float]:
    """The state that `rank` holds, and the CPU seconds that its core took for it."""
    state, spent, done = PartitionState(0, THEMES), 0.0, 0
    for batch in batches(records(Shape(events=size, theme=THEME, span_ms=SPAN_MS))):
        before = time.process_time()
        state.apply(range(done, done + len(batch)), batch)
        spent += time.process_time() - before
        done += len(batch)
    return state, spent


def _save(store: SnapshotStore, state: PartitionState) -> bytes:
    shelf = Shelf()
    body = state.dump(shelf)
    store.save(0, state.next_offset, state.config_hash, body, shelf)
    return body


def _load(store: SnapshotStore, config_hash: str) -> PartitionState:
    """As the app does it after it was killed. Raises `RuntimeError` where there is no snapshot."""
    snapshot = store.load(0, config_hash)
    if snapshot is None:
        raise RuntimeError("the snapshot that was saved cannot be found")
    return PartitionState.load(snapshot.body, 0, THEMES, snapshot.volumes)
