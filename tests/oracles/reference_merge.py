"""Sources merged into one ranking: section 8 of `docs/ranking.md`, from the text alone."""

from collections.abc import Sequence

from tests.oracles.reference_act import Act
from tests.oracles.reference_score import SourceRun, Standing

MEASURES = (
    *("score", "reach", "conversion", "trusted", "open", "regularity", "lift"),
    *("solicited_share", "responders", "messages"),
)


def merge(
    acts: Sequence[Act], found: dict[str, SourceRun], spreads: dict[str, tuple[float, float]]
) -> tuple[list[dict[str, object]], dict[str, list[tuple[str, int]]]]:
    """Section 8: who is ranked, and the order across sources."""
    unlisted = not_listed(acts)
    entries: list[tuple[float, float, str, str, Standing]] = []
    for source, run in found.items():
        ranked = [standing for standing in run.standings if standing.actor not in unlisted]
        scores = [twelve(standing.score) for standing in ranked]
        for standing, score in zip(ranked, scores, strict=True):
            percentile = sum(other <= score for other in scores) / len(scores)
            entries.append((-twelve(percentile), -score, standing.actor, source, standing))
    entries.sort(key=lambda entry: entry[:3])
    places = [entry[:2] for entry in entries]
    counted = sorted((act.at, act.followers, act.actor) for act in acts if act.followers is not None)
    followers = {actor: count for _, count, actor in counted}
    audiences = [followers[entry[2]] for entry in entries if entry[2] in followers]
    rows: list[dict[str, object]] = []
    for entry in entries:
        actor, source, standing = entry[2:]
        rank = places.index(entry[:2]) + 1
        audience = followers.get(actor)
        low, high = spreads[source]
        row: dict[str, object] = {name: getattr(standing, name) for name in MEASURES}
        row |= {
            "rank": rank,
            "rank_low": max(1, min(rank, round(rank * low))),
            "rank_high": min(len(entries), max(rank + places.count(entry[:2]) - 1, round(rank * high))),
            "actor_id": actor,
            "source": source,
            "tier": tier(rank),
            "cold_start": found[source].cold_start,
            "followers": audience,
            "followers_rank": None if audience is None else 1 + sum(other > audience for other in audiences),
        }
        rows.append(row)
    return rows, {entry[2]: entry[4].evidence for entry in entries}


def not_listed(acts: Sequence[Act]) -> set[str]:
    """Staff, brands, bots and who objected."""
    types = actor_types(acts)
    return {act.actor for act in acts if types.get(act.actor) in ("staff", "brand", "bot") or act.no_rank}


def actor_types(acts: Sequence[Act]) -> dict[str, str]:
    """The type that the latest act to name one gave its author; at one time the greater word."""
    return {actor: kind for _, kind, actor in sorted((a.at, a.actor_type, a.actor) for a in acts if a.actor_type != "unknown")}


def tier(rank: int) -> int:
    """1 for ranks 1-5, 2 for 6-20, 3 for 21-80, 4 beyond."""
    return next((number for number, last in enumerate((5, 20, 80), start=1) if rank <= last), 4)


def twelve(value: float) -> float:
    """Rounded to 12 significant digits."""
    return float(f"{value:.11e}")


def ranks(rows: Sequence[dict[str, object]]) -> dict[object, object]:
    """Rank by actor."""
    return {row["actor_id"]: row["rank"] for row in rows}
