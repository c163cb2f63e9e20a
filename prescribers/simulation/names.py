"""Names, handles and ids: invented people and houses, each once."""

import unicodedata
from random import Random
from typing import NamedTuple

FIRST = {
    "fr": (
        "Amélie Benoît Chloé Damien Élodie Fabien Gaëlle Hugo Inès Jérôme Karine Loïc Maëlys Nadège Océane Pascal Quentin Régis "
        "Sélim Thérèse Ugo Valérie Wassila Xavier Yasmine Zoé Anaïs Baptiste Cédric Delphine Émile Fatou Grégoire Héloïse"
    ),
    "en": (
        "Alice Ben Carol Dylan Emma Frank Grace Harry Isla Jack Kate Liam Maya Noah Olive Peter Quinn Rosie Sam Tess Una Victor "
        "Wendy Xena Yusuf Zack Amber Brian Chloe Derek Ellen Farah Gordon Holly"
    ),
}
LAST = {
    "fr": (
        "Aubert Béranger Caron Delmas Évrard Fournier Garnier Hébert Imbert Jacquet Keller Lefèvre Marchand Noël Ollivier "
        "Pelletier Quéré Renaud Sauvage Tessier Urbain Vasseur Weiss Yvon Besançon Charpentier Duchêne Ferrand Guérin"
    ),
    "en": (
        "Archer Barlow Cooper Dalton Ellis Fisher Gibson Harper Irwin Jennings Knight Lawson Mercer Norton Osborne Parker "
        "Reeves Spencer Turner Underwood Vaughan Walsh Yates Bishop Carver Drake Foster Holt"
    ),
}
BRANDS = ("Alizé Cargo", "Tradewind Bikes")
MAGAZINES = {"fr": "Roue Libre Média", "en": "Freewheel Media"}


class Naming(NamedTuple):
    """How an account is called: `actor_id` is unique in the simulation, `handle` inside the source."""

    actor_id: str
    handle: str
    name: str


class Namer:
    """Gives every account a name that no other has."""

    def __init__(self, source: str, rng: Random) -> None:
        self._source, self._rng = source, rng
        self._taken: dict[str, int] = {}

    def person(self, lang: str) -> Naming:
        """A first and a last name; namesakes get a number in their handle."""
        return self._unique(f"{self._rng.choice(FIRST[lang].split())} {self._rng.choice(LAST[lang].split())}")

    def magazine(self, lang: str) -> Naming:
        """An outlet that speaks to many."""
        return self._unique(MAGAZINES[lang])

    def brand(self) -> Naming:
        """A maker: the theme's own first, then its competitor."""
        return self._unique(next((name for name in BRANDS if _ascii(name) not in self._taken), BRANDS[-1]))

    def _unique(self, name: str) -> Naming:
        plain = _ascii(name)
        count = self._taken[plain] = self._taken.get(plain, 0) + 1
        handle = plain if count == 1 else f"{plain}{count}"
        return Naming(f"{self._source}:{handle}", handle, name)


def _ascii(name: str) -> str:
    letters = unicodedata.normalize("NFKD", name.lower()).encode("ascii", "ignore").decode()
    return letters.replace(" ", ".")
