"""The normalised event, once per theme: `graph.log_record` is how the log `interactions` holds it."""

from typing import Literal

from msgspec import Struct

from graph.mention import ActorType, Kind, Visibility

LogKind = Kind | Literal["tick", "close"]
EVERY_THEME = ""
"""The theme of a record that concerns every theme of its partition: a delete, an edit's undoing, a tick."""


class Interaction(Struct, frozen=True, gc=False, omit_defaults=True):
    """One act as one theme's log holds it. Keys are keyed 64-bit hashes (`graph.keys`); times are ms UTC; "" means absent.

    `origin` is where the act came from: partition and offset in `mentions`. An event that reaches several themes has
    `copy=False` on one record only, so that fates can be counted once per input event.
    A `tick` says that wall time reached `occurred_at`. A `close` ends a historical feed: `key` names the feed, and the close
    takes effect once it has arrived from `parts` partitions.
    """

    theme: str
    kind: LogKind
    occurred_at: int
    key: int = 0
    source: str = ""
    event_id: str = ""
    actor_id: str = ""
    received_at: int = 0
    origin: tuple[int, int] = (0, -1)
    copy: bool = False
    parts: int = 0
    target_actor_id: str = ""
    object_id: str = ""
    object_key: int = 0
    parent_id: str = ""
    parent_key: int = 0
    root_id: str = ""
    mentions: tuple[str, ...] = ()
    actor_name: str = ""
    url: str = ""
    client_app: str = ""
    actor_type: ActorType = "unknown"
    followers: int | None = None
    lang: str = ""
    is_question: bool | None = None
    sentiment: float | None = None
    links: tuple[str, ...] = ()
    text_hash: int = 0
    sponsored: bool = False
    no_rank: bool = False
    visibility: Visibility = "public"
    trust_level: float | None = None
