"""Accepted events become rows: own messages told apart, parents resolved or waited for, authors' profiles noted."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from graph.batch import Batch
from graph.interaction_log import NOBODY, OWN, SECONDARY, InteractionLog, Rows
from graph.key_index import ABSENT
from graph.parked import Waiting
from graph.rows import rows_of
from graph.theme_graph import ThemeGraph


@dataclass(slots=True)
class Resolved:
    """Targets found through parents: of events of this batch by position, and of replies that had been parked."""

    targets: list[tuple[int, str]]
    again: list[tuple[bytes, str]]


def take_in(
    batch: Batch, positions: NDArray[np.int64], values: Sequence[bytes], graph: ThemeGraph, found: Resolved
) -> NDArray[np.uint64]:
    """Append the events at `positions` (ascending); returns the keys of their messages. Adds to `found`."""
    log, actors = graph.log, graph.actors
    events = [batch.events[k] for k in positions.tolist()]
    laid = rows_of(events, actors)
    rows, event = _own_messages_once(laid.rows, log), laid.row_event
    start = log.append(rows)
    primary = np.flatnonzero((rows.stamps & SECONDARY) == 0)
    codes = laid.sources[event]
    aimed = rows.dst != NOBODY
    actors.place(rows.src, codes)
    actors.place(rows.dst[aimed], codes[aimed])
    actors.profiles.observe(rows.src[primary], events, batch.occurred_at[positions])
    messages = rows.message_keys[primary]
    for position, row, parent_key in _orphans(laid.parent_keys, positions, primary + start, graph, found):
        graph.parked.park(parent_key, Waiting(row - log.first, values[position]))
    named: NDArray[np.uint64] = messages[messages != 0]
    if graph.parked.count:
        _unpark(np.concatenate([rows.keys[primary], named]), graph, found)
    return named


def _own_messages_once(rows: Rows, log: InteractionLog) -> Rows:
    """A message that arrives as several events counts once as its author's own.

    Its other events go by keys of their own: where nobody's do, here or in the log, every message is new.
    """
    own = np.flatnonzero(((rows.stamps & OWN) != 0) & (rows.message_keys != 0))
    if not log.aliased and bool((rows.message_keys[own] == rows.keys[own]).all()):
        return rows
    keys = rows.message_keys[own]
    counted = log.find_new_messages(keys, rows.keys[own])
    again = np.zeros(own.size, dtype=np.bool_)
    known = counted != ABSENT
    again[known] = (log.flags[counted[known]] & OWN) != 0
    _, first = np.unique(keys, return_index=True)
    later = np.ones(own.size, dtype=np.bool_)
    later[first] = False
    stamps = rows.stamps.copy()
    stamps[own[again | later]] &= ~OWN
    return Rows(stamps, rows.src, rows.dst, rows.keys, rows.message_keys, rows.object_ids, rows.urls)


def _orphans(
    parent_keys: NDArray[np.uint64], positions: NDArray[np.int64], heads: NDArray[np.int64], graph: ThemeGraph, found: Resolved
) -> list[tuple[int, int, int]]:
    """Find the targets of events that name only a parent; (position, row, parent key) of those whose parent is unknown.

    `positions` in the batch, `heads`: primary rows, both by event.
    """
    asking = np.flatnonzero(parent_keys != 0)
    if not asking.size:
        return []
    parents = parent_keys[asking]
    orphans: list[tuple[int, int, int]] = []
    rows = graph.log.find_messages(parents).tolist()
    for k, parent_row, parent_key in zip(asking.tolist(), rows, parents.tolist(), strict=True):
        position, row = int(positions[k]), int(heads[k])
        if parent_row == ABSENT:
            orphans.append((position, row, parent_key))
        elif (author := _aim(row, parent_row, graph)) is not None:
            found.targets.append((position, author))
    return orphans


def _unpark(messages: NDArray[np.uint64], graph: ThemeGraph, found: Resolved) -> None:
    for key in messages.tolist():
        for waiting in graph.parked.arrived(key):
            parent_row = int(graph.log.find_messages(np.array([key], dtype=np.uint64))[0])
            author = _aim(waiting.row + graph.log.first, parent_row, graph)
            if author is not None:
                found.again.append((waiting.value, author))


def _aim(row: int, parent_row: int, graph: ThemeGraph) -> str | None:
    """Let a row credit the author of its parent, once even if it names them too; None where that is its own author."""
    log, actors = graph.log, graph.actors
    author = int(log.src[parent_row])
    if author == int(log.src[row]):
        return None
    log.dst[row] = author
    named = log.event_rows(row)[1:]
    log.dst[[other for other in named if log.dst[other] == author]] = NOBODY
    credited = np.array([author], dtype=np.int32)
    actors.place(credited, actors.sources(log.src[row : row + 1]))
    return actors.ids[author]
