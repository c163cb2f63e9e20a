"""Raw bytes from `mentions` to interactions, one per theme, or a refusal with its reason. Stateless."""

from collections.abc import Sequence

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from graph.event_time import event_ms
from graph.interaction import EVERY_THEME, Interaction
from graph.keys import DEFAULT_HASH_KEY, identity_key
from graph.mention import ActorType, Mention
from graph.refusal import Refusal, refusal_of, repeated_field
from graph.theme_rules import ThemeRules
from graph.theme_settings import ThemeSettings

FUTURE_MS = 5 * 60_000
"""An event further than this ahead of the broker's clock is refused: it would move the watermark."""
MAX_BYTES = 256 * 1024
UNDOINGS = ("edit", "delete")
NUL = b"\\u0000"
"""Separates fields inside keys and references, and no id has a use for it."""

__all__ = ["CloseFeed", "Normaliser", "Refusal"]


class CloseFeed(Struct, frozen=True, tag_field="schema", tag="close.v1", forbid_unknown_fields=True):
    """The end of a historical feed, written by `feed --close` after its last event to each of the `parts` partitions it used."""

    feed: str
    parts: int
    themes: tuple[str, ...] = ()


_decode = msgspec.json.Decoder(Mention).decode
_decode_close = msgspec.json.Decoder(CloseFeed).decode


class Normaliser:
    """Validates, matches themes and keys identities. Without configured themes, events' own theme names are the themes."""

    def __init__(
        self,
        themes: Sequence[ThemeSettings] = (),
        *,
        secret: bytes = DEFAULT_HASH_KEY,
        allow_private: bool = False,
        max_bytes: int = MAX_BYTES,
    ) -> None:
        self._rules = ThemeRules(themes)
        self._registers = {theme.name: found for theme in themes if (found := _register(theme))}
        self._secret = secret
        self._allow_private = allow_private
        self._max_bytes = max_bytes

    def normalise(
        self, value: bytes | None, received_at: int, origin: tuple[int, int], theme: str = ""
    ) -> list[Interaction] | Refusal:
        """Interactions of one input record, or why there are none.

        `received_at`: the broker's timestamp, ms UTC; `origin`: partition and offset in `mentions`; `theme`: what the feed
        says of an event that names none itself.
        A record with theme "" (a delete, an edit's undoing, a close of every theme) goes to every partition of
        `interactions`, with `copy=True` on all but partition `key % partitions`.
        """
        if value is None:
            return Refusal("empty", "no content")
        if len(value) > self._max_bytes:
            return Refusal("too_large", f"{len(value)} bytes, at most {self._max_bytes} are allowed")
        try:
            if not value.isascii():
                value.decode()  # the decoder does not look into fields that it does not know
            mention = _decode(value)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
            close = self._close(value, received_at, origin)
            return close if close is not None else refusal_of(value, error)
        occurred_at = event_ms(mention.occurred_at)
        refusal = repeated_field(value, mention) or self._check(mention, occurred_at, received_at, nul=NUL in value)
        if refusal is not None or occurred_at is None:
            return refusal or Refusal("bad_time", "occurred_at is neither RFC 3339 nor integer ms since 1970")
        return self._interactions(mention, occurred_at, received_at, origin, theme)

    def _check(self, mention: Mention, occurred_at: int | None, received_at: int, *, nul: bool) -> Refusal | None:
        if occurred_at is not None and occurred_at > received_at + FUTURE_MS:
            return Refusal("future", f"occurred_at is {(occurred_at - received_at) // 1000} s after the broker's clock")
        if nul:
            return Refusal("bad_field", "a NUL character")
        if max(mention.text_hash or 0, mention.followers or 0) >> 64:
            return Refusal("bad_field", "text_hash and followers are unsigned 64-bit integers")
        if mention.kind in UNDOINGS and not mention.object_id:
            return Refusal("missing_object", f"a {mention.kind} must name its object_id")
        if mention.visibility == "private" and not self._allow_private:
            return Refusal("private", "private visibility is not allowed by the configuration")
        return None

    def _interactions(
        self, mention: Mention, occurred_at: int, received_at: int, origin: tuple[int, int], theme: str
    ) -> list[Interaction] | Refusal:
        themes = mention.themes or ((theme,) if theme else self._rules.match(mention))
        undoing = mention.kind in UNDOINGS
        if not themes and not undoing:
            return Refusal("no_theme", "names no theme, and no theme's rules match")
        names = () if mention.kind == "delete" else themes
        first = self._interaction(mention, occurred_at, received_at, origin, names[0] if names else EVERY_THEME)
        found = [first]
        if len(names) > 1:
            found += [replace(first, theme=name, copy=True) for name in dict.fromkeys(names[1:]) if name != first.theme]
        if self._registers:
            found = [self._registered(interaction) for interaction in found]
        if undoing and names:
            found.append(replace(first, theme=EVERY_THEME, copy=True))
        return found

    def _registered(self, interaction: Interaction) -> Interaction:
        """What the theme's registers of staff and brands say of an author goes before what the event says."""
        actor_type = self._registers.get(interaction.theme, {}).get(interaction.actor_id)
        return replace(interaction, actor_type=actor_type) if actor_type else interaction

    def _interaction(
        self, mention: Mention, occurred_at: int, received_at: int, origin: tuple[int, int], theme: str
    ) -> Interaction:
        source, secret, object_id, parent_id = mention.source, self._secret, mention.object_id or "", mention.parent_id or ""
        key = identity_key(source, mention.event_id, secret)
        same = object_id == mention.event_id
        question = mention.is_question
        if question is None and mention.text is not None:
            question = "?" in mention.text
        # In the order of the fields: as many names in a call would cost a tenth of all that is done to an event.
        return Interaction(
            theme,
            mention.kind,
            occurred_at,
            key,
            source,
            mention.event_id,
            mention.actor_id,
            received_at,
            origin,
            False,  # noqa: FBT003 - copy, in its place
            0,  # parts
            mention.target_actor_id or "",
            object_id,
            key if same else identity_key(source, object_id, secret) if object_id else 0,
            parent_id,
            identity_key(source, parent_id, secret) if parent_id else 0,
            mention.root_id or "",
            mention.mentions or (),
            mention.actor_name or "",
            mention.url or "",
            mention.client_app or "",
            mention.actor_type or "unknown",
            mention.followers,
            mention.lang or "",
            question,
            mention.sentiment,
            mention.links or (),
            mention.text_hash or 0,
            bool(mention.sponsored),
            bool(mention.no_rank),
            mention.visibility or "public",
            mention.trust_level,
        )

    def _close(self, value: bytes, received_at: int, origin: tuple[int, int]) -> list[Interaction] | None:
        """The record that ends a historical feed, or None where it is no such record."""
        try:
            close = _decode_close(value)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            return None
        key = identity_key("close.v1", close.feed, self._secret)
        return [
            Interaction(theme=name, kind="close", occurred_at=received_at, key=key, origin=origin, parts=close.parts, copy=True)
            for name in close.themes or (EVERY_THEME,)
        ]


def _register(theme: ThemeSettings) -> dict[str, ActorType]:
    """What the configuration knows of accounts: staff and brands are ranked apart."""
    register: dict[str, ActorType] = dict.fromkeys((*theme.brands, *theme.competitors), "brand")
    for actor in theme.staff:
        register[actor] = "staff"
    return register
