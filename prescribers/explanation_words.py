"""The words of an explanation, French and English: in a marketer's language, and never that one thing caused another.

Templates are filled by name; a test holds both languages to the same keys and names.
"""

from typing import Literal

from prescribers.moments import MINUTE, day_and_minute, moment_ms

Lang = Literal["fr", "en"]
NO_BREAK = "\N{NARROW NO-BREAK SPACE}"
LEAST = 0.01
PATTERNS: dict[Lang, str] = {"en": MINUTE, "fr": "%d/%m/%Y à %H:%M"}

WORDS: dict[Lang, dict[str, str]] = {
    "en": {
        "title": "{actor}: rank {rank} of {ranked} in {theme}, as of {time}",
        "prescriber": "Prescriber: credible people respond to what they say.",
        "facilitator": "Facilitator: replies to more people than respond in turn.",
        "connector": "Connector: heard mostly by members of other circles than its own.",
        "broadcaster": "Broadcaster: posts much and replies to hardly anybody.",
        "newcomer": "Newcomer: first seen here less than a quarter of the period ago.",
        "self-promoter": "Self-promoter: calls on many people first, few of whom answer.",
        "parts": "Where the score of {score} comes from",
        "trusted": "Responses from {people}: the credible voices",
        "trusted_why": "Each person counts once, and less as their last response grows old.",
        "open": "The people not yet known here",
        "open_why": "Capped, so that a group of new accounts cannot lift anybody alone.",
        "regularity": "Steadiness: {percent} of a voice present all along",
        "regularity_why": "{messages}. The {window} has twelve parts: what counts is in how many of them they wrote, and in how "
        "many they were answered.",
        "open_plain": "Not capped here: see below.",
        "lift": "New voices among them: {ratio} times the usual share",
        "lift_why": "People with whom they had nothing to do before the last half of the {window}. Above 1 adds, below 1 takes "
        "away.",
        "score": "Score",
        "evidence": "Their word was followed by",
        "evidence_none": "No single response is on record for this time.",
        "evidence_beyond": "Messages are kept for the first {ranks} of a ranking only.",
        "item": "{who} {verb} on {time}",
        "at": "message {identity}",
        "reply": "replied to them",
        "quote": "quoted their words",
        "repost": "shared their message",
        "mention": "mentioned this account",
        "reaction": "reacted to their message",
        "accept": "accepted their answer",
        "vouch": "vouched for them",
        "other": "responded",
        "beside": "By other measures, as of {time}",
        "beside_ranks": "By PageRank they would be at rank {pagerank_rank}, by temporal PageRank at rank "
        "{temporal_pagerank_rank} (here {rank_then} at that time). Neither asks how credible a voice is, or whether it was "
        "called on first; shown to compare, never counted.",
        "joins": "Joins {circles} circles: exchanges with {people}; of the pairs among them, {percent} are of two different "
        "circles and exchanged nothing with one another.",
        "joins_none": "Joins no circles: exchanges with {people}, hardly anybody outside a single circle.",
        "notes": "To bear in mind",
        "tie": "One other shares this rank: the data do not tell the two apart.",
        "ties": "{others} others share this rank: the data do not tell them apart.",
        "span": "A rank is an estimate: four times in five, such a rank came out between {low} and {high}.",
        "cold": "The theme is young: too little is known of whom to believe, so the order is provisional.",
        "plain": "Here every voice counts the same, whoever speaks: that is how this source is configured.",
        "solicited": "{percent} of the responses came from people they had addressed first.",
        "audience": "{followers}, rank {followers_rank} by followers: shown, never counted.",
        "follower": "1 follower",
        "followers": "{count} followers",
        "followers_unknown": "Number of followers unknown; it is never counted anyway.",
        "association": "This says what followed, not what caused it.",
        "person": "1 person",
        "persons": "{count} people",
        "message_none": "No message of theirs",
        "message": "1 message of theirs",
        "messages": "{count} messages of theirs",
        "window": "period",
    },
    "fr": {
        "title": "{actor} : rang {rank} sur {ranked} dans {theme}, au {time}",
        "prescriber": "Prescripteur : des personnes crédibles répondent à ce qu’il dit.",
        "facilitator": "Facilitateur : répond à plus de personnes qu’il n’y en a qui lui répondent.",
        "connector": "Passeur : entendu surtout hors de son propre cercle.",
        "broadcaster": "Diffuseur : publie beaucoup et ne répond presque à personne.",
        "newcomer": "Nouveau venu : vu ici depuis moins d’un quart de la période.",
        "self-promoter": "Autopromotion : interpelle beaucoup de monde, et peu répondent.",
        "parts": "D’où vient le score de {score}",
        "trusted": "Réponses de {people} : les voix crédibles",
        "trusted_why": "Chaque personne compte une fois, et moins à mesure que sa dernière réponse vieillit.",
        "open": "Les personnes encore inconnues ici",
        "open_why": "Plafonné : un groupe de nouveaux comptes ne peut faire monter personne à lui seul.",
        "regularity": "Régularité : {percent} de celle d’une voix présente tout du long",
        "regularity_why": "{messages}. La {window} est découpée en douze : on compte les parties où ce compte a écrit, et "
        "celles où on lui a répondu.",
        "open_plain": "Sans plafond ici : voir plus bas.",
        "lift": "Voix nouvelles parmi elles : {ratio} fois la part habituelle",
        "lift_why": "Des personnes sans échange avec ce compte avant la seconde moitié de la {window}. Plus de 1 ajoute ; moins "
        "de 1 retranche.",
        "score": "Score",
        "evidence": "Sa parole a été suivie de ces réponses",
        "evidence_none": "Aucune réponse n’est conservée pour cette date.",
        "evidence_beyond": "Les messages ne sont conservés que pour les {ranks} premiers du classement.",
        "item": "{who} {verb} le {time}",
        "at": "message {identity}",
        "reply": "lui a répondu",
        "quote": "a cité ses propos",
        "repost": "a relayé son message",
        "mention": "a mentionné ce compte",
        "reaction": "a réagi à son message",
        "accept": "a accepté sa réponse",
        "vouch": "lui a apporté sa caution",
        "other": "a réagi",
        "beside": "Selon d’autres mesures, au {time}",
        "beside_ranks": "Selon PageRank, ce compte serait au rang {pagerank_rank} ; selon le PageRank temporel, au rang "
        "{temporal_pagerank_rank} (ici au rang {rank_then} à cette date). Aucun des deux ne demande si une voix est crédible, "
        "ni si elle avait été interpellée d’abord ; affichés pour comparer, jamais comptés.",
        "joins": "Relie {circles} cercles : échange avec {people} ; parmi les paires qu’elles forment, {percent} sont de deux "
        "cercles différents et n’ont rien échangé entre elles.",
        "joins_none": "Ne relie pas de cercles : échange avec {people}, presque personne hors d’un seul cercle.",
        "notes": "À garder à l’esprit",
        "tie": "Un autre compte partage ce rang : les données ne les départagent pas.",
        "ties": "{others} autres comptes partagent ce rang : les données ne les départagent pas.",
        "span": "Un rang est une estimation : quatre fois sur cinq, un tel rang s’est ensuite situé entre {low} et {high}.",
        "cold": "Le thème est jeune : on sait encore mal qui croire, et l’ordre est provisoire.",
        "plain": "Ici toutes les voix se valent, qui que ce soit qui parle : cette source est configurée ainsi.",
        "solicited": "{percent} des réponses viennent de personnes à qui ce compte s’était adressé d’abord.",
        "audience": "{followers}, rang {followers_rank} par le nombre d’abonnés : affichés, jamais comptés.",
        "follower": "1 abonné",
        "followers": "{count} abonnés",
        "followers_unknown": "Nombre d’abonnés inconnu ; il n’est de toute façon jamais compté.",
        "association": "Ceci dit ce qui a suivi, non ce qui en fut la cause.",
        "person": "1 personne",
        "persons": "{count} personnes",
        "message_none": "Aucun message de sa part",
        "message": "1 message de sa part",
        "messages": "{count} messages de sa part",
        "window": "période",
    },
}


def number(value: float, lang: Lang, digits: int = 0, *, signed: bool = False) -> str:
    """A number as the language writes it: 1,234.5 or 1 234,5."""
    written = f"{value:{'+' if signed else ''},.{digits}f}".replace("-", "−")
    return written.replace(",", NO_BREAK).replace(".", ",") if lang == "fr" else written


def percent(share: float, lang: Lang) -> str:
    """A share as a percentage; what is there, and less than one, is not rounded to nothing."""
    shown = "<1" if 0 < share < LEAST else str(round(100 * share))
    return f"{shown}{NO_BREAK}%" if lang == "fr" else f"{shown}%"


def minute(moment: str, lang: Lang) -> str:
    """A moment, RFC 3339, to the minute, UTC: 2026-11-23 14:00 or 23/11/2026 à 14:00."""
    return day_and_minute(moment_ms(moment), PATTERNS[lang])
