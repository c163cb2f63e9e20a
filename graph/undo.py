"""Undoing a message: its rows stay, so that it cannot come back, but count no more."""

import numpy as np

from graph.interaction_log import FLAGS_MASK, KIND_MASK, OWN, SECONDARY, UNDONE, InteractionLog
from graph.kinds import WRITTEN


def undo_message(log: InteractionLog, message_key: int, before_ms: int) -> None:
    """Undo the acts of a message from before a time; of what is left, the earliest words count as the own message."""
    rows = log.rows_of_message(message_key)
    old = rows[log.times.at(rows) < before_ms]
    if not old.size:
        return
    log.flags[old] |= UNDONE
    flags = log.flags[rows]
    words = rows[((flags & (UNDONE | SECONDARY)) == 0) & WRITTEN[flags & KIND_MASK]]
    if words.size:
        log.flags[words] &= FLAGS_MASK ^ OWN
        log.flags[words[np.lexsort((log.keys[words], log.times.at(words)))[0]]] |= OWN
