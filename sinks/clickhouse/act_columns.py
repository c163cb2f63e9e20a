"""Acts as columns of the tables `interactions`, `messages` and `actors`."""

from collections.abc import Callable, Mapping, Sequence
from itertools import compress
from typing import Any

from graph.kinds import edited_kind
from graph.log_record import LogRecord, laid_out
from graph.publication import Acts

Columns = dict[str, list[Any]]
STATEMENTS = frozenset({"post", "reply", "quote", "mention", "edit"})
"""Kinds in which one's own words are written."""
UNKNOWN = (0, 0, "")
UNCOUNTED = (0, 0, 0)
SAME = (
    *("kind", "source", "event_id", "actor_id", "object_id", "parent_id", "root_id"),
    *("url", "lang", "is_question", "occurred_at"),
)
"""Columns of a record and of the tables under one name."""


def interaction_columns(published: Sequence[Acts]) -> Columns:
    """One row per act. A late act never replaces a ranked one of the same key, nor a row without its target one with it."""
    column = _columns_of(published)
    targets, ranked = _targets(published), _ranked(published)
    return {
        "theme": _themes(published),
        "event_key": column("key"),
        "target_actor_id": targets,
        "mentions": [list(named) for named in column("mentions")],
        "weight": [weight for acts in published for record in acts.records for weight in _weights(record, acts.weights)],
        "sentiment": column("sentiment"),
        "followers": column("followers"),
        "fate": ["state" if is_ranked else "late" for is_ranked in ranked],
        "fullness": [2 * is_ranked + bool(target) for is_ranked, target in zip(ranked, targets, strict=True)],
    } | {name: column(name) for name in SAME}


def message_columns(published: Sequence[Acts]) -> Columns:
    """One row per statement that names its message. What concerns every theme is no statement of one."""
    themed = [acts for acts in published if acts.theme]
    column = _columns_of(themed)
    chosen = [bool(named) and kind in STATEMENTS for named, kind in zip(column("object_id"), column("kind"), strict=True)]
    names = {name: name for name in SAME if name != "event_id"} | {"event_key": "key"}
    return {"theme": list(compress(_themes(themed), chosen))} | {
        name: list(compress(column(theirs), chosen)) for name, theirs in names.items()
    }


def actor_columns(published: Sequence[Acts]) -> Columns:
    """One row per act, which the server folds: the latest value of each profile field, the first and the last time seen."""
    column = _columns_of(published)
    stays = [kind != "delete" for kind in column("kind")]
    times, keys, names, types, counts = (
        list(compress(column(name), stays)) for name in ("occurred_at", "key", "actor_name", "actor_type", "followers")
    )
    stated = list(zip(times, keys, strict=True))
    return {
        "actor_id": list(compress(column("actor_id"), stays)),
        "source": list(compress(column("source"), stays)),
        "first_seen": times,
        "last_seen": times,
        "name": [(*when, name) if name else UNKNOWN for when, name in zip(stated, names, strict=True)],
        "actor_type": [(*when, found) if found != "unknown" else UNKNOWN for when, found in zip(stated, types, strict=True)],
        "followers": [UNCOUNTED if count is None else (*when, count) for when, count in zip(stated, counts, strict=True)],
    }


def _columns_of(published: Sequence[Acts]) -> Callable[[str], list[Any]]:
    records = [record for acts in published for record in acts.records]
    return lambda name: laid_out(records, name)


def _themes(published: Sequence[Acts]) -> list[str]:
    return [acts.theme for acts in published for record in acts.records for _ in range(len(record))]


def _targets(published: Sequence[Acts]) -> list[str]:
    found: list[str] = []
    for acts in published:
        targets = laid_out(acts.records, "target_actor_id")
        for position, target in acts.targets:
            targets[position] = target
        found += targets
    return found


def _ranked(published: Sequence[Acts]) -> list[bool]:
    found: list[bool] = []
    for acts in published:
        ranked = [True] * sum(map(len, acts.records))
        for position in acts.late:
            ranked[position] = False
        found += ranked
    return found


def _weights(record: LogRecord, weights: Mapping[str, float]) -> list[float]:
    """An edit weighs what its fields make it."""
    kinds = record.column("kind")
    if "edit" not in record.kind:
        return [weights.get(kind, 0.0) for kind in kinds]
    return [weights.get(edited_kind(record.act(k)) if kind == "edit" else kind, 0.0) for k, kind in enumerate(kinds)]
