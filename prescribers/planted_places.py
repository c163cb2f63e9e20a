"""Who was planted in a simulated conversation, and where they came out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from prescribers.plain_text import plain

ROLES = {
    "prescribers": "small audience, many credible people answer",
    "facilitators": "answer in the company's place",
    "broadcasters": "loud, many followers, few answers",
    "ring": "new accounts that applaud each other",
    "staff": "the company's people, never ranked",
    "brands": "the company's accounts, never ranked",
}
NAMED = 5


@dataclass(frozen=True, slots=True)
class Place:
    """One planted account; `rank` and `followers_rank` are None where it is not ranked."""

    actor_id: str
    name: str
    rank: int | None
    followers_rank: int | None


def planted_places(planted: Mapping[str, Any], rows: Sequence[Mapping[str, Any]]) -> dict[str, list[Place]]:
    """By role, in order of rank, those without one last."""
    by_actor = {row["actor_id"]: row for row in rows}
    places: dict[str, list[Place]] = {}
    for role in ROLES:
        found = []
        for one in planted[role]:
            row = by_actor.get(one["actor_id"])
            ranks = (row["rank"], row["followers_rank"]) if row else (None, None)
            found.append(Place(one["actor_id"], one["actor_name"], *ranks))
        places[role] = sorted(found, key=lambda place: (place.rank is None, place.rank or 0, place.actor_id))
    return places


def place_lines(places: Mapping[str, Sequence[Place]]) -> list[str]:
    """A line or two per role, 80 columns."""
    lines = []
    for role, found in places.items():
        ranked = [place for place in found if place.rank is not None]
        lines.append(f"{role} ({ROLES[role]}): {len(found)} planted, {len(ranked)} ranked")
        shown = [f"#{place.rank} {plain(place.name)} (#{place.followers_rank} by followers)" for place in ranked[:NAMED]]
        more = len(ranked) - len(shown)
        lines += [f"    {line}" for line in (*shown, *([f"and {more} more, further down"] if more else []))]
    return lines


def first_among(places: Mapping[str, Sequence[Place]]) -> str:
    """How many planted prescribers come before the broadcaster and every ring member."""
    rivals = [place.rank for role in ("broadcasters", "ring") for place in places[role] if place.rank is not None]
    best = min(rivals, default=None)
    ahead = [place for place in places["prescribers"] if place.rank is not None and (best is None or place.rank < best)]
    return f"{len(ahead)} of {len(places['prescribers'])} planted prescribers come before the broadcaster and every ring member."
