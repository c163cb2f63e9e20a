"""A conversation as columns, one row per act toward an actor, in order of time, so that it can be cut at any moment."""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace

import numpy as np
from numpy.typing import NDArray

from graph.interaction import Interaction
from graph.kinds import ACTION, CODES, DELETE, EDIT, MENTION, MESSAGES, POST, REPLY, WRITTEN

NOBODY = -1
NEVER = np.iinfo(np.int64).max
UNKNOWN = -1
UNDOINGS = (EDIT, DELETE)


@dataclass(frozen=True, slots=True, kw_only=True)
class ActTable:
    """Columns by row, shape (m,), in order of time; `ids` by actor in order of first appearance, as numbered in src and dst."""

    ids: list[str]
    time: NDArray[np.int64]
    """ms UTC."""
    src: NDArray[np.int64]
    dst: NDArray[np.int64]
    """Who is credited; NOBODY where the act is toward nobody."""
    kind: NDArray[np.int64]
    own: NDArray[np.bool_]
    """The row that makes one of the author's own messages: post, reply, quote, mention; once per message."""
    question: NDArray[np.int64]
    """1 asked, 0 did not, UNKNOWN."""
    bot: NDArray[np.bool_]
    followers: NDArray[np.int64]
    """The author's, as the act states them; UNKNOWN."""
    gone_at: NDArray[np.int64]
    """When an edit or a delete took the act back, ms; NEVER."""

    def __len__(self) -> int:
        return self.time.size

    def until(self, end_ms: int) -> "ActTable":
        """What was known at `end_ms`: a copy that holds nothing later, neither rows nor actors nor undoings."""
        rows = np.flatnonzero((self.time <= end_ms) & (self.gone_at > end_ms))
        seen = int(np.searchsorted(self.time, end_ms, side="right"))
        known = int(max(self.src[:seen].max(initial=-1), self.dst[:seen].max(initial=-1))) + 1
        return replace(self._rows(rows), ids=self.ids[:known], gone_at=np.full(rows.size, NEVER))

    def between(self, after_ms: int, end_ms: int) -> "ActTable":
        """Rows with `after_ms` < time <= `end_ms`, and the same actors."""
        return self._rows(np.flatnonzero((self.time > after_ms) & (self.time <= end_ms)))

    def without(self, kinds: NDArray[np.bool_]) -> "ActTable":
        """The same actors, without the rows of some kinds (by code)."""
        return self._rows(np.flatnonzero(~kinds[self.kind]))

    def _rows(self, rows: NDArray[np.intp]) -> "ActTable":
        columns = {field.name: getattr(self, field.name)[rows] for field in fields(self) if field.name != "ids"}
        return replace(self, **columns)


def act_table(interactions: Sequence[Interaction]) -> ActTable:
    """Lay out interactions of one theme, in order of `occurred_at`. Repeated events count once; ticks and closes are no acts.

    A reply that names only its parent is credited to the parent's author where that message came before it.
    """
    book = _Book()
    for interaction in interactions:
        if interaction.kind in CODES and interaction.key not in book.events:
            book.enter(interaction)
    return book.table()


class _Book:
    def __init__(self) -> None:
        self.events: set[int] = set()
        self._numbers: dict[str, int] = {}
        self._authors: dict[int, int] = {}
        self._rows_of: dict[int, list[int]] = {}
        self._columns: list[tuple[int, int, int, int, bool, int, bool, int]] = []
        self._gone: dict[int, int] = {}

    def enter(self, act: Interaction) -> None:
        self.events.add(act.key)
        kind = CODES[act.kind]
        if kind in UNDOINGS:
            for row in self._rows_of.pop(act.object_key, ()):
                self._gone[row] = act.occurred_at
        if kind == DELETE:
            return
        kind = _edited_kind(act) if kind == EDIT else kind
        author = self._number(act.actor_id)
        targets = self._targets(act, kind, author)
        fresh = not act.object_key or act.object_key not in self._rows_of
        if act.object_key and MESSAGES[kind]:
            self._authors.setdefault(act.object_key, author)
            rows = self._rows_of.setdefault(act.object_key, [])
            rows += range(len(self._columns), len(self._columns) + len(targets))
        question = UNKNOWN if act.is_question is None else int(act.is_question)
        followers = UNKNOWN if act.followers is None else act.followers
        bot = act.actor_type == "bot"
        for place, (target, as_kind) in enumerate(targets):
            own = place == 0 and fresh and bool(WRITTEN[kind])
            self._columns.append((act.occurred_at, author, target, as_kind, own, question, bot, followers))

    def _targets(self, act: Interaction, kind: int, author: int) -> list[tuple[int, int]]:
        """The primary target with the act's kind, then each other actor named, with kind mention."""
        first = self._number(act.target_actor_id) if act.target_actor_id else self._authors.get(act.parent_key, NOBODY)
        first = NOBODY if first == author else first
        named = [] if kind == ACTION else dict.fromkeys(self._number(one) for one in act.mentions)
        return [(first, kind), *((one, MENTION) for one in named if one not in (author, first))]

    def _number(self, actor_id: str) -> int:
        return self._numbers.setdefault(actor_id, len(self._numbers))

    def table(self) -> ActTable:
        columns = np.array(self._columns, dtype=np.int64).reshape(-1, 8)
        gone = np.full(len(columns), NEVER)
        gone[list(self._gone)] = list(self._gone.values())
        return ActTable(
            ids=list(self._numbers),
            time=columns[:, 0],
            src=columns[:, 1],
            dst=columns[:, 2],
            kind=columns[:, 3],
            own=columns[:, 4].astype(np.bool_),
            question=columns[:, 5],
            bot=columns[:, 6].astype(np.bool_),
            followers=columns[:, 7],
            gone_at=gone,
        )


def _edited_kind(act: Interaction) -> int:
    """An edit is a new statement: the kind that its fields make it."""
    if act.parent_id:
        return REPLY
    return MENTION if act.target_actor_id or act.mentions else POST
