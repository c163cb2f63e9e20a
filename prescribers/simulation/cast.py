"""Who takes part: ordinary people in circles, and the few roles that a ranking should tell apart.

Nothing here says what anybody scores: a role is only how often somebody writes, who answers, how richly, and since when.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from random import Random
from typing import Literal

from graph.mention import ActorType
from graph.theme_settings import DAY_MS
from prescribers.simulation.chance import stream
from prescribers.simulation.names import Namer
from prescribers.simulation.simulation_settings import SimulationSettings

Role = Literal["prescriber", "facilitator", "broadcaster", "ring", "staff", "brand", "newcomer", "ordinary", "onlooker"]

PRESCRIBERS, FACILITATORS, STAFF = 5, 4, 3
RING_LEAST, RING_MOST = 20, 40
RING_DAYS = 13
NEWCOMER_DAYS = 21
NEWCOMERS_PER_PERSON, ONLOOKERS_PER_PERSON = 0.08, 0.2
CIRCLE_SIZE = 14
PARETO_SHAPE = 1.4
BUSIEST = 40.0
REGULAR = 1.3
"""Activity from which somebody is established: about every third of the ordinary people."""
PRESCRIBER_OWN, LEAST_OWN, MOST_OWN = 0.9, 0.25, 2.5
BOSS_OWN = 2.0
CLIENTS = ("web", "web", "android", "ios", "desktop")


@dataclass(frozen=True, slots=True)
class Pull:
    """How many responses a message of somebody's draws on average, by kind; `late`: quotes days later."""

    replies: float = 0.0
    reposts: float = 0.0
    quotes: float = 0.0
    reactions: float = 0.0
    late: float = 0.0


NO_PULL = Pull()


@dataclass(frozen=True, slots=True, eq=False)
class Actor:
    """One account. `activity` weighs who writes next; `posts_per_day` is a habit on top; `joined_ms`: silent before."""

    actor_id: str
    handle: str
    name: str
    role: Role
    lang: str
    followers: int
    activity: float
    pull: Pull
    joined_ms: int
    posts_per_day: float = 0.0
    circle: int = -1
    actor_type: ActorType = "person"
    client_app: str = "web"


@dataclass(frozen=True, slots=True)
class Part:
    """What makes a role; `_Casting` gives it a name, a number of followers and, where open, a language and a client."""

    role: Role
    followers: tuple[int, int]
    pull: Pull = NO_PULL
    posts_per_day: float = 0.0
    activity: float = 0.0
    joined_ms: int = 0
    lang: str = ""
    circle: int = -1
    actor_type: ActorType = "person"
    client_app: str = ""


@dataclass(frozen=True, slots=True)
class Cast:
    """Everybody, by role. `ring[0]` is the boss whom the others answer; `brands[0]` is the theme's own."""

    prescribers: tuple[Actor, ...]
    facilitators: tuple[Actor, ...]
    broadcasters: tuple[Actor, ...]
    ring: tuple[Actor, ...]
    staff: tuple[Actor, ...]
    brands: tuple[Actor, ...]
    newcomers: tuple[Actor, ...]
    ordinary: tuple[Actor, ...]
    onlookers: tuple[Actor, ...]

    @property
    def established(self) -> tuple[Actor, ...]:
        """People whose own word has weight: here from the start, and often."""
        return tuple(actor for actor in self.ordinary if actor.activity >= REGULAR) or self.ordinary


def assemble(settings: SimulationSettings) -> Cast:
    """The cast of these settings: a function of seed, source, size and span, whatever is said later."""
    rng = stream(settings.seed, f"cast {settings.source}")
    return _Casting(settings, rng, Namer(settings.source, rng)).cast()


class _Casting:
    def __init__(self, settings: SimulationSettings, rng: Random, namer: Namer) -> None:
        self._settings, self._rng, self._namer = settings, rng, namer

    def cast(self) -> Cast:
        scale, people = self._settings.intensity, self._settings.people
        own = min(max(PRESCRIBER_OWN * scale, LEAST_OWN), MOST_OWN)
        word = PRESCRIBER_OWN * scale / own
        answered = Pull(replies=4.5 * word, reposts=1.5 * word, quotes=0.5 * word, reactions=3.0 * word, late=1.2 * word)
        loud = Pull(replies=0.1, reposts=0.3, quotes=0.02, reactions=4.5)
        helpful = Pull(replies=0.3, reposts=0.05, reactions=0.4)
        return Cast(
            prescribers=self._several(PRESCRIBERS, Part("prescriber", (180, 900), answered, own)),
            facilitators=self._several(FACILITATORS, Part("facilitator", (60, 3_000), helpful, 0.15 * scale)),
            broadcasters=(
                self._play(Part("broadcaster", (110_000, 260_000), loud, 4.5 * scale, actor_type="org", client_app="autopost")),
            ),
            ring=self._ring(self._rng.randint(RING_LEAST, RING_MOST), scale),
            staff=self._several(STAFF, Part("staff", (100, 1_500), helpful, 0.1 * scale, actor_type="staff")),
            brands=self._several(2, Part("brand", (15_000, 40_000), Pull(0.3, 0.3, 0.02, 1.5), scale, actor_type="brand")),
            newcomers=tuple(self._newcomer() for _ in range(max(5, int(people * NEWCOMERS_PER_PERSON)))),
            ordinary=tuple(self._ordinary(number // CIRCLE_SIZE) for number in range(people)),
            onlookers=tuple(self._play(Part("onlooker", (0, 400))) for _ in range(max(10, int(people * ONLOOKERS_PER_PERSON)))),
        )

    def _play(self, part: Part) -> Actor:
        rng = self._rng
        lang = part.lang or ("fr" if rng.random() < self._settings.french_share else "en")
        if part.role == "brand":
            naming = self._namer.brand()
        else:
            naming = self._namer.magazine(lang) if part.role == "broadcaster" else self._namer.person(lang)
        return Actor(
            actor_id=naming.actor_id,
            handle=naming.handle,
            name=naming.name,
            role=part.role,
            lang=lang,
            followers=rng.randint(*part.followers),
            activity=part.activity,
            pull=part.pull,
            joined_ms=part.joined_ms,
            posts_per_day=part.posts_per_day,
            circle=part.circle,
            actor_type=part.actor_type,
            client_app=part.client_app or rng.choice(CLIENTS),
        )

    def _several(self, count: int, part: Part) -> tuple[Actor, ...]:
        """The two languages in turn, so that each has its share of so few."""
        langs = ("fr", "en") if self._settings.french_share > 0 else ("en",)
        return tuple(self._play(replace(part, lang=langs[number % len(langs)])) for number in range(count))

    def _ring(self, size: int, scale: float) -> tuple[Actor, ...]:
        """Accounts made in the last two weeks for one purpose: to be seen answering the first of them."""
        rng, settings = self._rng, self._settings
        start = max(settings.start_ms, settings.end_ms - RING_DAYS * DAY_MS)
        lang = "fr" if rng.random() < settings.french_share else "en"
        each = 1.5 * max(0.2, min(scale, 3.0))
        applause = Pull(replies=size * 0.4 * each / BOSS_OWN, reposts=size * 0.15 * each / BOSS_OWN)
        boss = self._play(Part("ring", (20, 400), applause, BOSS_OWN, joined_ms=start, lang=lang))
        puppet = Part("ring", (0, 60), Pull(replies=0.3, reposts=0.1), 0.3 * each, lang=lang)
        puppets = (self._play(replace(puppet, joined_ms=start + rng.randrange(2 * DAY_MS))) for _ in range(size - 1))
        return boss, *puppets

    def _newcomer(self) -> Actor:
        joined = self._settings.end_ms - self._rng.randrange(1, NEWCOMER_DAYS * DAY_MS)
        joined = max(joined, self._settings.start_ms)
        return self._play(Part("newcomer", (0, 120), Pull(0.5, 0.0, 0.0, 0.3), activity=1.0, joined_ms=joined))

    def _ordinary(self, circle: int) -> Actor:
        """Activity is a power law; how much one is answered varies apart from it; followers have little to do with either."""
        rng = self._rng
        warmth = rng.lognormvariate(-0.25, 0.8)
        activity = min(rng.paretovariate(PARETO_SHAPE), BUSIEST) * 0.8
        audience = int(rng.lognormvariate(5.2, 1.5))
        pull = Pull(0.55 * warmth, 0.12 * warmth, 0.04 * warmth, 0.5 * warmth, 0.01 * warmth)
        lang = "fr" if circle % 10 < round(self._settings.french_share * 10) else "en"
        followers = (audience // 2, audience + 10)
        return self._play(Part("ordinary", followers, pull, activity=activity, lang=lang, circle=circle))


def by_circle(actors: Sequence[Actor]) -> dict[int, list[Actor]]:
    """Ordinary people by the circle they talk in."""
    circles: dict[int, list[Actor]] = {}
    for actor in actors:
        circles.setdefault(actor.circle, []).append(actor)
    return circles
