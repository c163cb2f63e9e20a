"""An explanation in short: who responded, whose word that is, and what to make of the actor. For those who read no further."""

from collections.abc import Mapping
from typing import Any

from graph.role_thresholds import THRESHOLDS
from graph.run import EVIDENCE_RANKS
from prescribers.durations import UNITS
from prescribers.explanation_words import Lang, number

DAY_MS, HOUR_MS = UNITS["d"], UNITS["h"]
STEADY, OFTEN = 0.8, 0.5
"""Of regularity: present and answered nearly all along; in more than half of the period."""
NEARLY_ALL, MOST, SOME = 0.75, 0.5, 0.25
"""Of the weight of responses, the share of credible ones."""
FEW_MESSAGES = 2
NEW, SAME = 1.15, 0.85
"""Of lift: clearly more, and clearly fewer, new voices than usual."""

SUMMARY: dict[Lang, dict[str, str]] = {
    "en": {
        "one": "1 person responded to them over the last {time}.",
        "many": "{count} different people responded to them, {steadiness}, over the last {time}.",
        "steady": "steadily",
        "often": "fairly steadily",
        "seldom": "in a few bursts",
        "nearly all": "Nearly all of that response comes from people who are themselves listened to here.",
        "most": "Most of that response comes from people who are themselves listened to here.",
        "some": "Most of that response comes from people not known to be listened to here.",
        "few": "Hardly any of that response comes from people listened to here: look at who it comes from before you act.",
        "silent": "They wrote nothing in that time: people respond to older words of theirs, or to their name.",
        "message": "They wrote a single message in that time: a moment rather than a steady voice.",
        "messages": "They wrote only two messages in that time: a moment rather than a steady voice.",
        "new": "More of these people than usual are new to them.",
        "same": "Fewer of these people than usual are new to them: mostly the same ones respond.",
        "prescriber": "What they say is taken up: a good person to talk to first.",
        "facilitator": "They help more people than answer them: come with something useful rather than with an announcement.",
        "connector": "They are heard outside of their own circle: a way from one circle to another.",
        "broadcaster": "They publish and hardly ever converse: expect reach rather than a conversation.",
        "newcomer": "They have only just come: wait and see before you count on them.",
        "self-promoter": "They go to people more than people come to them: be careful.",
        "no role": "Read the messages below before you decide.",
        "far down": "No messages are kept this far down the list: look at what they write before you decide.",
        "too few": "That is too little to act on.",
        "days": "{count} days",
        "hours": "{count} hours",
    },
    "fr": {
        "one": "1 personne a réagi à ses propos au cours des {time}.",
        "many": "{count} personnes différentes ont réagi à ses propos, {steadiness}, au cours des {time}.",
        "steady": "régulièrement",
        "often": "assez régulièrement",
        "seldom": "par à-coups",
        "nearly all": "Presque tout cet écho vient de personnes elles-mêmes écoutées ici.",
        "most": "L’essentiel de cet écho vient de personnes elles-mêmes écoutées ici.",
        "some": "L’essentiel de cet écho vient de personnes dont on ignore si elles sont écoutées ici.",
        "few": "Presque rien de cet écho ne vient de personnes écoutées ici : regardez de qui il vient avant d’agir.",
        "silent": "Ce compte n’a rien écrit pendant ce temps : on réagit à des propos plus anciens, ou à son nom.",
        "message": "Ce compte n’a écrit qu’un seul message pendant ce temps : un moment plutôt qu’une voix régulière.",
        "messages": "Ce compte n’a écrit que deux messages pendant ce temps : un moment plutôt qu’une voix régulière.",
        "new": "Il y a parmi elles plus de nouveaux interlocuteurs que d’ordinaire.",
        "same": "Il y a parmi elles moins de nouveaux interlocuteurs que d’ordinaire : ce sont surtout des habitués.",
        "prescriber": "Ce que dit ce compte est repris : un bon premier interlocuteur.",
        "facilitator": "Ce compte aide plus qu’on ne lui répond : venez avec quelque chose d’utile, non une annonce.",
        "connector": "Ce compte est entendu hors de son propre cercle : un passage d’un cercle à l’autre.",
        "broadcaster": "Ce compte publie et ne converse presque jamais : de la portée, guère de conversation.",
        "newcomer": "Ce compte vient d’arriver : attendez de voir avant de compter sur lui.",
        "self-promoter": "Ce compte va vers les gens plus qu’ils ne viennent à lui : prudence.",
        "no role": "Lisez les messages ci-dessous avant de vous décider.",
        "far down": "À ce rang, aucun message n’est conservé : allez lire ce compte avant de vous décider.",
        "too few": "C’est trop peu pour agir.",
        "days": "{count} derniers jours",
        "hours": "{count} dernières heures",
    },
}


def in_short(row: Mapping[str, Any], window_ms: int, lang: Lang) -> str:
    """Some sentences about a ranked row, as `ranked_row` builds it; `window_ms`: the window of its run, ms."""
    words = SUMMARY[lang]
    steadiness = words[_first(row["regularity"], {"steady": STEADY, "often": OFTEN}, "seldom")]
    unit, unit_ms = ("days", DAY_MS) if window_ms % DAY_MS == 0 and window_ms > DAY_MS else ("hours", HOUR_MS)
    time = words[unit].format(count=number(window_ms // unit_ms, lang))
    sentences = [
        words["one" if row["responders"] == 1 else "many"].format(
            count=number(row["responders"], lang), time=time, steadiness=steadiness
        )
    ]
    weight = row["trusted"] + row["open"]
    share = row["trusted"] / weight if weight else 0.0
    sentences.append(words[_first(share, {"nearly all": NEARLY_ALL, "most": MOST, "some": SOME}, "few")])
    if row["responders"] > 1 and (telling := _telling(row)):
        sentences.append(words[telling])
    sentences.append(words[_advice(row)])
    return " ".join(sentences)


def _telling(row: Mapping[str, Any]) -> str:
    """What else is out of the ordinary; nothing where nothing is."""
    if row["messages"] == 0 or (row["messages"] <= FEW_MESSAGES and row["regularity"] < OFTEN):
        return ("silent", "message", "messages")[row["messages"]]
    return "new" if row["lift"] >= NEW else "same" if row["lift"] <= SAME else ""


def _advice(row: Mapping[str, Any]) -> str:
    """What to make of the actor."""
    if row["role"]:
        return str(row["role"])
    if row["responders"] < THRESHOLDS.responders:
        return "too few"
    return "no role" if row["rank"] <= EVIDENCE_RANKS else "far down"


def _first(value: float, steps: Mapping[str, float], otherwise: str) -> str:
    """The first step that a value reaches, from the highest down."""
    return next((name for name, least in steps.items() if value >= least), otherwise)
