"""Which themes an event that names none belongs to: any keyword or hashtag in its text, account it involves, or source."""

import re
from collections.abc import Sequence

from graph.mention import Mention
from graph.theme_settings import ThemeSettings


class ThemeRules:
    """The rules of all configured themes, compiled once. Any one match is enough."""

    def __init__(self, themes: Sequence[ThemeSettings]) -> None:
        self._sources: dict[str, list[str]] = {}
        self._accounts: dict[str, list[str]] = {}
        self._keywords: list[tuple[str, re.Pattern[str]]] = []
        for theme in themes:
            for source in theme.sources:
                self._sources.setdefault(source, []).append(theme.name)
            for account in (*theme.accounts, *theme.staff, *theme.brands, *theme.competitors):
                self._accounts.setdefault(account, []).append(theme.name)
            if theme.keywords:
                self._keywords.append((theme.name, _any_of(theme.keywords)))

    def match(self, mention: Mention) -> tuple[str, ...]:
        """Names of the themes that the event belongs to, sorted."""
        found = set(self._sources.get(mention.source, ()))
        if self._accounts:
            for actor in (mention.actor_id, mention.target_actor_id, *(mention.mentions or ())):
                found.update(self._accounts.get(actor or "", ()))
        if mention.text:
            found.update(name for name, pattern in self._keywords if pattern.search(mention.text))
        return tuple(sorted(found))


def _any_of(keywords: tuple[str, ...]) -> re.Pattern[str]:
    """Whole words, case aside; a leading # in the text is no hindrance."""
    return re.compile(r"(?<!\w)(?:" + "|".join(re.escape(word.lstrip("#")) for word in keywords) + r")(?!\w)", re.IGNORECASE)
