"""Undoing a message: its rows stay, so that it cannot come back, but count no more."""

import numpy as np

from graph.interaction_log import KIND_MASK, OWN, SECONDARY, TIME_SHIFT, UNDONE, InteractionLog
from graph.kinds import WRITTEN


def undo_message(log: InteractionLog, message_key: int, before_ms: int) -> None:
    """Undo the acts of a message from before a time; of what is left, the earliest words count as the own message."""
    rows = log.rows_of_message(message_key)
    old = rows[(log.stamps[rows] >> TIME_SHIFT) < before_ms]
    if not old.size:
        return
    log.stamps[old] |= UNDONE
    stamps = log.stamps[rows]
    words = rows[((stamps & (UNDONE | SECONDARY)) == 0) & WRITTEN[stamps & KIND_MASK]]
    if words.size:
        log.stamps[words] &= ~OWN
        log.stamps[words[np.lexsort((log.keys[words], log.stamps[words] >> TIME_SHIFT))[0]]] |= OWN
