"""What was planted: who plays which role, so that a ranking can be held against it."""

from collections.abc import Iterable
from typing import TypedDict

from prescribers.simulation.cast import Actor, assemble
from prescribers.simulation.simulation_settings import SimulationSettings


class Planted(TypedDict):
    """One planted account, as events show it."""

    actor_id: str
    actor_name: str
    lang: str
    followers: int


class Truth(TypedDict):
    """Roles, by source. Everybody else is an ordinary person or an onlooker. `ring_bosses` are those whom the ring answers."""

    theme: str
    sources: list[str]
    seed: int
    events: int
    start_ms: int
    end_ms: int
    prescribers: list[Planted]
    facilitators: list[Planted]
    broadcasters: list[Planted]
    ring: list[Planted]
    ring_bosses: list[Planted]
    staff: list[Planted]
    brands: list[Planted]
    newcomers: list[Planted]


def truth(settings: SimulationSettings) -> Truth:
    """The truth behind `simulate(settings)`: roles only, no scores and no expected order."""
    parts = settings.by_source()
    casts = [assemble(part) for part in parts]
    return Truth(
        theme=settings.theme,
        sources=[part.source for part in parts],
        seed=settings.seed,
        events=settings.events,
        start_ms=settings.start_ms,
        end_ms=settings.end_ms,
        prescribers=_planted(actor for cast in casts for actor in cast.prescribers),
        facilitators=_planted(actor for cast in casts for actor in cast.facilitators),
        broadcasters=_planted(actor for cast in casts for actor in cast.broadcasters),
        ring=_planted(actor for cast in casts for actor in cast.ring),
        ring_bosses=_planted(actor for cast in casts for actor in cast.ring[:1]),
        staff=_planted(actor for cast in casts for actor in cast.staff),
        brands=_planted(actor for cast in casts for actor in cast.brands),
        newcomers=_planted(actor for cast in casts for actor in cast.newcomers),
    )


def _planted(actors: Iterable[Actor]) -> list[Planted]:
    return [Planted(actor_id=a.actor_id, actor_name=a.name, lang=a.lang, followers=a.followers) for a in actors]
