"""What was last said of each actor: name, type, followers, objection. Columns, because there may be millions."""

from array import array
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TypeVar, get_args
from zlib import crc32

import msgspec
import numpy as np
from numpy.typing import NDArray

from graph.batch import Batch
from graph.growing import grown
from graph.mention import ActorType

TYPES: tuple[str, ...] = tuple(sorted(get_args(ActorType)))
"""In alphabetical order, so that codes compare as names do."""
CODES = {name: code for code, name in enumerate(TYPES)}
UNKNOWN, BOT = CODES["unknown"], CODES["bot"]
OFFICIAL = [CODES["staff"], CODES["brand"]]
NOT_RANKED = [BOT, *OFFICIAL]
NEVER = -1
Value = TypeVar("Value", np.uint64, np.uint8)


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
    _prints: NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    """Checksum of each name + 1, as far as they were asked for since it changed; else 0."""

    def extend(self, count: int) -> None:
        """Make room for as many new actors, of whom nothing is known."""
        self.names.extend([""] * count)
        for times in (self._named_at, self._typed_at, self._counted_at):
            times.extend([NEVER] * count)
        self._types.extend([UNKNOWN] * count)
        self._followers.extend([0] * count)
        self._objected.extend(bytes(count))

    def observe(self, numbers: NDArray[np.int32], batch: Batch) -> None:
        """Take what acts say of their authors: the actor `numbers[k]` made the act k."""
        at = batch.occurred_at
        if batch.says("actor_name"):
            names = batch.column("actor_name")
            said = _where(map(bool, names), batch.size)
            self._name(numbers[said], at[said], [names[k] for k in said.tolist()])
        if batch.says("followers"):
            counts = batch.column("followers")
            said = _where([count is not None for count in counts], batch.size)
            followers = np.array([counts[k] for k in said.tolist()], dtype=np.uint64)
            _greatest(self._counted_at, np.frombuffer(self._followers, dtype=np.uint64), numbers[said], at[said], followers)
        if batch.says("actor_type"):
            codes = np.fromiter(map(CODES.__getitem__, batch.column("actor_type")), dtype=np.uint8, count=batch.size)
            said = np.flatnonzero(codes != UNKNOWN)
            _greatest(self._typed_at, np.frombuffer(self._types, dtype=np.uint8), numbers[said], at[said], codes[said])
        if batch.says("no_rank"):
            np.frombuffer(self._objected, dtype=np.uint8)[numbers[_where(batch.column("no_rank"), batch.size)]] = 1

    def followers(self, numbers: NDArray[np.int32]) -> tuple[NDArray[np.uint64], NDArray[np.bool_]]:
        """(the followers last stated of some actors, whether any ever were), shape of `numbers` each."""
        stated = np.frombuffer(self._counted_at, dtype=np.int64)[numbers] != NEVER
        return np.frombuffer(self._followers, dtype=np.uint64)[numbers], stated

    def actor_type(self, number: int) -> str:
        """The type last stated."""
        return TYPES[self._types[number]]

    def name_prints(self, numbers: NDArray[np.int32]) -> NDArray[np.int64]:
        """Checksums of the names of some actors, shape of `numbers`."""
        self._prints = grown(self._prints, len(self.names))
        asked = np.zeros(self._prints.size, dtype=np.bool_)
        asked[numbers] = True
        new = np.flatnonzero(asked & (self._prints == 0))
        self._prints[new] = [crc32(self.names[number].encode()) + 1 for number in new.tolist()]
        return self._prints[numbers] - 1

    def bots(self, numbers: NDArray[np.int32]) -> NDArray[np.bool_]:
        """Which of some actors are bots, shape of `numbers`."""
        found: NDArray[np.bool_] = np.frombuffer(self._types, dtype=np.uint8)[numbers] == BOT
        return found

    def official(self, numbers: NDArray[np.int32]) -> NDArray[np.bool_]:
        """Which of some actors are staff or brands, without objection: ranked apart."""
        stated = np.isin(np.frombuffer(self._types, dtype=np.uint8)[numbers], OFFICIAL)
        objected = np.frombuffer(self._objected, dtype=np.uint8)[numbers] != 0
        found: NDArray[np.bool_] = stated & ~objected
        return found

    def listable(self, numbers: NDArray[np.int32]) -> NDArray[np.bool_]:
        """Which of some actors may be ranked: neither staff nor brand nor bot, and without objection."""
        apart = np.isin(np.frombuffer(self._types, dtype=np.uint8)[numbers], NOT_RANKED)
        objected = np.frombuffer(self._objected, dtype=np.uint8)[numbers] != 0
        found: NDArray[np.bool_] = np.logical_not(apart | objected)
        return found

    def _name(self, numbers: NDArray[np.int32], at: NDArray[np.int64], names: list[str]) -> None:
        newest, newer = _newest(self._named_at, numbers, at)
        told, held = numbers.tolist(), self.names
        changing = {number for number, name in zip(told, names, strict=True) if held[number] != name}
        if not changing:
            return
        chosen: dict[int, str] = {}
        for k in newest.tolist():
            number = told[k]
            if number in changing and names[k] > chosen.get(number, ""):
                chosen[number] = names[k]
        replaced = set(numbers[newer].tolist())
        for number, name in chosen.items():
            known = self.names[number]
            if name != known and (number in replaced or name > known):
                self.names[number] = name
                self._prints[number : number + 1] = 0

    def forget(self, gone: NDArray[np.bool_]) -> None:
        """Know nothing of some, as before they said anything."""
        self._prints = grown(self._prints, gone.size)
        self._prints[: gone.size][gone] = 0
        for k in np.flatnonzero(gone).tolist():
            self.names[k], self._types[k], self._objected[k], self._followers[k] = "", UNKNOWN, 0, 0
            self._named_at[k] = self._typed_at[k] = self._counted_at[k] = NEVER

    def keep(self, kept: NDArray[np.bool_]) -> None:
        """Forget all others; the kept ones are numbered anew in their order."""
        chosen = np.flatnonzero(kept).tolist()
        self.names = [self.names[k] for k in chosen]
        for name in ("_named_at", "_typed_at", "_counted_at", "_followers"):
            column = getattr(self, name)
            setattr(self, name, array(column.typecode, [column[k] for k in chosen]))
        self._types = bytearray(self._types[k] for k in chosen)
        self._prints = np.zeros(0, dtype=np.int64)
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


def _where(said: Iterable[bool], count: int) -> NDArray[np.intp]:
    return np.flatnonzero(np.fromiter(said, dtype=np.bool_, count=count))


def _newest(
    stated_at: "array[int]", numbers: NDArray[np.int32], at: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Positions of statements that none is later than, and of those later than what was known. Notes their times."""
    times = np.frombuffer(stated_at, dtype=np.int64)
    before = times[numbers]
    np.maximum.at(times, numbers, at)
    newest = np.flatnonzero(at == times[numbers])
    return newest, newest[at[newest] > before[newest]]


def _greatest(
    stated_at: "array[int]",
    values: NDArray[Value],
    numbers: NDArray[np.int32],
    at: NDArray[np.int64],
    stated: NDArray[Value],
) -> None:
    """Replace values by later statements; of those at one time the greatest counts."""
    newest, newer = _newest(stated_at, numbers, at)
    values[numbers[newer]] = 0
    np.maximum.at(values, numbers[newest], stated[newest])


class _Plain(msgspec.Struct):
    names: list[str]
    named_at: bytes
    typed_at: bytes
    types: bytes
    counted_at: bytes
    followers: bytes
    objected: bytes
