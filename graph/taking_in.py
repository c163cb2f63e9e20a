"""Accepted events become rows: own messages told apart, parents resolved or waited for, authors' profiles noted."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from graph.batch import Batch
from graph.interaction_log import KIND_MASK, NOBODY, OWN, SECONDARY, InteractionLog, Rows
from graph.key_index import ABSENT
from graph.kinds import WRITTEN
from graph.log_record import encode_interaction
from graph.parked import Waiting
from graph.rows import rows_of
from graph.theme_graph import ThemeGraph


@dataclass(slots=True)
class Resolved:
    """Targets found through parents: of events of this batch by position, and of replies that had been parked."""

    targets: list[tuple[int, str]]
    again: list[tuple[bytes, str]]


def take_in(batch: Batch, positions: NDArray[np.int64], graph: ThemeGraph, found: Resolved) -> NDArray[np.uint64]:
    """Append the events at `positions` (ascending); returns the keys of their messages. Adds to `found`."""
    log, actors = graph.log, graph.actors
    accepted = batch.part(positions)
    laid = rows_of(accepted, actors)
    rows, event = _own_messages_once(laid.rows, log), laid.row_event
    start = log.append(rows)
    primary = np.flatnonzero((rows.stamps & SECONDARY) == 0)
    codes = laid.sources[event]
    aimed = rows.dst != NOBODY
    actors.place(rows.src, codes)
    actors.place(rows.dst[aimed], codes[aimed])
    actors.profiles.observe(rows.src[primary], accepted)
    messages = rows.message_keys[primary]
    for position, row, parent_key in _orphans(laid.parent_keys, positions, primary + start, graph, found):
        graph.parked.park(parent_key, Waiting(row - log.first, encode_interaction(batch.act(position))))
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
    again = counted != ABSENT
    for k in np.flatnonzero(again)[~WRITTEN[log.flags[counted[again]] & KIND_MASK]].tolist():
        kinds = log.flags[log.rows_of_messages([int(keys[k])])[0]] & (KIND_MASK | SECONDARY)
        again[k] = bool(WRITTEN[kinds[kinds < SECONDARY]].any())
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
    rows = find_parents(graph.log, parents, heads[asking]).tolist()
    for k, parent_row, parent_key in zip(asking.tolist(), rows, parents.tolist(), strict=True):
        position, row = int(positions[k]), int(heads[k])
        if parent_row == ABSENT:
            orphans.append((position, row, parent_key))
        elif (author := _aim(row, parent_row, graph)) is not None:
            found.targets.append((position, author))
    return orphans


def find_parents(log: InteractionLog, keys: NDArray[np.uint64], asking: NDArray[np.int64]) -> NDArray[np.int64]:
    """A row of each message by key as the event at row `asking` finds it, whatever else is in the batch; -1 where absent.

    Of what had arrived by then: the message's own event, or else the first of its others; if nothing had, the first to come.
    """
    rows = log.find_events(keys)
    if log.aliased:
        later = (rows == ABSENT) | (rows > asking)
        other, own = log.find_others(keys[later]), rows[later]
        rows[later] = np.where((other != ABSENT) & ((own == ABSENT) | (other < own)), other, own)
    return rows


def _unpark(messages: NDArray[np.uint64], graph: ThemeGraph, found: Resolved) -> None:
    for key in messages.tolist():
        for waiting in graph.parked.arrived(key):
            row = waiting.row + graph.log.first
            parent_row = int(find_parents(graph.log, np.array([key], dtype=np.uint64), np.array([row]))[0])
            author = _aim(row, parent_row, graph)
            if author is not None:
                found.again.append((waiting.value, author))


def _aim(row: int, parent_row: int, graph: ThemeGraph) -> str | None:
    """Let a row credit the author of its parent, once even if it names them too; None where that is its own author."""
    log, actors = graph.log, graph.actors
    author = int(log.src[parent_row])
    if author == int(log.src[row]):
        return None
    log.touch(log.event_rows(row))
    log.dst[row] = author
    named = log.event_rows(row)[1:]
    log.dst[[other for other in named if log.dst[other] == author]] = NOBODY
    return actors.ids[author]
