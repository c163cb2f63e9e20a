"""What was last said of each actor: name, type, followers, objection. Columns, because there may be millions."""

from array import array
from dataclasses import dataclass, field
from typing import get_args

import msgspec
import numpy as np
from numpy.typing import NDArray

from graph.interaction import Interaction
from graph.mention import ActorType

TYPES: tuple[str, ...] = tuple(sorted(get_args(ActorType)))
"""In alphabetical order, so that codes compare as names do."""
CODES = {name: code for code, name in enumerate(TYPES)}
UNKNOWN, BOT = CODES["unknown"], CODES["bot"]
NOT_RANKED = [BOT, CODES["staff"], CODES["brand"]]
NEVER = -1


def _times() -> "array[int]":
    return array("q")


@dataclass(slots=True)
class Profiles:
    """By the actor's number. Of each statement the time it was made (-1: never), so that the later one wins.

    Order of arrival does not matter: at one time the greater statement wins. Silence changes nothing, and an objection
    (`no_rank`), once made, stays.
    """

    names: list[str] = field(default_factory=list)
    _named_at: "array[int]" = field(default_factory=_times)
    _typed_at: "array[int]" = field(default_factory=_times)
    _types: bytearray = field(default_factory=bytearray)
    _counted_at: "array[int]" = field(default_factory=_times)
    _followers: "array[int]" = field(default_factory=lambda: array("Q"))
    _objected: bytearray = field(default_factory=bytearray)

    def extend(self, count: int) -> None:
        """Make room for as many new actors, of whom nothing is known."""
        self.names.extend([""] * count)
        for times in (self._named_at, self._typed_at, self._counted_at):
            times.extend([NEVER] * count)
        self._types.extend([UNKNOWN] * count)
        self._followers.extend([0] * count)
        self._objected.extend(bytes(count))

    def observe(self, numbers: NDArray[np.int32], events: list[Interaction]) -> None:
        """Take what events say of their authors; `numbers[k]` is the author of `events[k]`."""
        for number, event in zip(numbers.tolist(), events, strict=True):
            if event.actor_name:
                self._name(number, event.occurred_at, event.actor_name)
            if event.followers is not None:
                self._count(number, event.occurred_at, event.followers)
            if event.actor_type != "unknown":
                self._type(number, event.occurred_at, CODES[event.actor_type])
            if event.no_rank:
                self._objected[number] = 1

    def followers(self, number: int) -> int | None:
        """The followers last stated, None where none ever were."""
        return self._followers[number] if self._counted_at[number] != NEVER else None

    def actor_type(self, number: int) -> str:
        """The type last stated."""
        return TYPES[self._types[number]]

    def bots(self, numbers: NDArray[np.int32]) -> NDArray[np.bool_]:
        """Which of some actors are bots, shape of `numbers`."""
        found: NDArray[np.bool_] = np.frombuffer(self._types, dtype=np.uint8)[numbers] == BOT
        return found

    def listable(self, numbers: NDArray[np.int32]) -> NDArray[np.bool_]:
        """Which of some actors may be ranked: neither staff nor brand nor bot, and without objection."""
        apart = np.isin(np.frombuffer(self._types, dtype=np.uint8)[numbers], NOT_RANKED)
        objected = np.frombuffer(self._objected, dtype=np.uint8)[numbers] != 0
        found: NDArray[np.bool_] = np.logical_not(apart | objected)
        return found

    def _name(self, number: int, at: int, name: str) -> None:
        known = self._named_at[number]
        if at > known or (at == known and name > self.names[number]):
            self._named_at[number] = at
            if name != self.names[number]:
                self.names[number] = name

    def _count(self, number: int, at: int, followers: int) -> None:
        known = self._counted_at[number]
        if at > known or (at == known and followers > self._followers[number]):
            self._counted_at[number] = at
            self._followers[number] = followers

    def _type(self, number: int, at: int, code: int) -> None:
        known = self._typed_at[number]
        if at > known or (at == known and code > self._types[number]):
            self._typed_at[number] = at
            self._types[number] = code

    def keep(self, kept: NDArray[np.bool_]) -> None:
        """Forget all others; the kept ones are numbered anew in their order."""
        chosen = np.flatnonzero(kept).tolist()
        self.names = [self.names[k] for k in chosen]
        for name in ("_named_at", "_typed_at", "_counted_at", "_followers"):
            column = getattr(self, name)
            setattr(self, name, array(column.typecode, [column[k] for k in chosen]))
        self._types = bytearray(self._types[k] for k in chosen)
        self._objected = bytearray(self._objected[k] for k in chosen)

    def dump(self) -> dict[str, object]:
        """Plain values for a snapshot."""
        return {
            "names": self.names,
            "named_at": self._named_at.tobytes(),
            "typed_at": self._typed_at.tobytes(),
            "types": bytes(self._types),
            "counted_at": self._counted_at.tobytes(),
            "followers": self._followers.tobytes(),
            "objected": bytes(self._objected),
        }

    @classmethod
    def load(cls, plain: dict[str, object]) -> "Profiles":
        """The inverse of `dump`."""
        loaded = msgspec.convert(plain, _Plain)
        return cls(
            loaded.names,
            array("q", loaded.named_at),
            array("q", loaded.typed_at),
            bytearray(loaded.types),
            array("q", loaded.counted_at),
            array("Q", loaded.followers),
            bytearray(loaded.objected),
        )


class _Plain(msgspec.Struct):
    names: list[str]
    named_at: bytes
    typed_at: bytes
    types: bytes
    counted_at: bytes
    followers: bytes
    objected: bytes
