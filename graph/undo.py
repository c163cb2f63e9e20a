"""Undoing a message: its rows stay, so that it cannot come back, but count no more."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from graph.interaction_log import FLAGS_MASK, KIND_MASK, OWN, SECONDARY, UNDONE, InteractionLog
from graph.kinds import WRITTEN


def undo_messages(log: InteractionLog, before_ms: Mapping[int, int]) -> None:
    """Undo the acts of messages, by key, from before a time each; of what is left, the earliest words are the own message."""
    keys = list(before_ms)
    for key, rows in zip(keys, log.rows_of_messages(keys), strict=True):
        _undo(log, rows, before_ms[key])


def _undo(log: InteractionLog, rows: NDArray[np.int64], before_ms: int) -> None:
    old = rows[log.times.at(rows) < before_ms]
    if not old.size:
        return
    log.touch(rows.tolist())
    log.flags[old] |= UNDONE
    flags = log.flags[rows]
    words = rows[((flags & (UNDONE | SECONDARY)) == 0) & WRITTEN[flags & KIND_MASK]]
    if words.size:
        log.flags[words] &= FLAGS_MASK ^ OWN
        log.flags[words[np.lexsort((log.keys[words], log.times.at(words)))[0]]] |= OWN
