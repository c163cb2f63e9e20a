"""Kinds as small integers, what each counts for, and the presets of weights (C26: a preset is part of the score version)."""

from typing import get_args

import numpy as np
from numpy.typing import NDArray

from graph.interaction import Interaction
from graph.mention import Kind

KINDS: tuple[str, ...] = get_args(Kind)
CODES: dict[str, int] = {kind: code for code, kind in enumerate(KINDS)}
POST, REPLY, MENTION, REPOST, QUOTE, REACTION, ACCEPT, VOUCH, ACTION, EDIT, DELETE = range(len(KINDS))

WRITTEN = np.isin(np.arange(16), [POST, REPLY, QUOTE, MENTION])
"""By code: kinds in which one's own words are written."""
MESSAGES = np.isin(np.arange(16), [POST, REPLY, QUOTE, MENTION, REPOST, EDIT])
"""By code: kinds whose `object_id` is the message they make."""
ANSWERING = np.isin(np.arange(16), [REPLY, QUOTE, ACCEPT, VOUCH])
"""By code: kinds that show that somebody took the trouble to answer; without one, reactions are worth nothing."""
RESPONSES = ~np.isin(np.arange(16), [ACTION, REACTION])
"""By code: kinds in which somebody takes the trouble to respond to somebody, as baselines and centralities count them."""

PRESETS: dict[str, dict[str, float]] = {
    # What each is for, and what they have in common: docs/ranking.md, section 2.
    "recommend": {"reply": 1, "quote": 1, "accept": 1, "vouch": 1, "repost": 0.5, "mention": 0.5, "reaction": 0.05},
    "help": {"reply": 0.7, "quote": 0.7, "accept": 1, "vouch": 1, "repost": 0.2, "mention": 0.3, "reaction": 0.02},
    "detract": {"reply": 0.8, "quote": 1, "accept": 0.8, "vouch": 0.8, "repost": 0.8, "mention": 0.8, "reaction": 0.05},
    "launch": {"reply": 0.7, "quote": 1, "accept": 0.7, "vouch": 1, "repost": 0.8, "mention": 0.6, "reaction": 0.05},
}


def preset_weights(preset: str) -> NDArray[np.float64]:
    """Weight by kind code, shape (16,); kinds that a preset does not name weigh 0. Raises KeyError for an unknown preset."""
    weights = np.zeros(16)
    for kind, weight in PRESETS[preset].items():
        weights[CODES[kind]] = weight
    return weights


def edited_kind(act: Interaction) -> Kind:
    """An edit is a new statement: the kind that its fields make it."""
    if act.parent_id:
        return "reply"
    return "mention" if act.target_actor_id or act.mentions else "post"
