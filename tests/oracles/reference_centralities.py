"""PageRank, temporal PageRank and brokerage: section 15 of `docs/ranking.md`, from the text alone."""

from collections.abc import Mapping, Sequence
from itertools import combinations

import numpy as np

from tests.oracles.reference_circles import in_order
from tests.oracles.reference_trust import Row

DAMPING, KEEP = 0.85, 0.5
BROKERS = 80
LEAST_PARTED = 0.3

Broker = tuple[int, int, int, float]


def responses_of(rows: Sequence[Row]) -> list[tuple[str, str]]:
    """(u, i) of each response, in order of time, inside one timestamp in the order of actors."""
    place = {actor: number for number, actor in enumerate(in_order(occurring(rows)))}
    counted = [row for row in rows if row.target and row.kind not in ("reaction", "action") and not row.bot]
    counted.sort(key=lambda row: (row.at, place[row.actor], place[row.target]))
    return [(row.actor, row.target) for row in counted]


def occurring(rows: Sequence[Row]) -> set[str]:
    """Who acts, or is acted toward."""
    return {actor for row in rows for actor in (row.actor, row.target) if actor}


def pagerank(rows: Sequence[Row]) -> dict[str, float]:
    """The steady state, by solving for it."""
    actors = sorted(occurring(rows))
    place = {actor: number for number, actor in enumerate(actors)}
    counts = np.zeros((len(actors), len(actors)))
    for u, i in responses_of(rows):
        counts[place[u], place[i]] += 1
    given = counts.sum(axis=1, keepdims=True)
    walk = np.where(given > 0, counts / np.maximum(given, 1), 1 / len(actors))
    system = np.eye(len(actors)) - DAMPING * walk.T
    steady = np.linalg.solve(system, np.full(len(actors), (1 - DAMPING) / len(actors)))
    return dict(zip(actors, steady.tolist(), strict=True))


def temporal_pagerank(rows: Sequence[Row]) -> dict[str, float]:
    """Algorithm 1 of the paper, response by response, as shares of the whole."""
    rank = dict.fromkeys(occurring(rows), 0.0)
    active = dict(rank)
    for u, i in responses_of(rows):
        rank[u] += 1 - DAMPING
        active[u] += 1 - DAMPING
        rank[i] += active[u] * DAMPING
        active[i] += active[u] * (1 - KEEP) * DAMPING
        active[u] *= KEEP
    whole = sum(rank.values())
    return {actor: value / whole if whole else 0.0 for actor, value in rank.items()}


def brokerage(actor: str, ties: set[frozenset[str]], circles: Mapping[str, int]) -> Broker:
    """Contacts, circles joined, brokered pairs, and their share in all pairs, by looking at every pair."""
    contacts = sorted({other for tie in ties if actor in tie for other in tie - {actor} if other in circles})
    names = [circles[other] for other in contacts]
    pairs = list(combinations(contacts, 2))
    apart = [pair for pair in pairs if circles[pair[0]] != circles[pair[1]] and frozenset(pair) not in ties]
    joined = sum(names.count(name) >= 2 for name in set(names))
    return len(contacts), joined, len(apart), len(apart) / len(pairs) if pairs else 0.0
