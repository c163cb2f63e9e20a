"""Roles: what kind of part an actor plays, by published thresholds. docs/ranking.md, section 14. None enters a score."""

from math import ceil
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from graph.circles import NONE
from graph.kinds import REPLY
from graph.received import Received
from graph.role_thresholds import THRESHOLDS
from graph.score import Score
from graph.stretches import counted, taken
from graph.window import Window

Role = Literal["", "prescriber", "facilitator", "connector", "broadcaster", "newcomer", "self-promoter"]
ROLES: tuple[Role, ...] = ("", "prescriber", "connector", "facilitator", "broadcaster", "newcomer", "self-promoter")
"""Later ones go before earlier ones where several apply. Staff and brands are ranked apart, as `staff` and `brand`."""


def roles_of(
    score: Score,
    received: Received,
    window: Window,
    circle: NDArray[np.int32],
    *,
    parted: float,
    settled: bool,
    window_ms: int,
) -> NDArray[np.int8]:
    """Positions in `ROLES` by actor, shape (n,). `window`: rows of the whole horizon, of the score's source.

    `circle`: names by actor; `parted`: how clearly circles are told apart; `settled`: the source is past its cold start.
    """
    limits, pairs = THRESHOLDS, score.pairs
    nobody, responders = np.zeros(pairs.actors, dtype=np.bool_), received.people
    helped, contacts = (
        counted(pairs.src, which, pairs.actors) for which in (score.standings.rows.replied, score.standings.openings.opened)
    )
    own = window.own & (window.age < window_ms)
    replies, pushed = (counted(window.src, own & which, pairs.actors) for which in (window.kind == REPLY, window.dst < 0))
    applies: dict[Role, NDArray[np.bool_]] = {
        "prescriber": (responders >= limits.responders) & (score.reach.trusted >= limits.trusted),
        "connector": _joins(score, circle) if parted >= limits.parted else nobody,
        "facilitator": (helped >= limits.helped) & (helped >= responders) & (replies >= limits.reply_share * score.messages),
        "broadcaster": (score.messages >= limits.messages)
        & (pushed >= limits.push_share * score.messages)
        & (helped < limits.generosity * responders),
        "newcomer": ~_known(window, limits.newcomer_share * window_ms) if settled else nobody,
        "self-promoter": (contacts >= limits.contacts)
        & (received.solicited >= limits.solicited_share * received.recency)
        & (responders < limits.answered_share * contacts),
    }
    found = np.zeros(pairs.actors, dtype=np.int8)
    for role, those in applies.items():
        found[those] = ROLES.index(role)
    return found


def _known(window: Window, age_ms: float) -> NDArray[np.bool_]:
    """Who has acted so long ago, or longer."""
    early = counted(window.src, window.age >= ceil(age_ms), window.numbers.size)
    known: NDArray[np.bool_] = early > 0
    return known


def _joins(score: Score, circle: NDArray[np.int32]) -> NDArray[np.bool_]:
    """Who is responded to mostly by members of other circles than its own."""
    pairs = score.pairs
    inside, own = taken(circle, pairs.src), taken(circle, pairs.dst)
    placed = (pairs.recency > 0) & (inside != NONE)
    responders, outside = (counted(pairs.dst, which, pairs.actors) for which in (placed, placed & (inside != own)))
    enough = (responders >= THRESHOLDS.joined_responders) & (circle != NONE)
    joins: NDArray[np.bool_] = enough & (outside >= THRESHOLDS.outside_share * responders)
    return joins
