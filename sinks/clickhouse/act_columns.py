"""Acts as columns of the tables `interactions`, `messages` and `actors`."""

from collections.abc import Mapping, Sequence
from typing import Any

from graph.interaction import Interaction
from graph.publication import Acts

Columns = dict[str, list[Any]]
STATEMENTS = frozenset({"post", "reply", "quote", "mention", "edit"})
"""Kinds in which one's own words are written."""
UNKNOWN = (0, 0, "")
UNCOUNTED = (0, 0, 0)


def interaction_columns(published: Sequence[Acts]) -> Columns:
    """One row per act. A late act never replaces a ranked one of the same key, nor a row without its target one with it."""
    events = [event for acts in published for event in acts.events]
    themes = [acts.theme for acts in published for _ in acts.events]
    targets, ranked, weights = _targets(published), _ranked(published), _weights(published)
    return {
        "theme": themes,
        "event_key": [e.key for e in events],
        "kind": [e.kind for e in events],
        "source": [e.source for e in events],
        "event_id": [e.event_id for e in events],
        "actor_id": [e.actor_id for e in events],
        "target_actor_id": targets,
        "mentions": [list(e.mentions) for e in events],
        "weight": weights,
        "object_id": [e.object_id for e in events],
        "parent_id": [e.parent_id for e in events],
        "root_id": [e.root_id for e in events],
        "url": [e.url for e in events],
        "lang": [e.lang for e in events],
        "is_question": [e.is_question for e in events],
        "sentiment": [e.sentiment for e in events],
        "followers": [e.followers for e in events],
        "fate": ["state" if is_ranked else "late" for is_ranked in ranked],
        "occurred_at": [e.occurred_at for e in events],
        "fullness": [2 * is_ranked + bool(target) for is_ranked, target in zip(ranked, targets, strict=True)],
    }


def message_columns(published: Sequence[Acts]) -> Columns:
    """One row per statement that names its message. What concerns every theme is no statement of one."""
    found = [(acts.theme, e) for acts in published if acts.theme for e in acts.events if e.object_id and e.kind in STATEMENTS]
    events = [event for _, event in found]
    return {
        "source": [e.source for e in events],
        "object_id": [e.object_id for e in events],
        "theme": [theme for theme, _ in found],
        "event_key": [e.key for e in events],
        "kind": [e.kind for e in events],
        "actor_id": [e.actor_id for e in events],
        "parent_id": [e.parent_id for e in events],
        "root_id": [e.root_id for e in events],
        "url": [e.url for e in events],
        "lang": [e.lang for e in events],
        "is_question": [e.is_question for e in events],
        "occurred_at": [e.occurred_at for e in events],
    }


def actor_columns(published: Sequence[Acts]) -> Columns:
    """One row per act, which the server folds: the latest value of each profile field, the first and the last time seen."""
    events = [event for acts in published for event in acts.events if event.kind != "delete"]
    times = [e.occurred_at for e in events]
    return {
        "actor_id": [e.actor_id for e in events],
        "source": [e.source for e in events],
        "first_seen": times,
        "last_seen": times,
        "name": [(e.occurred_at, e.key, e.actor_name) if e.actor_name else UNKNOWN for e in events],
        "actor_type": [(e.occurred_at, e.key, e.actor_type) if e.actor_type != "unknown" else UNKNOWN for e in events],
        "followers": [UNCOUNTED if e.followers is None else (e.occurred_at, e.key, e.followers) for e in events],
    }


def _targets(published: Sequence[Acts]) -> list[str]:
    found: list[str] = []
    for acts in published:
        targets = [event.target_actor_id for event in acts.events]
        for position, target in acts.targets:
            targets[position] = target
        found += targets
    return found


def _ranked(published: Sequence[Acts]) -> list[bool]:
    found: list[bool] = []
    for acts in published:
        ranked = [True] * len(acts.events)
        for position in acts.late:
            ranked[position] = False
        found += ranked
    return found


def _weights(published: Sequence[Acts]) -> list[float]:
    return [_weight(event, acts.weights) for acts in published for event in acts.events]


def _weight(event: Interaction, weights: Mapping[str, float]) -> float:
    if event.kind == "edit":
        named = event.target_actor_id or event.mentions
        return weights.get("reply" if event.parent_id else "mention" if named else "post", 0.0)
    return weights.get(event.kind, 0.0)
