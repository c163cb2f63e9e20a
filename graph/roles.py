"""Roles: what kind of part an actor plays, by published thresholds. docs/ranking.md, section 14. None enters a score."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from graph.circles import NONE
from graph.kinds import REPLY
from graph.score import Score
from graph.window import Window

Role = Literal["", "prescriber", "facilitator", "connector", "broadcaster", "newcomer", "self-promoter"]
ROLES: tuple[Role, ...] = ("", "prescriber", "connector", "facilitator", "broadcaster", "newcomer", "self-promoter")
"""Later ones go before earlier ones where several apply. Staff and brands are ranked apart, as `staff` and `brand`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleThresholds:
    """Where a role begins. People are distinct; all within the window, but for `newcomer_share`."""

    responders: int = 3
    trusted: float = 1.0
    """Prescriber: so many responders, and so much of credible ones."""
    joined_responders: int = 8
    outside_share: float = 2 / 3
    parted: float = 0.3
    """Connector: so many responders in a circle, this share of them in another than its own, where circles are told apart."""
    helped: int = 5
    reply_share: float = 0.5
    """Facilitator: replied to so many people, and to no fewer than responded to it; this share of its messages are replies."""
    messages: int = 10
    push_share: float = 0.8
    generosity: float = 0.1
    """Broadcaster: so many messages, this share of them to nobody; replied to fewer people than this share of its responders."""
    newcomer_share: float = 0.25
    """Newcomer: its first act in the horizon lies in the last quarter of the window, in a source past its cold start."""
    contacts: int = 10
    solicited_share: float = 0.5
    answered_share: float = 0.5
    """Self-promoter: called on so many people first, most of its responses come from those, and fewer than half answered."""


THRESHOLDS = RoleThresholds()


def roles_of(
    score: Score, window: Window, circle: NDArray[np.int32], *, parted: float, settled: bool, window_ms: int
) -> NDArray[np.int8]:
    """Positions in `ROLES` by actor, shape (n,). `window`: rows of the whole horizon, of the score's source.

    `circle`: names by actor; `parted`: how clearly circles are told apart; `settled`: the source is past its cold start.
    """
    limits, pairs = THRESHOLDS, score.pairs
    responders = pairs.responders()
    helped = pairs.given(score.standings.rows.replied.astype(np.float64))
    own = np.flatnonzero(window.own & (window.time > window.end_ms - window_ms))
    author, replied, toward = window.src[own], window.kind[own] == REPLY, window.dst[own]
    replies, pushed = (np.bincount(author[which], minlength=pairs.actors) for which in (replied, toward < 0))
    contacts = pairs.given(score.standings.openings.opened.astype(np.float64))
    solicited = pairs.received(pairs.recency * score.courtesy.solicited)
    known = np.zeros(pairs.actors, dtype=np.bool_)
    known[window.src[window.time <= window.end_ms - limits.newcomer_share * window_ms]] = True
    applies: dict[Role, NDArray[np.bool_]] = {
        "prescriber": (responders >= limits.responders) & (score.reach.trusted >= limits.trusted),
        "connector": _joins(score, circle) & (parted >= limits.parted),
        "facilitator": (helped >= limits.helped) & (helped >= responders) & (replies >= limits.reply_share * score.messages),
        "broadcaster": (score.messages >= limits.messages)
        & (pushed >= limits.push_share * score.messages)
        & (helped < limits.generosity * responders),
        "newcomer": ~known & settled,
        "self-promoter": (contacts >= limits.contacts)
        & (solicited >= limits.solicited_share * pairs.received(pairs.recency))
        & (responders < limits.answered_share * contacts),
    }
    found = np.zeros(pairs.actors, dtype=np.int8)
    for role, those in applies.items():
        found[those] = ROLES.index(role)
    return found


def _joins(score: Score, circle: NDArray[np.int32]) -> NDArray[np.bool_]:
    """Who is responded to mostly by members of other circles than its own."""
    pairs = score.pairs
    inside, own = circle[pairs.src], np.repeat(circle, np.diff(pairs.starts))
    counted = (pairs.recency > 0) & (inside != NONE)
    responders = pairs.received(counted.astype(np.float64))
    outside = pairs.received((counted & (inside != own)).astype(np.float64))
    enough = (responders >= THRESHOLDS.joined_responders) & (circle != NONE)
    joins: NDArray[np.bool_] = enough & (outside >= THRESHOLDS.outside_share * responders)
    return joins
