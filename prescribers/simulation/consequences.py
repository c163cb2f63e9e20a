"""What a message sets off: answers within the hour, reactions, reposts, quotes days later, thanks, second thoughts."""

from random import Random

from graph.theme_settings import DAY_MS, HOUR_MS, MINUTE_MS
from prescribers.simulation.agenda import Agenda, Deed, Message
from prescribers.simulation.audience import Audience
from prescribers.simulation.cast import Cast
from prescribers.simulation.chance import delay_ms, poisson
from prescribers.simulation.simulation_settings import SimulationSettings

FADE = 0.45
"""Every level deeper in a thread draws this share of the responses of the level above."""
QUESTION_DRAWS = 1.4
HELPED_BY_FACILITATOR, HELPED_BY_STAFF, STAFF_ON_BRAND = 0.5, 0.06, 0.55
THANKED, ACCEPTED = 0.55, 0.35
EDITED, DELETED = 0.007, 0.005
VOUCHED, NAMED_LATER = 0.03, 0.3
LATE_DAYS = (3, 12)
WAKING_HOUR, WAKING_HOURS = 7, 14


class Consequences:
    """Fills the agenda. Only how people behave is written here, never what a ranking should make of it."""

    def __init__(self, agenda: Agenda, audience: Audience, rng: Random) -> None:
        self._agenda, self._audience, self._rng = agenda, audience, rng

    def of(self, message: Message, now_ms: int, deed: Deed) -> None:
        """Everything that this message will lead to by itself."""
        pull, rng, add = message.actor.pull, self._rng, self._agenda.add
        fade = FADE**message.depth
        for _ in range(poisson(rng, pull.replies * fade * (QUESTION_DRAWS if message.question else 1.0))):
            add(now_ms + delay_ms(rng, 45 * MINUTE_MS), "reply", message=message)
        if message.depth == 0:
            self._spread(message, now_ms)
        if message.question:
            self._help(message, now_ms)
        if deed == "answer":
            self._close(message, now_ms)
        self._regret(message, now_ms)

    def _spread(self, message: Message, now_ms: int) -> None:
        pull, rng, add = message.actor.pull, self._rng, self._agenda.add
        for _ in range(poisson(rng, pull.reactions)):
            add(now_ms + delay_ms(rng, 30 * MINUTE_MS), "reaction", message=message)
        for _ in range(poisson(rng, pull.reposts)):
            add(now_ms + delay_ms(rng, 2 * HOUR_MS), "repost", message=message)
        for _ in range(poisson(rng, pull.quotes)):
            add(now_ms + delay_ms(rng, 5 * HOUR_MS), "quote", message=message)
        for _ in range(poisson(rng, pull.late)):
            due_ms = now_ms + round(rng.uniform(*LATE_DAYS) * DAY_MS)
            add(due_ms, "mention" if rng.random() < NAMED_LATER else "quote", message=message)
        if rng.random() < pull.late * VOUCHED:
            add(now_ms + delay_ms(rng, DAY_MS), "vouch", message=message)

    def _help(self, message: Message, now_ms: int) -> None:
        rng, named = self._rng, message.addressed
        if named is not None and named.role == "brand":
            if rng.random() < STAFF_ON_BRAND:
                self._agenda.add(now_ms + delay_ms(rng, 4 * HOUR_MS), "answer", actor=self._audience.employee(), message=message)
        elif named is not None or rng.random() < HELPED_BY_FACILITATOR:
            self._agenda.add(
                now_ms + delay_ms(rng, 90 * MINUTE_MS), "answer", actor=named or self._audience.helper(message), message=message
            )
        if rng.random() < HELPED_BY_STAFF:
            self._agenda.add(now_ms + delay_ms(rng, 6 * HOUR_MS), "answer", actor=self._audience.employee(), message=message)

    def _close(self, answer: Message, now_ms: int) -> None:
        """The asker comes back to an answer: thanks, accepts it, or neither."""
        if answer.parent is None:
            return
        asker, rng = answer.parent.actor, self._rng
        if rng.random() < THANKED:
            self._agenda.add(now_ms + delay_ms(rng, 3 * HOUR_MS), "thanks", actor=asker, message=answer)
        if rng.random() < ACCEPTED:
            self._agenda.add(now_ms + delay_ms(rng, 5 * HOUR_MS), "accept", actor=asker, message=answer)

    def _regret(self, message: Message, now_ms: int) -> None:
        rng = self._rng
        if rng.random() < EDITED:
            self._agenda.add(now_ms + delay_ms(rng, 10 * MINUTE_MS), "edit", actor=message.actor, message=message)
        elif rng.random() < DELETED:
            self._agenda.add(now_ms + delay_ms(rng, 6 * HOUR_MS), "delete", actor=message.actor, message=message)


def plan_habits(cast: Cast, settings: SimulationSettings, agenda: Agenda, rng: Random) -> None:
    """Posts that people make by habit, day after day, whatever else is going on: the planted roles write all span long."""
    everybody = cast.prescribers + cast.facilitators + cast.broadcasters + cast.ring + cast.staff + cast.brands
    for actor in everybody:
        first = max(actor.joined_ms, settings.start_ms)
        for day in range(settings.days):
            morning = settings.start_ms + day * DAY_MS + WAKING_HOUR * HOUR_MS
            for _ in range(poisson(rng, actor.posts_per_day)):
                due_ms = morning + round(rng.random() * WAKING_HOURS * HOUR_MS)
                if due_ms >= first:
                    agenda.add(due_ms, "post", actor=actor)
