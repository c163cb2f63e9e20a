"""The messages that earned a score: of the first ranked, the responders who weigh most. docs/ranking.md, section 9."""

from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from graph.actors import Actors
from graph.interaction_log import KIND_MASK, InteractionLog
from graph.kinds import KINDS
from graph.pair_order import heads_of
from graph.ranking import SourceRanking
from graph.run import EVIDENCE_COLUMNS
from graph.score import Score

MOST_EVIDENCE = 5
NOTHING = -1.0
"""Worth of whoever did not respond."""
TABLE = 1 << 20
"""Cells that are looked at together, which bounds the memory that it takes."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """Entries of the covered actors, actor by actor. `rows`: positions in the log; `actor[e]`: whose score the row earned."""

    actor: NDArray[np.int64]
    rows: NDArray[np.int64]

    def prints(self, log: InteractionLog, actors: Actors) -> tuple[NDArray[np.int64], NDArray[np.uint64]]:
        """(actor, fingerprint) of what would be published: it changes with the messages and with their authors' names."""
        if not self.rows.size:
            return self.actor, np.zeros(0, dtype=np.uint64)
        names = actors.profiles.name_prints(log.src[self.rows]).astype(np.uint64)
        mixed = (log.keys[self.rows] ^ (names << np.uint64(17))) * np.uint64(0x9E3779B97F4A7C15)
        heads = heads_of(self.actor)
        return self.actor[heads], np.bitwise_xor.reduceat(mixed, heads) | np.uint64(1)

    def of(self, wanted: NDArray[np.int64]) -> "Evidence":
        """Only the entries of some actors."""
        there = np.zeros(int(self.actor.max(initial=-1)) + 1, dtype=np.bool_)
        there[wanted] = True
        kept = there[self.actor]
        return Evidence(self.actor[kept], self.rows[kept])


def evidence_of(
    parts: list[SourceRanking], covered: NDArray[np.int64], ids: list[str], event_keys: NDArray[np.uint64]
) -> Evidence:
    """The up to five responders who weigh most with each of the `covered`, each with the message that set its recency.

    `covered`: positions in the window, ranked in one of the `parts` each; `ids` by actor of the window, `event_keys` by position
    in the log.
    """
    inside = np.zeros(len(ids), dtype=np.bool_)
    inside[covered] = True
    found = [_of_source(part.score, part.actors[inside[part.actors]], ids, event_keys) for part in parts]
    nobody = np.zeros(0, dtype=np.int64)
    return Evidence(np.concatenate([nobody, *(e.actor for e in found)]), np.concatenate([nobody, *(e.rows for e in found)]))


def _of_source(score: Score, ranked: NDArray[np.int64], ids: list[str], event_keys: NDArray[np.uint64]) -> Evidence:
    pairs = score.pairs
    taken, least = _heaviest(score, ranked)
    number = pairs.dst[taken].astype(np.int64)
    tied = np.flatnonzero((np.bincount(number)[number] > MOST_EVIDENCE) & (score.worth[taken] == least[number]))
    if tied.size:
        taken = np.delete(taken, _last_of_equals(tied, number, [ids[k] for k in pairs.src[taken[tied]].tolist()]))
    rows = score.standings.rows.best_rows(taken, pairs.half_life_ms, event_keys)
    return Evidence(pairs.dst[taken].astype(np.int64), rows)


def _heaviest(score: Score, ranked: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """(the pairs that weigh no less than the fifth of the same actor, in order; by actor of the window what its fifth weighs).

    Who did not respond is left out. Actors with about as many pairs make one table, of which each row is parted.
    """
    pairs = score.pairs
    head = pairs.starts[ranked].astype(np.int64)
    counts = pairs.starts[ranked + 1] - head
    least, taken = np.zeros(pairs.actors), [np.zeros(0, dtype=np.int64)]
    narrower, width = 0, MOST_EVIDENCE
    while (wider := counts > narrower).any():
        these = np.flatnonzero(wider & (counts <= width))
        for part in np.split(these, range(TABLE // width + 1, these.size, TABLE // width + 1)):
            place = np.arange(width)
            pair = np.minimum(head[part, None] + place, pairs.src.size - 1)
            there = (place < counts[part, None]) & (pairs.recency[pair] > 0)
            table = np.where(there, score.worth[pair], NOTHING)
            cut = np.partition(table, width - MOST_EVIDENCE, axis=1)[:, width - MOST_EVIDENCE]
            least[ranked[part]] = cut
            taken.append(pair[there & (table >= cut[:, None])])
        narrower, width = width, 2 * width
    return np.sort(np.concatenate(taken)), least


def _last_of_equals(tied: NDArray[np.intp], number: NDArray[np.int64], responders: list[str]) -> list[int]:
    """Where the cut after the fifth runs through equals, the responders' ids decide: positions of those beyond it.

    `tied`: positions of all who are equal to an actor's fifth; `responders`: their ids; `number`: the actor of each position.
    """
    room = MOST_EVIDENCE - np.bincount(number) + np.bincount(number[tied], minlength=int(number.max()) + 1)
    beyond: list[int] = []
    for actor, equals in groupby(sorted(zip(number[tied].tolist(), responders, tied.tolist(), strict=True)), itemgetter(0)):
        beyond += [position for *_, position in equals][int(room[actor]) :]
    return beyond


def evidence_columns(evidence: Evidence, ids: list[str], log: InteractionLog, actors: Actors) -> dict[str, list[Any]]:
    """Columns of `graph.run.EVIDENCE_COLUMNS`, each actor's messages newest first, ties by event key."""
    order = np.lexsort((log.keys[evidence.rows], -log.times.at(evidence.rows), evidence.actor))
    actor, rows = evidence.actor[order], evidence.rows[order]
    place = np.arange(order.size) - np.searchsorted(actor, actor)
    object_ids, urls = log.references_of(rows)
    authors = log.src[rows].tolist()
    values: dict[str, list[Any]] = {
        "actor_id": list(map(ids.__getitem__, actor.tolist())),
        "position": (place + 1).tolist(),
        "event_key": log.keys[rows].tolist(),
        "object_id": object_ids,
        "url": urls,
        "responder_id": list(map(actors.ids.__getitem__, authors)),
        "responder_name": list(map(actors.profiles.names.__getitem__, authors)),
        "kind": list(map(KINDS.__getitem__, (log.flags[rows] & KIND_MASK).tolist())),
        "occurred_at": log.times.at(rows).tolist(),
    }
    return {name: values[name] for name in EVIDENCE_COLUMNS}
