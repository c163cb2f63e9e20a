"""The attacks by name: who acts toward whom, how often, for how long. Rates are per half window."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from graph.attacks.scene import Script

BOSS_POSTS = 20
APPLAUSE, MUTUAL, FLATTERY = 2, 4, 3
"""Replies of a puppet to the boss, to other puppets, to the popular."""
COLD_CALLS, COLD_ANSWERED = 30, 0.02
SPAM_CALLS = 3
QUESTIONS, QUESTION_ANSWERED = 3, 0.6
COURTED, COURT_ANSWERED = 2, 0.25
AGED_SPANS = 5

Play = Callable[[Script, int, int], None]
"""Writes into a script what so many accounts do in one half window: (script, accounts, span)."""


@dataclass(frozen=True, slots=True)
class Attack:
    """`spans`: how many half windows it lasts, up to the end."""

    play: Play
    spans: int = 1

    def acts(self, script: Script, accounts: int) -> None:
        """The whole attack, the earliest half window first."""
        for span in reversed(range(self.spans)):
            self.play(script, accounts, span)


def star(script: Script, accounts: int, span: int) -> None:
    """Everybody applauds the boss."""
    script.posts(script.boss, BOSS_POSTS, span)
    for puppet in script.puppets(accounts):
        script.replies(puppet, script.boss, APPLAUSE, span)


def ring(script: Script, accounts: int, span: int) -> None:
    """A star whose accounts also answer one another."""
    star(script, accounts, span)
    puppets = script.puppets(accounts)
    for puppet in puppets:
        for _ in range(MUTUAL):
            script.replies(puppet, script.any_of(puppets), 1, span)


def camouflage(script: Script, accounts: int, span: int) -> None:
    """A ring whose accounts also answer those whom everybody answers."""
    ring(script, accounts, span)
    for puppet in script.puppets(accounts):
        for _ in range(FLATTERY):
            script.replies(puppet, script.any_of(script.scene.popular), 1, span)


def infiltrated(script: Script, accounts: int, span: int) -> None:
    """A ring whose accounts call honest people cold, for the few who answer."""
    ring(script, accounts, span)
    for puppet in script.puppets(accounts):
        script.calls(puppet, COLD_CALLS, COLD_ANSWERED, span)


def spam(script: Script, accounts: int, span: int) -> None:
    """No accounts but the boss, who calls people cold itself, three times for each account that a ring would have."""
    script.posts(script.boss, BOSS_POSTS, span)
    script.calls(script.boss, SPAM_CALLS * accounts, COLD_ANSWERED, span)


def insistent_spam(script: Script, accounts: int, span: int) -> None:
    """The same with as many calls as an infiltrated ring makes: in a small community the same people, dozens of times."""
    script.posts(script.boss, BOSS_POSTS, span)
    script.calls(script.boss, COLD_CALLS * accounts, COLD_ANSWERED, span)


def questions(script: Script, accounts: int, span: int) -> None:
    """Each account asks questions that look real; whoever is kind enough to answer lends it credit, which goes to the boss."""
    star(script, accounts, span)
    for puppet in script.puppets(accounts):
        for _ in range(QUESTIONS):
            at_ms = script.moment(span)
            script.act("post", puppet, at_ms, question=True)
            if script.rng.random() < QUESTION_ANSWERED:
                script.answer(script.any_of(script.scene.honest), script.after(at_ms), puppet)


def courtship(script: Script, accounts: int, span: int) -> None:
    """Slow infiltration: a few replies with substance, often answered, and the exchange goes on; no ring, no haste."""
    star(script, accounts, span)
    for puppet in script.puppets(accounts):
        for _ in range(COURTED):
            at_ms, courted = script.moment(span), script.any_of(script.scene.honest)
            script.act("reply", puppet, at_ms, courted)
            if script.rng.random() < COURT_ANSWERED:
                again = script.after(at_ms)
                script.answer(courted, again, puppet)
                script.act("reply", puppet, script.after(again), courted)


def bought(script: Script, accounts: int, span: int) -> None:
    """Real people, for money, applaud the boss as if they meant it."""
    script.posts(script.boss, BOSS_POSTS, span)
    honest = script.scene.honest
    chosen = script.rng.choice(len(honest), size=min(accounts, len(honest)), replace=False)
    for number in chosen.tolist():
        script.replies(honest[number], script.boss, APPLAUSE, span)


ATTACKS: Mapping[str, Attack] = {
    "star": Attack(star),
    "ring": Attack(ring),
    "camouflage": Attack(camouflage),
    "infiltrated": Attack(infiltrated),
    "spam": Attack(spam),
    "aged ring": Attack(ring, AGED_SPANS),
    "aged, infiltrated": Attack(infiltrated, AGED_SPANS),
    "insistent spam": Attack(insistent_spam),
    "questions": Attack(questions),
    "aged questions": Attack(questions, AGED_SPANS),
    "courtship": Attack(courtship, AGED_SPANS),
    "bought": Attack(bought),
}
"""The first seven as in the study that the score comes from; the last five are worse."""
