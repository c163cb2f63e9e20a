"""The feed of a chaos run: a conversation made from a seed, with planted trouble whose fate depends on the log alone.

A community's events go to one partition of `mentions` under stamps that the feed sets, so neither the brokers' clock nor the
order in which partitions are read can change a fate. Event time lies years before the stamps: ticks, which follow the wall
clock, move only themes that are live.
"""

import heapq
import json
import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import count
from typing import Any

from graph.score_version import ScoreVersion
from graph.theme_settings import DAY_MS, HOUR_MS, ThemeSettings

COMMUNITIES = 6
PARTITIONS = 12
"""Of every topic: more than there are workers, so that rebalances move some."""
BEGIN_MS = 1_700_000_000_000 // DAY_MS * DAY_MS
SPAN_MS = 45 * DAY_MS
WINDOW_MS, LATENESS_MS = 6 * DAY_MS, 2 * HOUR_MS
HALF_LIFE_MS, STEP_MS = 2 * DAY_MS, DAY_MS
RECENT = 80
"""Messages of a community that may still be answered, edited or deleted."""
KINDS = {"post": 28, "reply": 30, "quote": 5, "repost": 5, "reaction": 12, "mention": 5, "accept": 3, "vouch": 2, "action": 2}
UNDOING = {"edit": 4, "delete": 4}
APART = {"03": "staff", "05": "brand"}
"""By the last two digits of an actor: accounts that are ranked apart."""
BROKEN = (b"", b"{broken", b"\xff\xfe\x00", b"[]", b'{"schema":"mention.v1"}', b'{"schema":"mention.v2","event_id":"x"}', b"null")


@dataclass(frozen=True, slots=True)
class Planted:
    """One record of `mentions`. `stamp_ms`: its Kafka timestamp."""

    partition: int
    value: bytes
    stamp_ms: int


@dataclass(slots=True)
class _Community:
    number: int
    partition: int
    recent: list[tuple[str, str]] = field(default_factory=list)
    """Message and author, newest last."""
    held: list[tuple[int, int, bytes]] = field(default_factory=list)
    """What is sent later: due at which of its events, tie break, value."""


def themes_of(community: int) -> tuple[str, str]:
    """Two themes that share some of their events."""
    return f"tea-{community}", f"coffee-{community}"


def theme_settings() -> dict[str, ThemeSettings]:
    """The configuration of every theme: a short window, so that it slides over everything several times. One has a shadow."""
    names = [name for community in range(COMMUNITIES) for name in themes_of(community)]
    themes = {
        name: ThemeSettings(name=name, window_ms=WINDOW_MS, half_life_ms=HALF_LIFE_MS, step_ms=STEP_MS, lateness_ms=LATENESS_MS)
        for name in names
    }
    return themes | {names[0]: replace(themes[names[0]], shadow=(ScoreVersion("help"),))}


def plan_feed(seed: int, events: int, base_ms: int, per_second: float) -> tuple[list[Planted], Counter[str]]:
    """Records in sending order, and how much of which trouble is among them; about `events`, and a close per community."""
    return _Plan(seed, events, base_ms, per_second).records()


class _Plan:
    def __init__(self, seed: int, events: int, base_ms: int, per_second: float) -> None:
        self._chance = random.Random(f"feed {seed}")
        self._seed = seed
        self._events = events
        self._base_ms = base_ms
        self._per_second = per_second
        self._numbers = count()
        self._trouble: Counter[str] = Counter()
        places = self._chance.sample(range(PARTITIONS), COMMUNITIES)
        self._communities = [_Community(number, place) for number, place in enumerate(places)]

    def records(self) -> tuple[list[Planted], Counter[str]]:
        found: list[Planted] = []
        for turn in range(self._events):
            community = self._communities[turn % COMMUNITIES]
            stamp_ms = self._base_ms + int(turn * 1000 / self._per_second)
            occurred_ms = BEGIN_MS + turn * SPAN_MS // self._events + self._chance.randrange(60_000)
            values = [*self._due(community, turn), *self._one(community, turn, occurred_ms, stamp_ms)]
            found += [Planted(community.partition, value, stamp_ms) for value in values]
        end_ms = self._base_ms + int(self._events * 1000 / self._per_second)
        for community in self._communities:
            values = [*self._due(community, 2 * self._events), self._close(community)]
            found += [Planted(community.partition, value, end_ms) for value in values]
        return found, self._trouble

    def _due(self, community: _Community, turn: int) -> Iterator[bytes]:
        while community.held and community.held[0][0] <= turn:
            yield heapq.heappop(community.held)[2]

    def _one(self, community: _Community, turn: int, occurred_ms: int, stamp_ms: int) -> Iterator[bytes]:
        chance = self._chance
        trouble = chance.random()
        if trouble < 0.003:
            self._trouble["malformed"] += 1
            yield chance.choice(BROKEN)
            return
        event = self._event(community, occurred_ms)
        if trouble < 0.006:
            self._trouble["future-dated"] += 1
            event["occurred_at"] = stamp_ms + chance.randrange(10, 600) * 60_000
        elif trouble < 0.016:
            self._trouble["late"] += 1
            event["occurred_at"] -= chance.randrange(2, 6) * WINDOW_MS
        elif trouble < 0.07:
            self._trouble["out of order"] += 1
            event["occurred_at"] -= chance.randrange(3 * LATENESS_MS)
        value = json.dumps(event).encode()
        if trouble > 0.965:
            self._trouble["duplicate"] += 1
            self._later(community, turn, value)
        if event["kind"] == "post" and chance.random() < 0.1:
            self._trouble["after its answers"] += 1
            self._later(community, turn, value)
            if chance.random() < 0.2:
                yield json.dumps(self._undoing(community, "delete", event["object_id"], occurred_ms)).encode()
            return
        yield value

    def _later(self, community: _Community, turn: int, value: bytes) -> None:
        due = turn + COMMUNITIES * self._chance.randrange(1, 150)
        heapq.heappush(community.held, (due, next(self._numbers), value))

    def _event(self, community: _Community, occurred_ms: int) -> dict[str, Any]:
        weights = KINDS | UNDOING if community.recent else {"post": 1}
        kind = self._chance.choices([*weights], [*weights.values()])[0]
        if kind in UNDOING:
            self._trouble[f"{kind}s"] += 1
            return self._undoing(community, kind, self._chance.choice(community.recent)[0], occurred_ms)
        event = self._said(community, kind, occurred_ms)
        if kind not in {"post", "vouch", "action", "mention"}:
            parent, author = self._chance.choice(community.recent)
            if self._chance.random() < 0.02:
                self._trouble["without parent"] += 1
                parent, author = f"{parent}-that-never-comes", ""
            event["parent_id"] = parent
            if author and self._chance.random() < 0.5:
                event["target_actor_id"] = author
        elif kind != "post":
            event["target_actor_id"] = self._actor(community)
        if kind in {"post", "reply", "quote"}:
            event["object_id"] = event["event_id"]
            community.recent.append((event["object_id"], event["actor_id"]))
            del community.recent[:-RECENT]
        return event

    def _undoing(self, community: _Community, kind: str, message: str, occurred_ms: int) -> dict[str, Any]:
        event = self._said(community, kind, occurred_ms) | {"object_id": message}
        if kind == "edit" and self._chance.random() < 0.5:
            event["target_actor_id"] = self._actor(community)
        if kind == "delete" and self._chance.random() < 0.5:
            del event["themes"]
        return event

    def _said(self, community: _Community, kind: str, occurred_ms: int) -> dict[str, Any]:
        chance = self._chance
        names = themes_of(community.number)
        actor = self._actor(community)
        return {
            "schema": "mention.v1",
            "event_id": f"{community.number}-{next(self._numbers)}",
            "source": f"forum-{community.number}",
            "kind": kind,
            "actor_id": actor,
            "actor_name": f"Somebody {actor[-2:]}",
            "actor_type": APART.get(actor[-2:]),
            "occurred_at": occurred_ms,
            "themes": list(names) if chance.random() < 0.1 else [chance.choice(names)],
            "is_question": chance.random() < 0.2,
            "followers": chance.randrange(10_000) if chance.random() < 0.3 else None,
            "mentions": [self._actor(community)] if chance.random() < 0.05 else [],
        }

    def _actor(self, community: _Community) -> str:
        number = min(self._chance.randrange(60) for _ in range(2))
        return f"forum-{community.number}:{number:02d}"

    def _close(self, community: _Community) -> bytes:
        close = {"schema": "close.v1", "feed": f"{self._seed}-{community.number}", "parts": 1}
        return json.dumps(close | {"themes": themes_of(community.number)}).encode()
