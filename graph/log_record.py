"""A record of the log `interactions`: acts of one theme as columns, so that a reader makes no object of each."""

from collections.abc import Sequence
from itertools import chain
from operator import attrgetter
from typing import Any

import msgspec
from msgspec import Struct
from msgspec.structs import astuple

from graph.interaction import EVERY_THEME, Interaction, LogKind
from graph.mention import ActorType, Visibility

SIGNALS = frozenset({"tick", "close"})
"""Kinds that are no act."""


class LogRecord(Struct, frozen=True, gc=False, omit_defaults=True):
    """Fields as of `graph.interaction.Interaction`, `origin` in two. `occurred_at` has an entry for each act.

    Any other column has as many, or one where all acts say the same, or none where all say nothing. What is no act, or concerns
    every theme, has a record to itself.
    """

    theme: str
    kind: list[LogKind]
    occurred_at: list[int]
    key: list[int] = []
    source: list[str] = []
    event_id: list[str] = []
    actor_id: list[str] = []
    received_at: list[int] = []
    origin_partition: list[int] = []
    origin_offset: list[int] = []
    copy: list[bool] = []
    parts: list[int] = []
    target_actor_id: list[str] = []
    object_id: list[str] = []
    object_key: list[int] = []
    parent_id: list[str] = []
    parent_key: list[int] = []
    root_id: list[str] = []
    mentions: list[tuple[str, ...]] = []
    actor_name: list[str] = []
    url: list[str] = []
    client_app: list[str] = []
    actor_type: list[ActorType] = []
    followers: list[int | None] = []
    lang: list[str] = []
    is_question: list[bool | None] = []
    sentiment: list[float | None] = []
    links: list[tuple[str, ...]] = []
    text_hash: list[int] = []
    sponsored: list[bool] = []
    no_rank: list[bool] = []
    visibility: list[Visibility] = []
    trust_level: list[float | None] = []

    def __post_init__(self) -> None:
        """Refuse what no normaliser writes. `msgspec` tells its own errors from `ValueError`, and raises one of them instead."""
        count = len(self.occurred_at)
        if not (count and self.kind) or not {*map(len, _every_column(self))} <= {0, 1, count}:
            message = "columns of unequal lengths"
            raise ValueError(message)
        if count > 1 and (self.theme == EVERY_THEME or not SIGNALS.isdisjoint(self.kind)):
            message = "what is no act of one theme shares a record"
            raise ValueError(message)

    def __len__(self) -> int:
        return len(self.occurred_at)

    @property
    def is_signal(self) -> bool:
        """Whether it is something else than acts of one theme."""
        return self.theme == EVERY_THEME or self.kind[0] in SIGNALS

    def column(self, name: str) -> list[Any]:
        """The entry of each act."""
        found: list[Any] = getattr(self, name)
        return found if len(found) == len(self.occurred_at) else (found or [DEFAULTS[name]]) * len(self.occurred_at)

    def act(self, position: int) -> Interaction:
        """One of them as a value of its own."""
        return self.part([position]).acts()[0]

    def part(self, positions: Sequence[int]) -> "LogRecord":
        """Those at some positions, as a record."""
        said = {name: found for name in COLUMNS if (found := getattr(self, name))}
        return LogRecord(self.theme, **{name: v if len(v) == 1 else [v[k] for k in positions] for name, v in said.items()})

    def acts(self) -> list[Interaction]:
        """Every act as a value of its own."""
        columns = {name: self.column(name) for name in COLUMNS}
        origins = list(zip(columns["origin_partition"], columns["origin_offset"], strict=True))
        fields = [[self.theme] * len(self), *(origins if name == "origin" else columns[name] for name in _FIELDS[1:])]
        return [Interaction(*values) for values in zip(*fields, strict=True)]


_FIELDS = Interaction.__struct_fields__
_ORIGIN = _FIELDS.index("origin")
_PLAIN = dict.fromkeys(name for name in _FIELDS if name not in ("theme", "occurred_at", "origin"))
"""In order, and quick to ask."""
COLUMNS = (*_PLAIN, "occurred_at", "origin_partition", "origin_offset")
DEFAULTS: dict[str, Any] = {
    field.name: field.default for field in msgspec.structs.fields(Interaction) if field.default is not msgspec.NODEFAULT
} | {"origin_partition": 0, "origin_offset": -1, "kind": None}
"""What an act says of a field on which it says nothing; an act always has a kind."""
_every_column = attrgetter(*COLUMNS)
_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(list[LogRecord]).decode


def laid_out(records: Sequence[LogRecord], name: str) -> list[Any]:
    """A column of several records: an entry for each act of each, in a new list."""
    return list(chain.from_iterable([record.column(name) for record in records]))


def record_of(acts: Sequence[Interaction]) -> LogRecord:
    """Acts of one theme, in order, as a record."""
    fields = list(zip(*map(astuple, acts), strict=True))
    columns = {name: _shortest(name, values) for name, values in zip(_FIELDS, fields, strict=True) if name in _PLAIN}
    for name, values in zip(("origin_partition", "origin_offset"), zip(*fields[_ORIGIN], strict=True), strict=True):
        columns[name] = _shortest(name, values)
    return LogRecord(theme=acts[0].theme, occurred_at=[act.occurred_at for act in acts], **columns)


def _shortest(name: str, values: tuple[Any, ...]) -> list[Any]:
    first = values[0]
    if values[-1] != first or values.count(first) < len(values):
        return list(values)
    return [] if first == DEFAULTS[name] else [first]


def encode_record(record: LogRecord) -> bytes:
    """As it stands in the log: JSON."""
    return _encode(record)


def encode_interactions(acts: Sequence[Interaction]) -> bytes:
    """Acts of one theme as one record of the log."""
    return _encode(record_of(acts))


def encode_interaction(act: Interaction) -> bytes:
    """A record of one."""
    return encode_interactions([act])


def decode_records(values: Sequence[bytes]) -> list[LogRecord]:
    """Records in one call. Raises `msgspec.MsgspecError` on anything `encode_interactions` did not write."""
    records = _decode(b"[" + b",".join(values) + b"]")
    if len(records) != len(values):
        raise msgspec.ValidationError(f"{len(values)} values hold {len(records)} records")
    return records


def decode_interactions(values: Sequence[bytes]) -> list[Interaction]:
    """The acts of all records, in order; raises as `decode_records`."""
    return [act for record in decode_records(values) for act in record.acts()]


def decode_interaction(value: bytes) -> Interaction:
    """The act of a record of one; raises as `decode_records`."""
    (act,) = decode_interactions([value])
    return act
