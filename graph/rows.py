"""Accepted events as rows of the interaction log: one toward each actor that an event concerns."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from graph.actors import Actors
from graph.interaction import Interaction
from graph.interaction_log import NOBODY, OWN, SECONDARY, TIME_SHIFT, Rows
from graph.kinds import ACTION, CODES, EDIT, MENTION, MESSAGES, POST, REPLY, WRITTEN


@dataclass(frozen=True, slots=True)
class EventRows:
    """Columns by row (shape (m,); an event's rows are neighbours, the primary one first) and by event (shape (n,), n <= m)."""

    rows: Rows
    row_event: NDArray[np.int64]
    """Event of each row."""
    sources: NDArray[np.int32]
    """Source code of each event."""
    parent_keys: NDArray[np.uint64]
    """By event: the parent's key where the target must be found through it, else 0."""


def rows_of(events: list[Interaction], actors: Actors) -> EventRows:
    """Intern actors in order of appearance and lay the events out as rows. Targets that are their own author become nobody."""
    count = len(events)
    mentioned = np.fromiter([len(e.mentions) for e in events], dtype=np.int64, count=count)
    numbers = actors.intern(_actor_ids(events, mentioned), int(mentioned.sum()) + 2 * count)
    heads = np.cumsum(mentioned + 2) - mentioned - 2
    author, target = numbers[heads], numbers[heads + 1]
    occurred_at = np.fromiter([e.occurred_at for e in events], dtype=np.int64, count=count)
    keys = np.fromiter([e.key for e in events], dtype=np.uint64, count=count)
    kinds = np.fromiter([CODES[e.kind] for e in events], dtype=np.int64, count=count)
    message_keys = np.fromiter([e.object_key for e in events], dtype=np.uint64, count=count)
    message_keys[~MESSAGES[kinds]] = 0
    for edit in np.flatnonzero(kinds == EDIT).tolist():
        kinds[edit] = _edited_kind(events[edit])
    stamps = (occurred_at << TIME_SHIFT) | np.where(WRITTEN[kinds], OWN, 0) | kinds
    dst = np.where(target == author, NOBODY, target).astype(np.int32)
    parent_keys = np.fromiter([0 if e.target_actor_id else e.parent_key for e in events], dtype=np.uint64, count=count)
    quiet = np.flatnonzero((dst == NOBODY) & (parent_keys == 0) & (mentioned == 0))
    row_event = np.arange(count)
    rows = Rows(stamps, author, dst, keys, message_keys, *_references(events, quiet))
    if mentioned.any():
        rows, row_event = _with_mentions(rows, kinds, mentioned, heads, numbers)
    return EventRows(
        rows=rows,
        row_event=row_event,
        sources=actors.source_codes([e.source for e in events]),
        parent_keys=parent_keys,
    )


def _actor_ids(events: list[Interaction], mentioned: NDArray[np.int64]) -> Iterable[str]:
    """Author, target (or the author again) and actors named of each event in turn: the order in which they are numbered."""
    if mentioned.any():
        return chain.from_iterable((e.actor_id, e.target_actor_id or e.actor_id, *e.mentions) for e in events)
    authors = [e.actor_id for e in events]
    ids = authors * 2
    ids[::2] = authors
    ids[1::2] = [e.target_actor_id or e.actor_id for e in events]
    return ids


def _references(events: list[Interaction], quiet: NDArray[np.int64]) -> tuple[list[str], list[str]]:
    """Ids and URLs. An act toward nobody earns nobody anything: it is no evidence, and its own are not kept."""
    ids, urls = [e.object_id for e in events], [e.url for e in events]
    for event in quiet.tolist():
        ids[event] = urls[event] = ""
    return ids, urls


def _edited_kind(event: Interaction) -> int:
    """An edit is a new statement: the kind that its fields make it."""
    if event.parent_id:
        return REPLY
    return MENTION if event.target_actor_id or event.mentions else POST


def _with_mentions(
    primary: Rows, kinds: NDArray[np.int64], mentioned: NDArray[np.int64], heads: NDArray[np.int64], numbers: NDArray[np.int32]
) -> tuple[Rows, NDArray[np.int64]]:
    """Interleave a secondary row for each distinct actor named who is neither the author nor the target."""
    events: list[int] = []
    named: list[int] = []
    for event in np.flatnonzero(mentioned).tolist():
        start = heads[event] + 2
        known = {int(primary.src[event]), int(primary.dst[event])}
        if kinds[event] == ACTION:
            continue
        for actor in dict.fromkeys(numbers[start : start + mentioned[event]].tolist()):
            if actor not in known:
                events.append(event)
                named.append(actor)
    extra = np.array(events, dtype=np.int64)
    row_event = np.concatenate([np.arange(mentioned.size), extra])
    order = np.argsort(row_event, kind="stable")
    times = (primary.stamps[extra] >> TIME_SHIFT) << TIME_SHIFT
    none = [""] * extra.size
    ids, urls = primary.object_ids + none, primary.urls + none
    return Rows(
        np.concatenate([primary.stamps, times | SECONDARY | MENTION])[order],
        np.concatenate([primary.src, primary.src[extra]])[order],
        np.concatenate([primary.dst, np.array(named, dtype=np.int32)])[order],
        np.concatenate([primary.keys, primary.keys[extra]])[order],
        np.concatenate([primary.message_keys, np.zeros(extra.size, dtype=np.uint64)])[order],
        [ids[k] for k in order],
        [urls[k] for k in order],
    ), row_event[order]
