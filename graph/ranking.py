"""From scores to a ranking: who is ranked, how sources are merged, ties, tiers. docs/ranking.md, section 8."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from graph.intervals import Spread, tie_span, widened
from graph.profiles import Profiles
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
    actors: NDArray[np.int64]
    cold_start: bool
    spread: Spread
    """Factors that span a rank."""
    roles: NDArray[np.int8]
    """Positions in `graph.roles.ROLES`, by actor of the window, as `circles`, shape (n,)."""
    circles: NDArray[np.int32]
    official: NDArray[np.int64]
    """Positions of staff and brands, who are ranked apart."""


def officials(score: Score, window: Window, profiles: Profiles, source: int) -> NDArray[np.int64]:
    """Positions of the staff and brands of a source (by code) who were responded to, best first, ties by position."""
    answered = score.pairs.received(score.pairs.recency) > 0
    found = np.flatnonzero(answered & profiles.official(window.numbers) & (window.source == source))
    return found[np.argsort(-significant(score.headline[found]), kind="stable")]


def rankable(score: Score, window: Window, profiles: Profiles, source: int) -> NDArray[np.int64]:
    """Positions of the actors of a source (by code) who were responded to and may be listed."""
    answered = score.pairs.received(score.pairs.recency) > 0
    return np.flatnonzero(answered & profiles.listable(window.numbers) & (window.source == source))


def merge(sources: list[SourceRanking], ids: list[str], numbers: NDArray[np.int32], profiles: Profiles) -> dict[str, list[Any]]:
    """The published rows, best first, as columns of `graph.run.ROW_COLUMNS`. `ids` and `numbers` by actor of the window."""
    parts = [_columns(part) for part in sources]
    actors = np.concatenate([part.actors for part in sources]) if sources else np.zeros(0, dtype=np.int64)
    names = [ids[k] for k in actors.tolist()]
    if not actors.size:
        return {name: [] for name in ROW_COLUMNS}
    merged = {name: [value for part in parts for value in part[name]] for name in parts[0]}
    shares = np.concatenate(percentiles(sources))
    keys = list(zip((-shares).tolist(), (-significant(np.array(merged["score"]))).tolist(), strict=True))
    order = sorted(range(len(keys)), key=lambda k: (keys[k], names[k]))
    ranks, low, high = tie_span([keys[k] for k in order])
    spreads = [part.spread for part in sources for _ in range(part.actors.size)]
    spans = [widened(*span, spreads[k], len(order)) for span, k in zip(zip(low, ranks, high, strict=True), order, strict=True)]
    shown = numbers[actors[order]].tolist()
    rows: dict[str, list[Any]] = {
        "rank": ranks,
        "rank_low": [low for low, _ in spans],
        "rank_high": [high for _, high in spans],
        "actor_id": [names[k] for k in order],
        "actor_name": [profiles.names[k] for k in shown],
        **{name: [values[k] for k in order] for name, values in merged.items()},
        "tier": [1 + sum(rank > end for end in TIER_ENDS) for rank in ranks],
        "followers": [profiles.followers(k) for k in shown],
    }
    rows["followers_rank"] = _followers_ranks(rows["followers"])
    return {name: rows[name] for name in ROW_COLUMNS}


def percentiles(sources: list[SourceRanking]) -> list[NDArray[np.float64]]:
    """Share of the source's ranked actors who do not score higher, source by source, shape of its `actors` each."""
    return [percentile_of(part, part.actors) for part in sources]


def percentile_of(part: SourceRanking, actors: NDArray[np.int64]) -> NDArray[np.float64]:
    """Share of the ranked actors of the source who do not score higher than each of some actors, shape of `actors`."""
    return percentile_among(significant(part.score.headline[part.actors]), significant(part.score.headline[actors]))


def percentile_among(ranked: NDArray[np.float64], values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Share of the `ranked` values that are not greater than each of some `values`, of their shape."""
    return significant(np.searchsorted(np.sort(ranked), values, side="right") / max(ranked.size, 1))


def _columns(part: SourceRanking) -> dict[str, list[Any]]:
    score, actors, pairs = part.score, part.actors, part.score.pairs
    received = pairs.received(pairs.recency)[actors]
    solicited = pairs.received(pairs.recency * score.courtesy.solicited)[actors]
    return {
        "source": [part.source] * actors.size,
        "score": score.headline[actors].tolist(),
        "reach": (score.reach.total * score.regularity)[actors].tolist(),
        "conversion": score.conversion.rate[actors].tolist(),
        "trusted": score.reach.trusted[actors].tolist(),
        "open": score.reach.open[actors].tolist(),
        "regularity": score.regularity[actors].tolist(),
        "lift": score.conversion.lift[actors].tolist(),
        "solicited_share": (solicited / received).tolist(),
        "responders": np.bincount(pairs.dst[pairs.recency > 0], minlength=pairs.actors)[actors].tolist(),
        "messages": score.messages[actors].tolist(),
        "role": [ROLES[k] for k in part.roles[actors].tolist()],
        "circle": [circle or None for circle in part.circles[actors].tolist()],
        "cold_start": [part.cold_start] * actors.size,
    }


def _followers_ranks(followers: list[int | None]) -> list[int | None]:
    known = sorted((count for count in followers if count is not None), reverse=True)
    first = {count: position for position, count in reversed(list(enumerate(known, start=1)))}
    return [None if count is None else first[count] for count in followers]
