"""Actors of a theme: ids interned to int32, their sources, and an order that arrival cannot change."""

from collections.abc import Iterable

import msgspec
import numpy as np
from numpy.typing import NDArray

from graph.growing import grown
from graph.keys import identity_key
from graph.profiles import Profiles


class _Interner(dict[str, int]):
    """`interner[id]` is the actor's number, given at the first sight."""

    __slots__ = ()

    def __missing__(self, actor_id: str) -> int:
        number = self[actor_id] = len(self)
        return number


class Actors:
    """Numbers actors in order of first appearance (int32); `profiles` go by the same numbers."""

    __slots__ = ("_hashes", "_numbers", "_source_codes", "_sources", "forgotten", "ids", "profiles")

    def __init__(self) -> None:
        self._numbers = _Interner()
        self._hashes: NDArray[np.uint64] = np.zeros(0, dtype=np.uint64)
        self.profiles = Profiles()
        self._source_codes = _Interner()
        self._sources: NDArray[np.int32] = np.zeros(0, dtype=np.int32)
        self.ids: list[str] = []
        self.forgotten = 0
        """How many were forgotten so far."""

    def __len__(self) -> int:
        return len(self.ids)

    def intern(self, actor_ids: Iterable[str], count: int) -> NDArray[np.int32]:
        """Numbers of `count` actor ids, shape (count,)."""
        numbers = np.fromiter(map(self._numbers.__getitem__, actor_ids), dtype=np.int32, count=count)
        known = len(self.ids)
        if len(self._numbers) > known:
            new = _last(self._numbers, len(self._numbers) - known)
            self.ids.extend(new)
            self.profiles.extend(len(new))
            self._hashes = grown(self._hashes, len(self.ids))
            self._hashes[known : len(self.ids)] = [identity_key("actor", actor_id) for actor_id in new]
        return numbers

    def source_codes(self, sources: list[str]) -> NDArray[np.int32]:
        """Codes of source names, shape (n,). Most batches have one source."""
        if sources.count(sources[0]) == len(sources):
            return np.full(len(sources), self._source_codes[sources[0]], dtype=np.int32)
        return np.fromiter(map(self._source_codes.__getitem__, sources), dtype=np.int32, count=len(sources))

    def place(self, numbers: NDArray[np.int32], codes: NDArray[np.int32]) -> None:
        """Note the source of each actor: the alphabetically first where events disagree."""
        self._sources = grown(self._sources, len(self.ids))
        other = np.flatnonzero(self._sources[numbers] != codes + 1)
        if other.size:
            names = self.source_names
            for number, code in zip(numbers[other].tolist(), codes[other].tolist(), strict=True):
                known = int(self._sources[number])
                if known == 0 or names[code] < names[known - 1]:
                    self._sources[number] = code + 1

    @property
    def source_names(self) -> list[str]:
        """Sources by code."""
        return list(self._source_codes)

    def sources(self, numbers: NDArray[np.int32]) -> NDArray[np.int32]:
        """Source codes (positions in `source_names`) of actors; -1 of those of whom nothing is known."""
        return self._sources[numbers] - 1

    def order(self, numbers: NDArray[np.int32]) -> NDArray[np.intp]:
        """Positions that sort `numbers` by actor, the same whatever the order of arrival."""
        hashes = self._hashes[numbers]
        order = np.argsort(hashes, kind="stable")
        if numbers.size > 1 and bool((np.diff(hashes[order]) == 0).any()):
            order = np.array(sorted(range(numbers.size), key=lambda k: (hashes[k], self.ids[numbers[k]])), dtype=np.intp)
        return order

    def known(self) -> NDArray[np.bool_]:
        """Of whom anything is known: who had a row since the last time that they were forgotten. Shape (len(self),)."""
        self._sources = grown(self._sources, len(self.ids))
        found: NDArray[np.bool_] = self._sources[: len(self.ids)] > 0
        return found

    def forget(self, gone: NDArray[np.bool_]) -> None:
        """Know nothing more of some; they keep their numbers."""
        self._sources[: gone.size][gone] = 0
        self.profiles.forget(gone)
        self.forgotten += int(gone.sum())

    def keep(self, kept: NDArray[np.bool_]) -> None:
        """Let all others go, and number the kept ones anew in their order."""
        self._sources = grown(self._sources, kept.size)[: kept.size][kept]
        self._hashes = self._hashes[: kept.size][kept]
        chosen = np.flatnonzero(kept).tolist()
        self.ids = [self.ids[k] for k in chosen]
        self._numbers = _Interner(zip(self.ids, range(len(self.ids)), strict=True))
        self.profiles.keep(kept)

    def dump(self) -> dict[str, object]:
        """Plain values for a snapshot."""
        return {
            "ids": self.ids,
            "forgotten": self.forgotten,
            "profiles": self.profiles.dump(),
            "source_names": self.source_names,
            "sources": grown(self._sources, len(self.ids))[: len(self.ids)].tobytes(),
        }

    @classmethod
    def load(cls, plain: dict[str, object]) -> "Actors":
        """The inverse of `dump`."""
        loaded = msgspec.convert(plain, _Plain)
        actors = cls()
        actors.intern(loaded.ids, len(loaded.ids))
        actors.profiles = Profiles.load(loaded.profiles)
        actors._sources = np.frombuffer(loaded.sources, dtype=np.int32).copy()
        actors.forgotten = loaded.forgotten
        for name in loaded.source_names:
            actors._source_codes[name]
        return actors


class _Plain(msgspec.Struct):
    ids: list[str]
    forgotten: int
    profiles: dict[str, object]
    source_names: list[str]
    sources: bytes


def _last(numbers: dict[str, int], count: int) -> list[str]:
    new = [actor_id for actor_id, _ in zip(reversed(numbers), range(count), strict=False)]
    new.reverse()
    return new
