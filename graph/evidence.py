"""The messages that earned a score: for each ranked actor the responders who weigh most. docs/ranking.md, section 9."""

from dataclasses import dataclass
from typing import Any
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from graph.actors import Actors
from graph.interaction_log import KIND_MASK, InteractionLog
from graph.kinds import KINDS
from graph.run import EVIDENCE_COLUMNS
from graph.score import Score

MOST_EVIDENCE = 5


@dataclass(frozen=True, slots=True)
class Evidence:
    """Entries of all ranked actors, actor by actor. `rows`: positions in the log; `actor[e]`: whose score the row earned."""

    actor: NDArray[np.int64]
    rows: NDArray[np.int64]

    def prints(self, log: InteractionLog, actors: Actors) -> tuple[NDArray[np.int64], NDArray[np.uint64]]:
        """(actor, fingerprint) of what would be published: it changes with the messages and with their authors' names."""
        if not self.rows.size:
            return self.actor, np.zeros(0, dtype=np.uint64)
        named = actors.profiles.names
        names = np.array([crc32(named[k].encode()) for k in log.src[self.rows].tolist()], dtype=np.uint64)
        mixed = (log.keys[self.rows] ^ (names << np.uint64(17))) * np.uint64(0x9E3779B97F4A7C15)
        heads = np.flatnonzero(np.concatenate([[True], self.actor[1:] != self.actor[:-1]]))
        return self.actor[heads], np.bitwise_xor.reduceat(mixed, heads) | np.uint64(1)

    def of(self, wanted: NDArray[np.int64]) -> "Evidence":
        """Only the entries of some actors."""
        kept = np.isin(self.actor, wanted)
        return Evidence(self.actor[kept], self.rows[kept])


def evidence_of(score: Score, ranked: NDArray[np.int64], ids: list[str]) -> Evidence:
    """The up to five responders who weigh most with each ranked actor, each with the message that set its recency."""
    pairs = score.pairs
    per_unknown = np.zeros(pairs.actors)
    np.divide(score.reach.open, score.reach.unknown, out=per_unknown, where=score.reach.unknown > 0)
    credit = score.credibility[pairs.src]
    worth = credit * score.courtesy.reaching(pairs, pairs.recency) + (1 - credit) * pairs.recency * per_unknown[pairs.dst]
    wanted = np.zeros(pairs.actors, dtype=np.bool_)
    wanted[ranked] = True
    chosen = np.flatnonzero(wanted[pairs.dst] & (pairs.recency > 0))
    order = chosen[np.lexsort((-worth[chosen], pairs.dst[chosen]))]
    dst = pairs.dst[order]
    place = np.arange(dst.size) - np.searchsorted(dst, dst)
    _settle_ties(order, place, worth, [ids[k] for k in pairs.src[order].tolist()], dst)
    taken = order[place < MOST_EVIDENCE]
    return Evidence(pairs.dst[taken], pairs.best_row[taken])


def _settle_ties(
    order: NDArray[np.int64], place: NDArray[np.int64], worth: NDArray[np.float64], responders: list[str], dst: NDArray[np.int64]
) -> None:
    """Where the cut after the fifth runs through equals, let the responders' ids decide. Changes `order` in place."""
    last = np.flatnonzero(place[1:] == MOST_EVIDENCE)
    for cut in last[worth[order[last]] == worth[order[last + 1]]].tolist():
        level = worth[order[cut]]
        head, end = cut, cut + 1
        while place[head] > 0 and worth[order[head - 1]] == level:
            head -= 1
        while end < order.size and dst[end] == dst[cut] and worth[order[end]] == level:
            end += 1
        settled = sorted(range(head, end), key=lambda k: responders[k])
        order[head:end] = order[settled]


def evidence_columns(evidence: Evidence, ids: list[str], log: InteractionLog, actors: Actors) -> dict[str, list[Any]]:
    """Columns of `graph.run.EVIDENCE_COLUMNS`, each actor's messages newest first, ties by event key."""
    times, keys = log.times.at(evidence.rows), log.keys[evidence.rows]
    order = np.lexsort((keys, -times, evidence.actor))
    columns: dict[str, list[Any]] = {name: [] for name in EVIDENCE_COLUMNS}
    place = np.arange(order.size) - np.searchsorted(evidence.actor[order], evidence.actor[order])
    references = {row: log.reference(row) for row in sorted(set(evidence.rows.tolist()))}
    for entry, position in zip(order.tolist(), place.tolist(), strict=True):
        object_id, url = references[int(evidence.rows[entry])]
        author = int(log.src[evidence.rows[entry]])
        values = (
            ids[int(evidence.actor[entry])],
            position + 1,
            int(keys[entry]),
            object_id,
            url,
            actors.ids[author],
            actors.profiles.names[author],
            KINDS[int(log.flags[evidence.rows[entry]]) & KIND_MASK],
            int(times[entry]),
        )
        for name, value in zip(EVIDENCE_COLUMNS, values, strict=True):
            columns[name].append(value)
    return columns
