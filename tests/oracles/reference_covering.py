"""The shortest covering list: section 16 of `docs/ranking.md`, from the text alone, looking at everybody every time."""

from collections.abc import Sequence

Position = tuple[str, int, int]
"""Actor, people it adds, people reached so far."""
MOST_ACTORS = 100


def covering(ranked: Sequence[str], pairs: set[tuple[str, str]]) -> tuple[list[Position], int]:
    """`ranked`: actors in the order of the ranking; `pairs`: (u, i) with rec > 0. And how many responded to anybody ranked."""
    reach = {actor: {u for u, i in pairs if i == actor} for actor in ranked}
    everybody = {u for people in reach.values() for u in people}
    found: list[Position] = []
    reached: set[str] = set()
    while len(found) < MOST_ACTORS and 5 * len(reached) < 4 * len(everybody):
        best = max(ranked, key=lambda actor: (len(reach[actor] - reached), -ranked.index(actor)))
        added = len(reach[best] - reached)
        reached |= reach[best]
        found.append((best, added, len(reached)))
    return found, len(everybody)
