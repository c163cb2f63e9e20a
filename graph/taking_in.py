"""Accepted events become rows: own messages told apart, parents resolved or waited for, authors' profiles noted."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from graph.actors import Actors
from graph.batch import Batch
from graph.interaction_log import NOBODY, OWN, SECONDARY, InteractionLog, Rows
from graph.key_index import ABSENT
from graph.parked import Parked, Waiting


@dataclass(slots=True)
class Resolved:
    """Targets found through parents: of events of this batch by position, and of replies that had been parked."""

    targets: list[tuple[int, str]]
    again: list[tuple[bytes, str]]


def take_in(
    batch: Batch, positions: NDArray[np.int64], values: Sequence[bytes], log: InteractionLog, actors: Actors, parked: Parked, found: Resolved
) -> NDArray[np.uint64]:
    """Append the events at `positions` (ascending); returns the keys of their messages. Adds to `found`."""
    wanted = np.zeros(len(batch.events), dtype=np.bool_)
    wanted[positions] = True
    chosen = np.flatnonzero(wanted[batch.row_event])
    rows = _own_messages_once(_part(batch.rows, chosen), log)
    event = batch.row_event[chosen]
    start = log.append(rows)
    primary = np.flatnonzero((rows.stamps & SECONDARY) == 0)
    codes = batch.sources[event]
    aimed = rows.dst != NOBODY
    actors.place(rows.src, codes)
    actors.place(rows.dst[aimed], codes[aimed])
    actors.observe(rows.src[primary], [batch.events[k] for k in positions.tolist()])
    messages = rows.message_keys[primary]
    _resolve(batch, positions, primary + start, values, log, actors, parked, found)
    if parked.count:
        _unpark(messages[messages != 0], log, actors, parked, found)
    return messages[messages != 0]


def _part(rows: Rows, chosen: NDArray[np.int64]) -> Rows:
    if chosen.size == rows.stamps.size:
        return rows
    references = [rows.references[k] for k in chosen.tolist()]
    return Rows(rows.stamps[chosen], rows.src[chosen], rows.dst[chosen], rows.keys[chosen], rows.message_keys[chosen], references)


def _own_messages_once(rows: Rows, log: InteractionLog) -> Rows:
    """A message that arrives as several events counts once as its author's own."""
    own = np.flatnonzero(((rows.stamps & OWN) != 0) & (rows.message_keys != 0))
    if not own.size:
        return rows
    keys = rows.message_keys[own]
    counted = log.find_messages(keys)
    again = (counted != ABSENT) & ((log.stamps[np.maximum(counted, 0)] & OWN) != 0) if log.size else np.zeros(own.size, dtype=np.bool_)
    _, first = np.unique(keys, return_index=True)
    later = np.ones(own.size, dtype=np.bool_)
    later[first] = False
    stamps = rows.stamps.copy()
    stamps[own[again | later]] &= ~OWN
    return Rows(stamps, rows.src, rows.dst, rows.keys, rows.message_keys, rows.references)


def _resolve(
    batch: Batch,
    positions: NDArray[np.int64],
    heads: NDArray[np.int64],
    values: Sequence[bytes],
    log: InteractionLog,
    actors: Actors,
    parked: Parked,
    found: Resolved,
) -> None:
    """Find the targets of events that name only a parent; park those whose parent is unknown. `heads`: their primary rows."""
    asking = np.flatnonzero(batch.parent_keys[positions] != 0)
    if not asking.size:
        return
    parents = batch.parent_keys[positions[asking]]
    for k, parent_row, parent_key in zip(asking.tolist(), log.find_messages(parents).tolist(), parents.tolist(), strict=True):
        position, row = int(positions[k]), int(heads[k])
        if parent_row == ABSENT:
            parked.park(parent_key, Waiting(row - log.first, values[position]))
            continue
        author = _aim(row, parent_row, log, actors)
        if author is not None:
            found.targets.append((position, author))


def _unpark(messages: NDArray[np.uint64], log: InteractionLog, actors: Actors, parked: Parked, found: Resolved) -> None:
    for key in messages.tolist():
        for waiting in parked.arrived(key):
            parent_row = int(log.find_messages(np.array([key], dtype=np.uint64))[0])
            author = _aim(waiting.row + log.first, parent_row, log, actors)
            if author is not None:
                found.again.append((waiting.value, author))


def _aim(row: int, parent_row: int, log: InteractionLog, actors: Actors) -> str | None:
    """Let a row credit the author of its parent; None where that is its own author."""
    author = int(log.src[parent_row])
    if author == int(log.src[row]):
        return None
    log.dst[row] = author
    both = np.array([author], dtype=np.int32)
    actors.place(both, actors.sources(log.src[row : row + 1]))
    return actors.ids[author]
