"""What people say, in French and English: sentences about cargo bikes, put together from short tables."""

from random import Random
from typing import Literal

Purpose = Literal[
    "statement", "question", "reply", "answer", "thanks", "quote", "advice", "promotion", "hype", "news", "address", "care"
]

WORDS: dict[str, dict[str, tuple[str, ...]]] = {
    "fr": {
        "part": (
            "la béquille", "le frein avant", "la batterie", "le moteur central", "la courroie", "le pneu arrière", "la capote",
            "le dérailleur", "le siège enfant", "la direction", "l'éclairage", "le plateau arrière", "la chaîne", "le garde-boue",
        ),
        "model": ("l'Alizé 2", "l'Alizé Long", "le Mistral", "le Sirocco", "un biporteur", "un longtail", "un triporteur"),
        "place": (
            "à Lyon", "en forêt", "sous la pluie", "dans les montées de Grenoble", "avec deux enfants", "au marché",
            "en plein hiver", "sur les pavés", "jusqu'à l'école", "pendant les vacances", "à Besançon", "sur la voie verte",
        ),
        "town": ("à Lyon", "à Grenoble", "à Besançon", "à Nantes", "au marché de Rennes", "sur la voie verte"),
        "feel": ("vraiment bien", "plutôt décevant", "étonnamment solide", "un peu bruyant", "très pratique", "trop cher"),
        "span": ("trois semaines", "deux ans", "six mois", "800 km", "5 000 km", "un hiver", "quelques jours"),
    },
    "en": {
        "part": (
            "the kickstand", "the front brake", "the battery", "the mid-drive motor", "the belt", "the rear tyre",
            "the rain cover", "the derailleur", "the child seat", "the steering", "the front light",
            "the rear rack", "the chain", "the mudguard",
        ),
        "model": ("the Alizé 2", "the Alizé Long", "the Mistral", "the Sirocco", "a long john", "a longtail", "a cargo trike"),
        "place": (
            "in Leeds", "off road", "in the rain", "on steep hills", "with two kids on board", "at the market", "in midwinter",
            "on cobbles", "on the school run", "on holiday", "in Bristol", "on the towpath",
        ),
        "town": ("in Leeds", "in Bristol", "in Cork", "in Cardiff", "at Norwich market", "on the towpath"),
        "feel": ("really good", "a bit disappointing", "surprisingly sturdy", "rather noisy", "very handy", "overpriced"),
        "span": ("three weeks", "two years", "six months", "500 miles", "3,000 miles", "one winter", "a few days"),
    },
}  # fmt: skip

SENTENCES: dict[str, dict[Purpose, tuple[str, ...]]] = {
    "fr": {
        "statement": (
            "J'ai essayé {model} {place}, c'est {feel}.",
            "Après {span}, je trouve {model} {feel}.",
            "Ce matin {place} : {part} a tenu, c'était {feel}.",
            "On a fait les courses {place} avec {model}. Résultat : {feel} !",
        ),
        "question": (
            "Quelqu'un a déjà changé {part} sur {model} ?",
            "Vous conseillez {model} {place} ?",
            "Au bout de {span}, c'est normal d'avoir à régler {part} ?",
            "Comment faites-vous {place} quand il faut démonter {part} ?",
        ),
        "reply": (
            "Même chose ici, {feel} après {span}.",
            "Je ne suis pas d'accord : {place}, {model} reste {feel}.",
            "Merci du retour ! Et {part}, ça tient {place} ?",
            "Chez nous c'est {part} qui a lâché en premier.",
        ),
        "answer": (
            "Oui : commence par desserrer {part}, puis vérifie le câble. J'ai mis dix minutes {place}.",
            "J'ai eu le même souci sur {model} ; il suffit de régler {part} après {span}.",
            "Regarde la notice page 12, mais en bref : {part} se démonte sans outil.",
        ),
        "thanks": (
            "Merci, ça marche ! J'ai réglé {part} en un quart d'heure.",
            "Parfait, c'était bien {part}. Merci beaucoup.",
            "Testé {place} ce matin : problème résolu, merci !",
        ),
        "quote": (
            "Je repense souvent à ce conseil {place}. À relire avant d'acheter {model}.",
            "C'est exactement ce qui m'a décidé pour {model}.",
            "Très juste. Après {span}, je confirme : {feel}.",
        ),
        "advice": (
            "Retour d'expérience après {span} avec {model} {place} : {part}, c'est {feel}. Voici ce que je referais.",
            "J'ai comparé {model} et deux autres {place}. Le vrai sujet, ce n'est pas le moteur, c'est {part}.",
            "Avant d'acheter {model}, essayez-le chargé, {place}. Et regardez bien {part}.",
        ),
        "promotion": (
            "TOP 10 des vélos cargo : découvrez {model} !",
            "Notre test complet : {model}, {feel} ?",
            "À ne pas manquer cette semaine : {part} et 7 autres nouveautés.",
        ),
        "hype": (
            "Incroyable, {model} va tout changer, suivez ce compte !",
            "Le meilleur conseil de l'année sur {part}, bravo !",
            "Toujours aussi fort. Tout le monde devrait lire ça sur {model}.",
        ),
        "news": (
            "Nouveau : {part} est disponible pour {model}.",
            "Notre équipe sera {town} samedi pour vous faire essayer {model}.",
        ),
        "address": (
            "@{handle} bonjour, {part} grince depuis {span}, que faire ?",
            "Comme le disait @{handle}, {model} {place}, c'est {feel}.",
            "@{handle} une idée pour {part} {place} ?",
        ),
        "care": (
            "Bonjour, envoyez-nous le numéro de série en message privé, nous regardons {part} avec l'atelier.",
            "Bonjour ! Sur {model}, il faut resserrer {part} après {span}. Dites-nous si cela persiste.",
        ),
    },
    "en": {
        "statement": (
            "Took {model} out {place} today, {feel}.",
            "After {span} I find {model} {feel}.",
            "This morning {place}: {part} held up, it was {feel}.",
            "Did the weekly shop {place} with {model}. Verdict: {feel}!",
        ),
        "question": (
            "Has anyone replaced {part} on {model}?",
            "Would you recommend {model} {place}?",
            "Is it normal to have to adjust {part} after {span}?",
            "How do you manage {place} when {part} has to come off?",
        ),
        "reply": (
            "Same here, {feel} after {span}.",
            "Not sure I agree: {place}, {model} is still {feel}.",
            "Thanks for sharing! And {part}, does that last {place}?",
            "For us it was {part} that went first.",
        ),
        "answer": (
            "Yes: loosen {part} first, then check the cable. Took me ten minutes {place}.",
            "Had the same on {model}; you only need to adjust {part} after {span}.",
            "See page 12 of the manual, but in short: {part} comes off without tools.",
        ),
        "thanks": (
            "Thank you, that worked! Sorted {part} in a quarter of an hour.",
            "Perfect, it was indeed {part}. Many thanks.",
            "Tried it {place} this morning: all fixed, thanks!",
        ),
        "quote": (
            "I keep coming back to this advice {place}. Read it before you buy {model}.",
            "This is exactly what made me choose {model}.",
            "Spot on. After {span} I can confirm: {feel}.",
        ),
        "advice": (
            "What {span} with {model} {place} taught me: {part} is {feel}. Here is what I would do again.",
            "I compared {model} with two others {place}. The real question is not the motor, it is {part}.",
            "Before you buy {model}, try it loaded, {place}. Then have a good look at {part}.",
        ),
        "promotion": (
            "TOP 10 cargo bikes: discover {model}!",
            "Our full review: {model}, {feel}?",
            "Don't miss this week: {part} and 7 more new things.",
        ),
        "hype": (
            "Incredible, {model} will change everything, follow this account!",
            "Best advice of the year about {part}, bravo!",
            "Strong as ever. Everybody should read this about {model}.",
        ),
        "news": (
            "New: {part} is now available for {model}.",
            "Meet our team {town} on Saturday and try {model}.",
        ),
        "address": (
            "@{handle} hello, {part} has been creaking for {span}, what should I do?",
            "As @{handle} said, {model} {place} is {feel}.",
            "@{handle} any idea about {part} {place}?",
        ),
        "care": (
            "Hello, please send us the serial number in private, we will look at {part} with the workshop.",
            "Hi! On {model} you need to tighten {part} after {span}. Tell us if it goes on.",
        ),
    },
}


def compose(rng: Random, lang: str, purpose: Purpose, handle: str = "") -> str:
    """One sentence for this purpose; `handle` is whom an address names."""
    pick, words = rng.random, WORDS[lang]
    sentences = SENTENCES[lang][purpose]
    sentence = sentences[int(pick() * len(sentences))]
    chosen = {name: table[int(pick() * len(table))] for name, table in words.items()}
    text = sentence.format_map(chosen | {"handle": handle})
    return text[0].upper() + text[1:]
