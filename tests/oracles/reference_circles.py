"""Circles under lasting names: section 14 of `docs/ranking.md`, from the text alone, but for the search itself, a library's."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from graspologic_native import leiden_csr
from scipy.sparse import csr_array

from graph.keys import identity_key

FEWEST_MEMBERS = 3
LEAST_OVERLAP = 0.2


@dataclass(frozen=True, slots=True)
class Circles:
    """Names by actor; how many were given so far; modularity; how many actors the theme held."""

    names: dict[str, int] = field(default_factory=dict)
    given: int = 0
    parted: float = 0.0
    known: int = 0


def in_order(actors: Sequence[str] | set[str]) -> list[str]:
    """Section *Exactness*: actors by a hash of their id."""
    return sorted(actors, key=lambda actor: (identity_key("actor", actor), actor))


def renewed(before: Circles, responses: Sequence[Mapping[tuple[str, str], float]], known: int) -> Circles:
    """Circles found anew, each under the name of the one that it shares most with. `responses`: rec, by source."""
    found, parted = communities(responses)
    overlaps = []
    for number, members in enumerate(found):
        for name in sorted(set(before.names.values())):
            old = {actor for actor, its in before.names.items() if its == name}
            overlaps.append((-len(members & old) / len(members | old), name, number))
    named: dict[int, int] = {}
    for overlap, name, number in sorted(overlaps):
        if -overlap >= LEAST_OVERLAP and number not in named and name not in named.values():
            named[number] = name
    given = before.given
    for number in range(len(found)):
        if number not in named:
            given += 1
            named[number] = given
    names = {actor: named[number] for number, members in enumerate(found) for actor in members}
    return Circles(names, given, parted, known)


def communities(responses: Sequence[Mapping[tuple[str, str], float]]) -> tuple[list[set[str]], float]:
    """The members of each, the largest first, and the modularity."""
    weights: dict[tuple[str, str], float] = {}
    for rec in responses:
        for (u, i), value in rec.items():
            for pair in ((u, i), (i, u)):
                weights[pair] = weights.get(pair, 0.0) + value
    actors = in_order({actor for pair in weights for actor in pair})
    if not actors:
        return [], 0.0
    place = {actor: number for number, actor in enumerate(actors)}
    entries = sorted((place[u], place[i], value) for (u, i), value in weights.items())
    ends = [entry[0] for entry in entries], [entry[1] for entry in entries]
    matrix = csr_array(([float(f"{entry[2]:.11e}") for entry in entries], ends), shape=(len(actors), len(actors)))
    indptr, indices = matrix.indptr.astype(np.int64), matrix.indices.astype(np.int32)
    parted, label = leiden_csr(indptr, indices, matrix.data, len(actors), seed=1)
    members: dict[int, list[int]] = {}
    for number in range(len(actors)):
        members.setdefault(label[number], []).append(number)
    ordered = sorted(members.values(), key=lambda numbers: (-len(numbers), numbers[0]))
    return [{actors[k] for k in numbers} for numbers in ordered if len(numbers) >= FEWEST_MEMBERS], float(parted)
