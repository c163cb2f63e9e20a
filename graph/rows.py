"""Accepted events as rows of the interaction log: one toward each actor that an event concerns."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from graph.actors import Actors
from graph.batch import Batch
from graph.interaction_log import NOBODY, OWN, SECONDARY, TIME_SHIFT, Rows
from graph.kinds import ACTION, CODES, EDIT, MENTION, MESSAGES, WRITTEN, edited_kind


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


def rows_of(batch: Batch, actors: Actors) -> EventRows:
    """Intern actors in order of appearance and lay the events out as rows. Targets that are their own author become nobody."""
    count, targets = batch.size, batch.column("target_actor_id")
    mentioned = np.zeros(count, dtype=np.int64)
    if batch.says("mentions"):
        mentioned = np.fromiter(map(len, batch.column("mentions")), dtype=np.int64, count=count)
    numbers = actors.intern(_actor_ids(batch, targets, named=bool(mentioned.any())), int(mentioned.sum()) + 2 * count)
    heads = np.cumsum(mentioned + 2) - mentioned - 2
    author, target = numbers[heads], numbers[heads + 1]
    kinds = np.fromiter(map(CODES.__getitem__, batch.column("kind")), dtype=np.int64, count=count)
    message_keys = batch.numbers("object_key", np.uint64)
    message_keys[~MESSAGES[kinds]] = 0
    for edit in np.flatnonzero(kinds == EDIT).tolist():
        kinds[edit] = CODES[edited_kind(batch.act(edit))]
    stamps = (batch.occurred_at << TIME_SHIFT) | np.where(WRITTEN[kinds], OWN, 0) | kinds
    dst = np.where(target == author, NOBODY, target).astype(np.int32)
    parent_keys = batch.numbers("parent_key", np.uint64)
    parent_keys[np.fromiter(map(bool, targets), dtype=np.bool_, count=count)] = 0
    quiet = np.flatnonzero((dst == NOBODY) & (parent_keys == 0) & (mentioned == 0))
    row_event = np.arange(count)
    rows = Rows(stamps, author, dst, batch.keys, message_keys, *_references(batch, quiet))
    if mentioned.any():
        rows, row_event = _with_mentions(rows, kinds, mentioned, heads, numbers)
    return EventRows(
        rows=rows,
        row_event=row_event,
        sources=actors.source_codes(batch.column("source")),
        parent_keys=parent_keys,
    )


def _actor_ids(batch: Batch, targets: list[str], *, named: bool) -> Iterable[str]:
    """Author, target (or the author again) and actors named of each event in turn: the order in which they are numbered."""
    authors = batch.column("actor_id")
    seconds = [target or author for target, author in zip(targets, authors, strict=True)]
    if named:
        return chain.from_iterable(
            (author, second, *others) for author, second, others in zip(authors, seconds, batch.column("mentions"), strict=True)
        )
    ids = authors * 2
    ids[::2], ids[1::2] = authors, seconds
    return ids


def _references(batch: Batch, quiet: NDArray[np.int64]) -> tuple[list[str], list[str]]:
    """Ids and URLs. An act toward nobody earns nobody anything: it is no evidence, and its own are not kept."""
    ids, urls = batch.column("object_id").copy(), batch.column("url").copy()
    for event in quiet.tolist():
        ids[event] = urls[event] = ""
    return ids, urls


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
