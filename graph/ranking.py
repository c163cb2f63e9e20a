"""From scores to a ranking: who is ranked, how sources are merged, ties, tiers. docs/ranking.md, section 8."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from graph.intervals import Spread, settle_ties, tie_span, widened
from graph.profiles import Profiles
from graph.received import Received
from graph.roles import ROLES
from graph.rounding import significant
from graph.run import ROW_COLUMNS
from graph.score import Score
from graph.window import Window

TIER_ENDS = (5, 20, 80)
"""Last rank of tiers 1 to 3. Ranks are uncertain by a factor of 2 to 12 in real data: read tiers, not ranks."""


@dataclass(frozen=True, slots=True)
class SourceRanking:
    """One source's score, with what is published of its ranked actors. `actors`: positions in the window."""

    source: str
    code: int
    """Of the source."""
    score: Score
    received: Received
    actors: NDArray[np.int64]
    cold_start: bool
    spread: Spread
    """Factors that span a rank."""
    roles: NDArray[np.int8]
    """Positions in `graph.roles.ROLES`, by actor of the window, as `circles`, shape (n,)."""
    circles: NDArray[np.int32]
    official: NDArray[np.int64]
    """Positions of staff and brands, who are ranked apart."""


@dataclass(frozen=True, slots=True)
class Places:
    """Where everybody ranked stands, best first, shape (k,) each."""

    order: NDArray[np.int64]
    """Position among the ranked of all sources, source by source."""
    actors: NDArray[np.int64]
    """Positions in the window."""
    rank: NDArray[np.int64]
    low: NDArray[np.int64]
    high: NDArray[np.int64]

    def upto(self, rank: int) -> NDArray[np.int64]:
        """The actors whose rank is `rank` or better: with everybody who shares the last one, so there may be more of them."""
        return self.actors[: np.searchsorted(self.rank, rank, side="right")]


def officials(score: Score, received: Received, window: Window, profiles: Profiles, source: int) -> NDArray[np.int64]:
    """Positions of the staff and brands of a source (by code) who were responded to, best first, ties by position."""
    found = np.flatnonzero((received.people > 0) & profiles.official(window.numbers) & (window.source == source))
    return found[np.argsort(-significant(score.headline[found]), kind="stable")]


def rankable(received: Received, window: Window, profiles: Profiles, source: int) -> NDArray[np.int64]:
    """Positions of the actors of a source (by code) who were responded to and may be listed."""
    return np.flatnonzero((received.people > 0) & profiles.listable(window.numbers) & (window.source == source))


def merge(sources: list[SourceRanking], shares: list[NDArray[np.float64]], ids: list[str]) -> Places:
    """The places of all who are ranked: by percentile in their source (`shares`), then score. `ids` by actor of the window."""
    if not any(part.actors.size for part in sources):
        nobody = np.zeros(0, dtype=np.int64)
        return Places(nobody, nobody, nobody, nobody, nobody)
    actors = np.concatenate([part.actors for part in sources])
    share = np.concatenate(shares)
    scores = significant(np.concatenate([part.score.headline[part.actors] for part in sources]))
    order = np.lexsort((-scores, -share))
    ranks, last = tie_span(share[order], scores[order])
    settle_ties(order, (ranks, last), actors, ids)
    spreads = np.repeat([part.spread for part in sources], [part.actors.size for part in sources], axis=0)
    low, high = widened(ranks, last, spreads[order])
    return Places(order, actors[order], ranks, low, high)


def row_columns(
    sources: list[SourceRanking], places: Places, ids: list[str], numbers: NDArray[np.int32], profiles: Profiles
) -> dict[str, list[Any]]:
    """The published rows, best first, as columns of `graph.run.ROW_COLUMNS`. `ids` and `numbers` by actor of the window."""
    if not places.actors.size:
        return {name: [] for name in ROW_COLUMNS}
    parts = [_columns(part, k) for k, part in enumerate(sources)]
    shown = numbers[places.actors]
    values = {name: np.concatenate([part[name] for part in parts])[places.order].tolist() for name in parts[0]}
    rows: dict[str, list[Any]] = values | {
        "rank": places.rank.tolist(),
        "rank_low": places.low.tolist(),
        "rank_high": places.high.tolist(),
        "actor_id": list(map(ids.__getitem__, places.actors.tolist())),
        "actor_name": list(map(profiles.names.__getitem__, shown.tolist())),
        "source": list(map([each.source for each in sources].__getitem__, values["source"])),
        "role": list(map(ROLES.__getitem__, values["role"])),
        "tier": (1 + np.searchsorted(TIER_ENDS, places.rank)).tolist(),
        "circle": [circle or None for circle in values["circle"]],
        **_followers(*profiles.followers(shown)),
    }
    return {name: rows[name] for name in ROW_COLUMNS}


def percentiles(sources: list[SourceRanking]) -> list[NDArray[np.float64]]:
    """Share of the source's ranked actors who do not score higher, source by source, shape of its `actors` each."""
    return [_percentiles(part) for part in sources]


def _percentiles(part: SourceRanking) -> NDArray[np.float64]:
    """As `percentile_of` its ranked actors, in one pass over their order."""
    scores = significant(part.score.headline[part.actors])
    order = np.argsort(scores)
    ordered = scores[order]
    upto = np.searchsorted(ordered, ordered, side="right")
    shares = np.zeros(scores.size)
    shares[order] = significant(upto / max(scores.size, 1))
    return shares


def percentile_of(part: SourceRanking, actors: NDArray[np.int64]) -> NDArray[np.float64]:
    """Share of the ranked actors of the source who do not score higher than each of some actors, shape of `actors`."""
    return percentile_among(significant(part.score.headline[part.actors]), significant(part.score.headline[actors]))


def percentile_among(ranked: NDArray[np.float64], values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Share of the `ranked` values that are not greater than each of some `values`, of their shape."""
    return significant(np.searchsorted(np.sort(ranked), values, side="right") / max(ranked.size, 1))


def _columns(part: SourceRanking, source: int) -> dict[str, NDArray[Any]]:
    """By ranked actor of a source, which is the `source`-th of them; roles as positions in `ROLES`, no circle as 0."""
    score, received, actors = part.score, part.received, part.actors
    return {
        "source": np.full(actors.size, source),
        "score": score.headline[actors],
        "reach": (score.reach.total * score.regularity)[actors],
        "conversion": score.conversion.rate[actors],
        "trusted": score.reach.trusted[actors],
        "open": score.reach.open[actors],
        "regularity": score.regularity[actors],
        "lift": score.lift[actors],
        "solicited_share": received.solicited[actors] / received.recency[actors],
        "responders": received.people[actors],
        "messages": score.messages[actors],
        "role": part.roles[actors],
        "circle": part.circles[actors],
        "cold_start": np.full(actors.size, part.cold_start),
    }


def _followers(counts: NDArray[np.uint64], known: NDArray[np.bool_]) -> dict[str, list[int | None]]:
    """Followers as they are shown, and the position by them: one more than those who have more; None where not `known`."""
    ordered = np.sort(counts[known])
    ranks = ordered.size + 1 - np.searchsorted(ordered, counts, side="right")
    shown = {"followers": counts, "followers_rank": ranks}
    columns: dict[str, list[int | None]] = {name: values.tolist() for name, values in shown.items()}
    for column in columns.values():
        for place in np.flatnonzero(~known).tolist():
            column[place] = None
    return columns
