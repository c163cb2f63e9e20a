"""Which rows of a window are acts toward somebody, and which of those are responses. docs/ranking.md, section 2."""

import numpy as np
from numpy.typing import NDArray

from graph.kinds import ANSWERING, REACTION
from graph.stretches import stretches, taken
from graph.window import Window


def acts_in(window: Window, weights: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Rows toward somebody, of a kind that weighs anything, shape (m,). `weights` by kind code."""
    found = taken(weights > 0, window.kind)
    found &= window.dst >= 0
    return found


def responses_in(window: Window, acts: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Those of the `acts` that count, shape (m,): not of bots, and no reactions of those who never answered."""
    found = acts.copy()
    if window.bot.any():
        found &= ~taken(window.bot, window.src)
    reactions = np.flatnonzero(window.kind == REACTION)
    if reactions.size:
        found[reactions[~_answered(window)[window.src[reactions]]]] = False
    return found


def _answered(window: Window) -> NDArray[np.bool_]:
    """Who has answered anybody, shape (n,)."""
    # Every act leaves a mark, in one of two columns: half the time of picking out those that answer.
    marks = np.zeros((window.numbers.size, 2), dtype=np.bool_)
    for part in stretches(window.src.size):
        cell = window.src[part].astype(np.int64) * 2
        cell += ANSWERING[window.kind[part]]
        marks.reshape(-1)[cell] = True
    return marks[:, 1]
