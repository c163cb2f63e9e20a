"""`mention.v1`: the event a feed sends, one JSON document per Kafka message."""

from typing import Annotated, Literal

from msgspec import Meta, Struct

Kind = Literal["post", "reply", "mention", "repost", "quote", "reaction", "accept", "vouch", "action", "edit", "delete"]
ActorType = Literal["person", "bot", "org", "brand", "staff", "unknown"]
Visibility = Literal["public", "unlisted", "private"]

Id = Annotated[str, Meta(min_length=1, max_length=128)]
OptionalId = Annotated[str, Meta(max_length=512)]
ShortText = Annotated[str, Meta(max_length=512)]


class Mention(Struct, frozen=True, gc=False, omit_defaults=True):
    """One act in a conversation. `occurred_at` is RFC 3339 text or integer milliseconds UTC on the wire."""

    schema: Literal["mention.v1"]
    event_id: Id
    source: Annotated[str, Meta(min_length=1, max_length=64)]
    kind: Kind
    actor_id: Id
    occurred_at: int | str
    target_actor_id: Annotated[str, Meta(max_length=128)] | None = None
    object_id: OptionalId | None = None
    parent_id: OptionalId | None = None
    root_id: OptionalId | None = None
    mentions: Annotated[tuple[Id, ...], Meta(max_length=50)] | None = None
    themes: Annotated[tuple[Annotated[str, Meta(min_length=1, max_length=128)], ...], Meta(max_length=16)] | None = None
    text: Annotated[str, Meta(max_length=20_000)] | None = None
    text_hash: Annotated[int, Meta(ge=0)] | None = None
    links: Annotated[tuple[ShortText, ...], Meta(max_length=50)] | None = None
    lang: Annotated[str, Meta(max_length=35)] | None = None
    is_question: bool | None = None
    sentiment: Annotated[float, Meta(ge=-1, le=1)] | None = None
    actor_name: ShortText | None = None
    url: Annotated[str, Meta(max_length=2048)] | None = None
    client_app: ShortText | None = None
    followers: Annotated[int, Meta(ge=0)] | None = None
    actor_type: ActorType | None = None
    sponsored: bool | None = None
    no_rank: bool | None = None
    visibility: Visibility | None = None
    trust_level: Annotated[float, Meta(ge=0, le=1)] | None = None
    ingested_at: int | None = None
