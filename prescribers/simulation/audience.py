"""Who responds to a message, and who speaks next."""

from bisect import bisect_right
from collections.abc import Callable, Sequence
from itertools import accumulate
from random import Random

from prescribers.simulation.agenda import Message
from prescribers.simulation.cast import Actor, Cast, by_circle

SAME_LANGUAGE = 0.85
BACK_TO_WHOM_ONE_ANSWERED = 0.6
INSIDE_CIRCLE = 0.6
ONLOOKER_REACTS = 0.6
TRIES = 6


class Audience:
    """Draws people. Ring accounts answer the ring only, and nobody else ever answers them; onlookers only react."""

    def __init__(self, cast: Cast, rng: Random) -> None:
        self._cast, self._rng = cast, rng
        self._circles = by_circle(cast.ordinary)
        busy = cast.ordinary + cast.newcomers
        self._speaking = _Lot(busy, lambda actor: actor.activity)
        self._listening = {lang: _Lot([a for a in busy if a.lang == lang] or busy, _curiosity) for lang in ("fr", "en")}
        self._established = {
            lang: _Lot([a for a in cast.established if a.lang == lang] or cast.established, _curiosity) for lang in ("fr", "en")
        }

    def speaker(self, now_ms: int) -> Actor:
        """Somebody who says something unprompted: the busier, the likelier."""
        return self._draw(self._speaking, now_ms, None) or self._rng.choice(self._cast.ordinary)

    def responder(self, message: Message, now_ms: int, *, reaction: bool = False) -> Actor | None:
        """Somebody who responds to the message, or None when nobody can be found."""
        rng, actor = self._rng, message.actor
        if actor.role == "ring":
            return self._other(self._cast.ring, message, now_ms)
        if message.parent is not None and rng.random() < BACK_TO_WHOM_ONE_ANSWERED:
            asked = message.parent.actor
            return asked if asked is not actor else None
        if reaction and rng.random() < ONLOOKER_REACTS:
            return rng.choice(self._cast.onlookers)
        lang = actor.lang if rng.random() < SAME_LANGUAGE else ("en" if actor.lang == "fr" else "fr")
        if actor.role == "prescriber":
            return self._draw(self._established[lang], now_ms, actor)
        if actor.circle >= 0 and rng.random() < INSIDE_CIRCLE:
            return self._other(self._circles[actor.circle], message, now_ms)
        return self._draw(self._listening[lang], now_ms, actor)

    def helper(self, message: Message) -> Actor | None:
        """A facilitator who answers a question, of the same language where there is one."""
        free = [actor for actor in self._cast.facilitators if actor is not message.actor]
        return self._rng.choice([actor for actor in free if actor.lang == message.actor.lang] or free)

    def employee(self) -> Actor:
        """Somebody on the staff."""
        return self._rng.choice(self._cast.staff)

    def _draw(self, lot: "_Lot", now_ms: int, but: Actor | None) -> Actor | None:
        for _ in range(TRIES):
            actor = lot.draw(self._rng.random())
            if actor is not but and actor.joined_ms <= now_ms:
                return actor
        return None

    def _other(self, actors: Sequence[Actor], message: Message, now_ms: int) -> Actor | None:
        for _ in range(TRIES):
            actor = actors[int(self._rng.random() * len(actors))]
            if actor is not message.actor and actor.joined_ms <= now_ms:
                return actor
        return None


class _Lot:
    """Weighted draws in O(log n)."""

    def __init__(self, actors: Sequence[Actor], weight: Callable[[Actor], float]) -> None:
        self._actors = actors
        self._sums = list(accumulate(weight(actor) for actor in actors))

    def draw(self, share: float) -> Actor:
        return self._actors[bisect_right(self._sums, share * self._sums[-1])]


def _curiosity(actor: Actor) -> float:
    """Busy people respond more, but less than in proportion: answers come from many, not from the same few."""
    return float(actor.activity**0.65)
