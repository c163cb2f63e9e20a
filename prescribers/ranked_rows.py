"""The one row builder: a ranked actor as `top --json` and `replay --json` print it, whatever the row comes from."""

from collections.abc import Iterable, Mapping
from typing import Any

from graph.run import RankingRun
from prescribers.moments import rfc3339

FIELDS = (
    *("theme", "window_end", "score_version", "run_id", "rank", "rank_low", "rank_high", "actor_id", "actor_name", "source"),
    *("score", "reach", "conversion", "trusted", "open", "regularity", "lift", "solicited_share", "responders", "messages"),
    *("role", "tier", "circle", "cold_start", "followers", "followers_rank"),
)
EVIDENCE_FIELDS = ("position", "responder_id", "responder_name", "kind", "occurred_at", "url", "object_id")

Row = dict[str, Any]


def ranked_row(row: Mapping[str, Any], evidence: Iterable[Mapping[str, Any]]) -> Row:
    """One ranked actor: every field of the contract, in its order, with its evidence; times as RFC 3339."""
    built = {name: row[name] for name in FIELDS}
    built["window_end"] = rfc3339(row["window_end"])
    built["cold_start"] = bool(row["cold_start"])
    ordered = sorted(evidence, key=lambda item: item["position"])
    built["evidence"] = [_evidence(item) for item in ordered]
    return built


def rows_of_run(run: RankingRun) -> list[Row]:
    """Everybody that a run ranks, best first."""
    found: dict[str, list[Row]] = {}
    for values in zip(*run.evidence.values(), strict=True):
        item = dict(zip(run.evidence, values, strict=True))
        found.setdefault(item["actor_id"], []).append(item)
    return [ranked_row(row, found.get(row["actor_id"], ())) for row in run.ranked()]


def _evidence(item: Mapping[str, Any]) -> Row:
    built = {name: item[name] for name in EVIDENCE_FIELDS}
    built["occurred_at"] = rfc3339(item["occurred_at"])
    return built
