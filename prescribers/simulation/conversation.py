"""Who does what, moment by moment: due deeds first, then somebody says something of their own."""

from dataclasses import dataclass
from random import Random

from graph.mention import Kind
from prescribers.simulation.agenda import Agenda, Deed, Intent, Message
from prescribers.simulation.audience import Audience
from prescribers.simulation.cast import Actor, Cast, Role
from prescribers.simulation.consequences import Consequences, plan_habits
from prescribers.simulation.simulation_settings import SimulationSettings
from prescribers.simulation.vocabulary import Purpose, compose

ASKS, NEWCOMER_ASKS = 0.28, 0.7
ADDRESSES_BRAND, ADDRESSES_HELPER = 0.05, 0.03
NAMES_SOMEBODY_ELSE = 0.05
SHOWS_LINK = 0.15
SPONSORED = 0.1
WORDLESS: dict[Deed, Kind] = {"repost": "repost", "reaction": "reaction", "accept": "accept", "vouch": "vouch"}
STATEMENTS: dict[Role, Purpose] = {"prescriber": "advice", "broadcaster": "promotion", "ring": "hype", "brand": "news"}
RESPONSES: dict[Deed, Purpose] = {"answer": "answer", "thanks": "thanks", "quote": "quote"}
DOMAINS = ("velo-pratique.example", "cargobike.example", "forum-longtail.example", "alize-cargo.example", "video.example")


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """One act, not yet bytes. `made` is the message that it creates or changes; `message` is the one that it is about."""

    occurred_ms: int
    kind: Kind
    actor: Actor
    made: Message | None = None
    message: Message | None = None
    target: Actor | None = None
    named: tuple[Actor, ...] = ()
    text: str = ""
    links: tuple[str, ...] = ()
    sponsored: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Saying:
    """A message in the making: what is said, by whom, to whom, about which message, and as what deed."""

    kind: Kind
    actor: Actor
    purpose: Purpose
    target: Actor | None = None
    about: Message | None = None
    named: tuple[Actor, ...] = ()
    question: bool = False
    deed: Deed = "post"


class Conversation:
    """A whole conversation of a cast: one act whenever it is asked for the next."""

    def __init__(self, cast: Cast, settings: SimulationSettings, rng: Random) -> None:
        self._cast, self._settings, self._rng = cast, settings, rng
        self._agenda = Agenda()
        self._audience = Audience(cast, rng)
        self._consequences = Consequences(self._agenda, self._audience, rng)
        self._count = 0
        plan_habits(cast, settings, self._agenda, rng)

    def at(self, now_ms: int) -> Act:
        """What happens at this moment; moments never go back."""
        return self._due(now_ms) or self._unprompted(now_ms)

    def _due(self, now_ms: int) -> Act | None:
        while (intent := self._agenda.take(now_ms)) is not None:
            act = self._perform(intent, now_ms)
            if act is not None:
                return act
        return None

    def _perform(self, intent: Intent, now_ms: int) -> Act | None:
        message, deed = intent.message, intent.deed
        if message is None:
            return self._own_post(intent.actor or self._audience.speaker(now_ms), now_ms)
        if deed in {"edit", "delete"}:
            return self._regret(message, deed, now_ms)
        actor = intent.actor or self._audience.responder(message, now_ms, reaction=deed == "reaction")
        if actor is None or actor is message.actor:
            return None
        if deed == "mention":
            return self._say(Saying(kind="mention", actor=actor, purpose="address", target=message.actor), now_ms)
        if deed in WORDLESS:
            about = None if deed == "vouch" else message
            return Act(occurred_ms=now_ms, kind=WORDLESS[deed], actor=actor, message=about, target=message.actor)
        return self._respond(deed, actor, message, now_ms)

    def _own_post(self, actor: Actor, now_ms: int) -> Act:
        return self._say(Saying(kind="post", actor=actor, purpose=STATEMENTS.get(actor.role, "statement")), now_ms)

    def _unprompted(self, now_ms: int) -> Act:
        actor, rng = self._audience.speaker(now_ms), self._rng
        draw = rng.random()
        if draw < ADDRESSES_BRAND + ADDRESSES_HELPER:
            asked = self._cast.brands[0] if draw < ADDRESSES_BRAND else rng.choice(self._cast.facilitators)
            return self._say(Saying(kind="mention", actor=actor, purpose="address", target=asked, question=True), now_ms)
        if rng.random() < (NEWCOMER_ASKS if actor.role == "newcomer" else ASKS):
            return self._say(Saying(kind="post", actor=actor, purpose="question", question=True), now_ms)
        return self._own_post(actor, now_ms)

    def _respond(self, deed: Deed, actor: Actor, message: Message, now_ms: int) -> Act:
        purpose = RESPONSES.get(deed, "reply")
        if actor.role == "ring":
            purpose = "hype"
        elif actor.role in {"staff", "brand"}:
            purpose = "care"
        kind: Kind = "quote" if deed == "quote" else "reply"
        named: tuple[Actor, ...] = ()
        if actor.role == "ordinary" and self._rng.random() < NAMES_SOMEBODY_ELSE:
            other = self._audience.speaker(now_ms)
            named = (other,) if other is not actor and other is not message.actor else ()
        saying = Saying(kind=kind, actor=actor, purpose=purpose, target=message.actor, about=message, named=named, deed=deed)
        return self._say(saying, now_ms)

    def _regret(self, message: Message, deed: Deed, now_ms: int) -> Act:
        actor, addressed = message.actor, message.addressed
        if deed == "delete":
            message.deleted = True
            return Act(occurred_ms=now_ms, kind="delete", actor=actor, made=message)
        return Act(
            occurred_ms=now_ms,
            kind="edit",
            actor=actor,
            made=message,
            message=message.parent,
            target=message.parent.actor if message.parent is not None else addressed,
            named=(addressed,) if addressed is not None else (),
            text=compose(self._rng, actor.lang, "question" if message.question else STATEMENTS.get(actor.role, "statement")),
        )

    def _say(self, saying: Saying, now_ms: int) -> Act:
        rng, actor, about, target = self._rng, saying.actor, saying.about, saying.target
        self._count += 1
        object_id = f"{self._settings.source}:{(now_ms << 8) + self._count % 256}"
        made = Message(
            object_id=object_id,
            actor=actor,
            root_id=about.root_id if about is not None else object_id,
            parent=about,
            depth=about.depth + 1 if about is not None else 0,
            question=saying.question,
            addressed=target if saying.kind == "mention" else None,
        )
        self._consequences.of(made, now_ms, saying.deed)
        loud = actor.role in {"broadcaster", "brand"}
        return Act(
            occurred_ms=now_ms,
            kind=saying.kind,
            actor=actor,
            made=made,
            message=about,
            target=target,
            named=saying.named if made.addressed is None else (made.addressed,),
            text=compose(rng, actor.lang, saying.purpose, target.handle if target is not None else ""),
            links=(DOMAINS[int(rng.random() * len(DOMAINS))],) if loud or rng.random() < SHOWS_LINK else (),
            sponsored=loud and rng.random() < SPONSORED,
        )
