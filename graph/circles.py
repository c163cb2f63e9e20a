"""Circles: who responds to whom more than to others, and under the same name from epoch to epoch. docs/ranking.md, section 14.

Found by the Leiden algorithm (Traag, Waltman, van Eck, Scientific Reports 2019) on modularity, from a fixed seed.
"""

from dataclasses import dataclass, field

import msgspec
import numpy as np
from graspologic_native import leiden_csr
from numpy.typing import NDArray
from scipy.sparse import csr_array

from graph.growing import grown
from graph.pairs import Pairs
from graph.rounding import significant
from graph.stretches import occurring

FEWEST_ACTORS = 10
FEWEST_MEMBERS = 3
"""Fewer are no circle."""
LEAST_OVERLAP = 0.2
"""Of the members of two circles together, the share in both from which on the later one bears the name of the earlier."""
NONE = 0
"""The name of no circle."""


def _nobody() -> NDArray[np.int32]:
    return np.zeros(0, dtype=np.int32)


@dataclass(slots=True)
class Circles:
    """By the theme's number: the circle's name, from 1; `NONE` where there is none. `given`: how many names were given so far."""

    names: NDArray[np.int32] = field(default_factory=_nobody)
    given: int = 0
    parted: float = 0.0
    """Modularity: how much more is said inside circles than would be by chance; above .3 they are told clearly apart."""
    known: int = 0
    """How many actors the theme held when they were found."""

    def of(self, numbers: NDArray[np.int32]) -> NDArray[np.int32]:
        """Names of the circles of some actors, shape of `numbers`."""
        self.names = grown(self.names, int(numbers.max(initial=-1)) + 1)
        return self.names[numbers]

    def outgrown(self, actors: int) -> bool:
        """Whether a theme has twice the actors that it had, so that a young one need not wait for an epoch."""
        return actors >= 2 * max(self.known, FEWEST_ACTORS)

    def renew(self, numbers: NDArray[np.int32], responses: list[Pairs], known: int) -> None:
        """Find the circles anew. `numbers` by actor of the window; `responses` of each source, all of them by that numbering."""
        self.known = known
        found, self.parted = _communities(numbers.size, responses)
        names = self._carried_over(found, self.of(numbers))
        self.names = np.zeros(self.names.size, dtype=np.int32)
        self.names[numbers] = names

    def leave(self, gone: NDArray[np.bool_]) -> None:
        """Some are forgotten, and so in no circle."""
        self.names = grown(self.names, gone.size)
        self.names[: gone.size][gone] = NONE

    def keep(self, kept: NDArray[np.bool_]) -> None:
        """Actors are numbered anew: the kept ones, in their order."""
        self.names = grown(self.names, kept.size)[: kept.size][kept]

    def dump(self) -> dict[str, object]:
        """Plain values for a snapshot."""
        there = np.flatnonzero(self.names)
        return {
            "numbers": there.tolist(),
            "names": self.names[there].tolist(),
            "given": self.given,
            "parted": self.parted,
            "known": self.known,
        }

    @classmethod
    def load(cls, plain: dict[str, object]) -> "Circles":
        """The inverse of `dump`."""
        loaded = msgspec.convert(plain, _Plain)
        circles = cls(given=loaded.given, parted=loaded.parted, known=loaded.known)
        numbers = np.array(loaded.numbers, dtype=np.int32)
        circles.of(numbers)
        circles.names[numbers] = loaded.names
        return circles

    def _carried_over(self, found: NDArray[np.int64], old: NDArray[np.int32]) -> NDArray[np.int32]:
        """Names by actor of the window: the best matches first, each name once; who matches nothing gets a new one."""
        size, before = np.bincount(found + 1)[1:], np.bincount(self.names, minlength=self.given + 1)
        both = np.flatnonzero((found >= 0) & (old != NONE))
        pair, shared = np.unique(found[both] * (self.given + 1) + old[both], return_counts=True)
        new, name = pair // (self.given + 1), pair % (self.given + 1)
        overlap = shared / (size[new] + before[name] - shared)
        names: dict[int, int] = {}
        taken: set[int] = set()
        for k in np.lexsort((new, name, -overlap)).tolist():
            if overlap[k] >= LEAST_OVERLAP and int(new[k]) not in names and int(name[k]) not in taken:
                names[int(new[k])] = int(name[k])
                taken.add(int(name[k]))
        for circle in range(size.size):
            if circle not in names:
                self.given += 1
                names[circle] = self.given
        return np.array([NONE, *(names[circle] for circle in range(size.size))], dtype=np.int32)[found + 1]


class _Plain(msgspec.Struct):
    """What an older snapshot does not hold is nothing yet."""

    numbers: list[int] = []
    names: list[int] = []
    given: int = 0
    parted: float = 0.0
    known: int = 0


def _communities(actors: int, responses: list[Pairs]) -> tuple[NDArray[np.int64], float]:
    """By actor, shape (n,): the number of its community, from the largest on, -1 where it has none; and the modularity."""
    found = np.full(actors, -1, dtype=np.int64)
    columns = ("src", "dst", "recency")
    src, dst, weight = (np.concatenate([_nobody(), *(getattr(p, name) for p in responses)]) for name in columns)
    there = weight > 0
    ends = src[there], dst[there]
    inside = occurring(ends[0], actors) | occurring(ends[1], actors)
    members = np.flatnonzero(inside)
    if not members.size:
        return found, 0.0
    place = np.cumsum(inside, dtype=np.int32) - 1
    given = csr_array((weight[there], tuple(place[end] for end in ends)), shape=(members.size, members.size))
    both = (given + given.T).tocsr()
    both.sort_indices()
    indptr, indices = both.indptr.astype(np.int64), both.indices.astype(np.int32)
    parted, communities = leiden_csr(indptr, indices, significant(both.data), members.size, seed=1)
    label = np.array([communities[k] for k in range(members.size)], dtype=np.int64)
    sizes = np.bincount(label)
    first = np.full(sizes.size, members.size)
    np.minimum.at(first, label, np.arange(members.size))
    order = np.lexsort((first, -sizes))
    number = np.full(sizes.size, -1, dtype=np.int64)
    large = order[sizes[order] >= FEWEST_MEMBERS]
    number[large] = np.arange(large.size)
    found[members] = number[label]
    return found, float(parted)
