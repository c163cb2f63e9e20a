"""Baselines that only count: followers, posting volume, in-degree, distinct responders, and z of ExpertiseRank."""

import numpy as np
from numpy.typing import NDArray

from graph.evaluation.act_table import UNKNOWN
from graph.evaluation.past import Past
from graph.kinds import POST, QUOTE, REPLY


def followers(past: Past) -> NDArray[np.float64]:
    """What the actor's last act states; 0 where none does."""
    rows = np.flatnonzero(past.acts.followers != UNKNOWN)
    known = np.zeros(past.actors)
    known[past.place(past.acts.src[rows])] = past.acts.followers[rows]
    return known


def posting_volume(past: Past) -> NDArray[np.float64]:
    """Own messages in the window."""
    return np.bincount(past.own(), minlength=past.actors).astype(np.float64)


def in_degree(past: Past) -> NDArray[np.float64]:
    """Responses received, each one counted."""
    return np.bincount(past.dst, minlength=past.actors).astype(np.float64)


def distinct_responders(past: Past) -> NDArray[np.float64]:
    """People who responded, each counted once."""
    pairs = np.unique(past.src * past.actors + past.dst)
    return np.bincount(pairs % max(past.actors, 1), minlength=past.actors).astype(np.float64)


def expertise_z(past: Past) -> NDArray[np.float64]:
    """(a - q) / sqrt(a + q): answers given against questions asked; a post of which it is not known counts as a question.

    Zhang, Ackerman, Adamic: Expertise networks in online communities, WWW 2007.
    """
    acts = past.acts
    asks = acts.own & ((acts.question == 1) | ((acts.question == UNKNOWN) & (acts.kind == POST)))
    answers = acts.own & np.isin(acts.kind, [REPLY, QUOTE])
    a = np.bincount(past.place(acts.src[answers]), minlength=past.actors)
    q = np.bincount(past.place(acts.src[asks]), minlength=past.actors)
    z: NDArray[np.float64] = (a - q) / np.sqrt(np.maximum(a + q, 1))
    return z
