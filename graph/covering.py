"""The shortest covering list: the fewest ranked actors who together reach most of those who respond to anybody ranked.

Greedy: each time whoever reaches most people that none before did. Nemhauser, Wolsey, Fisher, *Mathematical Programming* 1978;
evaluated lazily after Minoux, 1978: what somebody adds can only shrink as the list grows, so what was found before is a bound.
docs/ranking.md, section 16.
"""

from dataclasses import dataclass
from fractions import Fraction
from heapq import heapify, heappop, heappush
from typing import Any

import numpy as np
from numpy.typing import NDArray

from graph.ranking import SourceRanking
from graph.run import COVERING_COLUMNS

MOST_ACTORS = 100
ENOUGH = Fraction(4, 5)
"""The list ends where this share is reached; the last fifth would take as many people again."""
Numbers = NDArray[np.int64]
VOICES = ("all", "credible")
CREDIBLE = 0.5
"""From this credibility on a voice is credible: it holds a tenth of the trust that the lower quarter of the seeds hold."""


@dataclass(frozen=True, slots=True)
class Cover:
    """By position on the list, shape (k,) each."""

    chosen: Numbers
    """Candidates, by number."""
    newly: Numbers
    """People that each adds."""
    at_most: Numbers
    """People that no list of as many candidates exceeds; this list reaches at least 1 - (1 - 1/k)^k of them."""
    everybody: int

    @property
    def reached(self) -> Numbers:
        """By everybody up to each position."""
        return np.cumsum(self.newly)

    @property
    def fewest(self) -> Numbers:
        """No list of fewer candidates reaches as many people as the list up to each position does."""
        return np.searchsorted(self.at_most, self.reached) + 1


def cover_of(candidate: Numbers, person: Numbers, candidates: int) -> Cover:
    """`candidate` reaches `person`, each pair once, shape (p,) each, numbered from 0; of equal candidates the first is taken.

    >>> cover = cover_of(np.array([0, 0, 0, 1, 1, 2, 2, 2]), np.array([0, 1, 2, 0, 3, 1, 2, 4]), 3)
    >>> cover.chosen.tolist(), cover.reached.tolist(), cover.at_most.tolist(), cover.fewest.tolist()
    ([0, 1], [3, 4], [3, 5], [1, 2])
    """
    order = np.argsort(candidate, kind="stable")
    starts = np.searchsorted(candidate[order], np.arange(candidates + 1))
    reach = np.split(person[order], starts[1:-1])
    everybody = int(np.unique(person).size)
    gains, reached = np.diff(starts), np.zeros(int(person.max(initial=-1)) + 1, dtype=np.bool_)
    queue = [(-gain, number) for number, gain in enumerate(gains.tolist())]
    heapify(queue)
    chosen: list[int] = []
    newly: list[int] = []
    at_most = np.full(min(MOST_ACTORS, candidates), everybody)
    while len(chosen) < MOST_ACTORS and sum(newly) < ENOUGH * everybody:
        best = _best(queue, gains, reach, reached)
        at_most = np.minimum(at_most, sum(newly) + np.cumsum(_largest(gains, at_most.size)))
        chosen.append(best)
        newly.append(int(gains[best]))
        reached[reach[best]] = True
        gains[best] = 0
    return Cover(np.array(chosen, dtype=np.int64), np.array(newly, dtype=np.int64), at_most[: len(chosen)], everybody)


def _best(queue: list[tuple[int, int]], gains: Numbers, reach: list[Numbers], reached: NDArray[np.bool_]) -> int:
    """Whoever adds most now. All other `gains` are then bounds that do not exceed its own."""
    while True:
        _, number = heappop(queue)
        gains[number] = np.count_nonzero(~reached[reach[number]])
        if not queue or (-gains[number], number) <= queue[0]:
            return number
        heappush(queue, (-int(gains[number]), number))


def _largest(values: Numbers, count: int) -> Numbers:
    """The `count` largest, in descending order."""
    return np.sort(np.partition(values, values.size - count)[values.size - count :])[::-1]


def empty_covering() -> dict[str, list[Any]]:
    """Of a run that tells none: the one told last stands."""
    return {name: [] for name in COVERING_COLUMNS}


def covering_columns(parts: list[SourceRanking], ids: list[str], rows: dict[str, list[Any]]) -> dict[str, list[Any]]:
    """Columns of `COVERING_COLUMNS`, a list for each of `VOICES`. `ids` by actor of the window; `rows`: the ranking."""
    if not rows["rank"]:
        return empty_covering()
    actors = np.concatenate([part.actors for part in parts])
    listed = {actor: number for number, actor in enumerate(rows["actor_id"])}
    place = np.full(len(ids), -1)
    place[actors] = [listed[ids[k]] for k in actors.tolist()]
    found = [_responses(part) for part in parts]
    src, dst, credible = (np.concatenate([each[column] for each in found]) for column in range(3))
    believed = credible.astype(np.bool_)
    lists = {"all": np.ones(src.size, dtype=np.bool_), "credible": believed}
    columns: dict[str, list[Any]] = empty_covering()
    for voices in VOICES:
        counted = lists[voices]
        cover = cover_of(place[dst[counted]], src[counted], len(listed))
        newly = _newly(cover, place[dst[counted]], src[counted], believed[counted])
        for name, values in _columns(cover, rows, newly).items():
            columns[name] += values
        columns["voices"] += [voices] * cover.chosen.size
    return columns


def _columns(cover: Cover, rows: dict[str, list[Any]], credible: list[int]) -> dict[str, list[Any]]:
    return {
        "position": list(range(1, cover.chosen.size + 1)),
        "actor_id": [rows["actor_id"][k] for k in cover.chosen.tolist()],
        "rank": [rows["rank"][k] for k in cover.chosen.tolist()],
        "new_responders": cover.newly.tolist(),
        "new_credible": credible,
        "reached": cover.reached.tolist(),
        "everybody": [cover.everybody] * cover.chosen.size,
        "share": (cover.reached / max(cover.everybody, 1)).tolist(),
        "at_most": cover.at_most.tolist(),
        "fewest": cover.fewest.tolist(),
    }


def _newly(cover: Cover, candidate: Numbers, person: Numbers, credible: NDArray[np.bool_]) -> list[int]:
    """How many of the people that each position adds are credible: who responds to several is added by the first of them."""
    position = np.full(int(candidate.max(initial=-1)) + 1, cover.chosen.size)
    position[cover.chosen] = np.arange(cover.chosen.size)
    added = np.full(int(person.max(initial=-1)) + 1, cover.chosen.size)
    np.minimum.at(added, person, position[candidate])
    believed = np.unique(person[credible])
    counts: list[int] = np.bincount(added[believed], minlength=cover.chosen.size + 1)[: cover.chosen.size].tolist()
    return counts


def _responses(part: SourceRanking) -> tuple[Numbers, Numbers, Numbers]:
    """Who responded (rec > 0) to whom of the ranked, and whether that is a credible voice (1) or not (0)."""
    pairs, ranked = part.score.pairs, np.zeros(part.score.pairs.actors, dtype=np.bool_)
    ranked[part.actors] = True
    there = (pairs.recency > 0) & ranked[pairs.dst]
    credible = (part.score.credibility >= CREDIBLE) | part.score.choice.plain
    person = pairs.src[there].astype(np.int64)
    return person, pairs.dst[there].astype(np.int64), credible[person].astype(np.int64)
