"""Synthetic conversations for measuring: power-law actors, thread-like answers, times in order, all seeded."""

from collections.abc import Iterator
from dataclasses import dataclass

import msgspec
import numpy as np

from graph.interaction import Interaction
from graph.keys import identity_key
from graph.mention import Kind, Mention
from graph.packing import packed

SOURCE = "mastodon:bench.example"
START_MS = 1_756_684_800_000
ACTS_PER_ACTOR = 30
POSTS, REPLIES = 0.3, 0.9
SKEW = 2.5
NEARBY = 200
CHUNK = 4_096
"""Python numbers are made this many at a time: a list of all would leave holes in memory where memory is measured."""

_encoder = msgspec.json.Encoder()


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """`events` acts of `actors` people (by default one per 30 acts) over `span_ms` from `start_ms`, numbered from `first` on."""

    events: int
    theme: str = "bench"
    start_ms: int = START_MS
    span_ms: int = 600_000
    seed: int = 1
    first: int = 0
    actors: int = 0
    with_urls: bool = True


def mentions(shape: Shape) -> Iterator[bytes]:
    """`mention.v1` events: three in ten posts, six replies, one reaction."""
    for kind, number, actor, parent, target, at_ms in _acts(shape):
        written = kind != "reaction"
        identity = f"{SOURCE}:{number}"
        yield _encoder.encode(
            Mention(
                schema="mention.v1",
                event_id=identity,
                source=SOURCE,
                kind=kind,
                actor_id=f"{SOURCE}:person{actor}",
                occurred_at=at_ms,
                target_actor_id=f"{SOURCE}:person{target}" if target >= 0 else None,
                object_id=identity if written else None,
                parent_id=f"{SOURCE}:{parent}" if target >= 0 else None,
                themes=(shape.theme,),
                url=f"https://bench.example/@person{actor}/{number}" if written and shape.with_urls else None,
                is_question=False if written else None,
                actor_name=f"Person {actor}",
                followers=actor,
            )
        )


def interactions(shape: Shape) -> Iterator[Interaction]:
    """The same events as `normalise` keys them."""
    for kind, number, actor, parent, target, at_ms in _acts(shape):
        written = kind != "reaction"
        identity = f"{SOURCE}:{number}"
        key = identity_key(SOURCE, identity)
        yield Interaction(
            theme=shape.theme,
            kind=kind,
            occurred_at=at_ms,
            key=key,
            source=SOURCE,
            event_id=identity,
            actor_id=f"{SOURCE}:person{actor}",
            received_at=at_ms,
            origin=(0, number),
            target_actor_id=f"{SOURCE}:person{target}" if target >= 0 else "",
            object_id=identity if written else "",
            object_key=key if written else 0,
            parent_id=f"{SOURCE}:{parent}" if target >= 0 else "",
            parent_key=identity_key(SOURCE, f"{SOURCE}:{parent}") if target >= 0 else 0,
            url=f"https://bench.example/@person{actor}/{number}" if written and shape.with_urls else "",
            is_question=False if written else None,
            actor_name=f"Person {actor}",
            followers=actor,
        )


def records(shape: Shape) -> Iterator[bytes]:
    """The log `interactions` as `normalise` writes it while it has much to write: many acts a record."""
    return iter(packed(interactions(shape)))


def documents(shape: Shape) -> Iterator[bytes]:
    """The same, a JSON object for each: what an agent would read that takes one event at a time."""
    return map(_encoder.encode, interactions(shape))


def pairs(shape: Shape) -> Iterator[tuple[str, str, Kind, int]]:
    """(source, target, kind, ms) of the acts that have a target: what a graph library is fed."""
    for kind, _, actor, _, target, at_ms in _acts(shape):
        if target >= 0 and target != actor:
            yield f"{SOURCE}:person{actor}", f"{SOURCE}:person{target}", kind, at_ms


def _acts(shape: Shape) -> Iterator[tuple[Kind, int, int, int, int, int]]:
    """(kind, number, actor, parent number, parent's actor or -1, ms). A parent is one of the few hundred acts before."""
    rng = np.random.default_rng((shape.seed, shape.first))
    people = shape.actors or max(shape.events // ACTS_PER_ACTOR, 2)
    actors = (rng.random(shape.events) ** SKEW * people).astype(np.int64)
    draws = rng.random(shape.events)
    back = np.minimum((rng.random(shape.events) ** SKEW * NEARBY).astype(np.int64) + 1, np.arange(shape.events))
    times = np.sort(rng.integers(shape.start_ms, shape.start_ms + shape.span_ms, shape.events))
    parents = np.arange(shape.events) - back
    targets = np.where((draws < POSTS) | (back == 0), -1, actors[parents])
    for start in range(0, shape.events, CHUNK):
        part = slice(start, start + CHUNK)
        columns = (column[part].tolist() for column in (draws, actors, parents, targets, times))
        for number, (draw, actor, parent, target, at_ms) in enumerate(zip(*columns, strict=True), shape.first + start):
            kind: Kind = "post" if target < 0 else "reply" if draw < REPLIES else "reaction"
            yield kind, number, actor, shape.first + parent, target, at_ms
