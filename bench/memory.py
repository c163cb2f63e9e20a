"""Bytes resident per interaction in the window, everything included, over networkx."""

import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from tempfile import TemporaryDirectory

import networkx as nx

from bench.conversation import Shape, pairs, records
from bench.measure import resident_bytes_of
from bench.outcome import Line, Outcome
from bench.ranked_theme import batches
from graph.partition_state import PartitionState
from graph.theme_settings import DAY_MS, ThemeSettings

THEME = "bench"
BATCH = 32
"""Records, each of many interactions."""
SMOKE, FULL = 400_000, 3_000_000
SMOKE_PEER, FULL_PEER = 60_000, 1_000_000
WARM_UP = 80_000
FEW, MANY = 30, 100
"""Acts per actor in the window: a forum's, and that of a community that talks every day."""
SPAN_MS = 20 * DAY_MS
BYTES_NOW, BYTES_GOAL = 40.0, 30.0


def measure(*, full: bool) -> list[Line]:
    """Resident memory of fresh processes after filling a state and a multigraph from the same kind of conversation."""
    size, peer_size = (FULL, FULL_PEER) if full else (SMOKE, SMOKE_PEER)
    with TemporaryDirectory() as directory:
        scratch = Path(directory)
        ours = _bytes_each(fill_state, lambda n: records(_shape(n, FEW)), size, scratch)
        busy = _bytes_each(fill_state, lambda n: records(_shape(n, MANY)), size, scratch)
        theirs = _bytes_each(fill_multigraph, lambda n: map(_line, pairs(_shape(n, FEW))), peer_size, scratch)
    actor = (ours - busy) / (1 / FEW - 1 / MANY)
    detail = f"{ours:.0f} B against {theirs:.0f} B at {FEW} acts per actor, ids, URLs, profiles and deduplication included"
    each = busy - actor / MANY
    split = f"{busy:.0f} B at {MANY} acts per actor: {each:.0f} B per act and {actor:.0f} B per actor; goal {BYTES_GOAL:.0f} B"
    return [
        Outcome(
            name="bytes per interaction in the window",
            peer="networkx MultiDiGraph",
            ratios=(ours / theirs,),
            target=1 / 12,
            more_is_better=False,
            detail=detail,
        ),
        Outcome(
            name="bytes per interaction, of those allowed",
            peer=f"{BYTES_NOW:.0f} B",
            ratios=(busy / BYTES_NOW,),
            target=1.0,
            more_is_better=False,
            detail=split,
        ),
    ]


def fill_state(source: Path) -> PartitionState:
    """The state that `rank` holds: ids, references, profiles, dedup and window. Steps are so long that no run falls due."""
    state = PartitionState(0, {THEME: ThemeSettings(name=THEME, step_ms=365 * DAY_MS)})
    done = 0
    with source.open("rb") as lines:
        for batch in batches((line[:-1] for line in lines), BATCH):
            state.apply(range(done, done + len(batch)), batch)
            done += len(batch)
    return state


def fill_multigraph(source: Path) -> "nx.MultiDiGraph[str]":
    """The same interactions as edges with a kind and a time, deduplicated by nothing."""
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    with source.open() as lines:
        for line in lines:
            actor, target, kind, at_ms = line.split()
            graph.add_edge(actor, target, kind=sys.intern(kind), time=int(at_ms))
    return graph


def _shape(events: int, acts_per_actor: int) -> Shape:
    return Shape(events=events, theme=THEME, span_ms=SPAN_MS, actors=events // acts_per_actor)


def _line(pair: tuple[str, str, str, int]) -> bytes:
    return " ".join(map(str, pair)).encode()


def _bytes_each(fill: Callable[[Path], object], lines: Callable[[int], Iterable[bytes]], size: int, scratch: Path) -> float:
    """Bytes per event. They come from files: what made them must leave no trace in the memory that is measured."""
    paths = scratch / "warm_up", scratch / "source"
    for path, count in zip(paths, (WARM_UP, size), strict=True):
        with path.open("wb") as file:
            file.writelines(line + b"\n" for line in lines(count))
    return resident_bytes_of(fill, *paths) / size
