"""What must hold of every receipt, checked on all receipts of a replay's runs."""

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any

import numpy as np

from graph.receipts.causes import CAUSES
from graph.run import RankingRun

Part = dict[str, Any]


def parts_of(run: RankingRun) -> dict[str, list[Part]]:
    """The parts of a run's receipts by actor, in their order."""
    found: dict[str, list[Part]] = {}
    for values in zip(*run.receipts.values(), strict=True):
        part = dict(zip(run.receipts, values, strict=True))
        found.setdefault(part["actor_id"], []).append(part)
    return found


def checked_pairs(runs: Sequence[RankingRun]) -> tuple[int, int]:
    """Check each run against the one before it, every actor; returns how many pairs and receipts there were."""
    receipts = 0
    for earlier, later in pairwise(runs):
        receipts += _checked(earlier, later)
    return len(runs) - 1, receipts


def _checked(earlier: RankingRun, later: RankingRun) -> int:
    before, after = _standing(earlier), _standing(later)
    found = parts_of(later)
    assert found.keys() <= before.keys() | after.keys()
    stayed = before.keys() & after.keys()
    for actor in before.keys() | after.keys():
        score_before, rank_before = before.get(actor, (0.0, len(before) + 1))
        score_after, rank_after = after.get(actor, (0.0, len(after) + 1))
        parts = found.get(actor, [])
        for part in parts:
            assert (part["since"], part["rank_before"], part["rank_after"]) == (earlier.window_end, rank_before, rank_after)
            assert (part["score_before"], part["score_after"]) == (score_before, score_after)
        assert sum(part["places"] for part in parts) == rank_before - rank_after, parts
        for order in (parts, parts[::-1]):
            assert sum(part["points"] for part in order) == score_after - score_before, parts
        _assert_sensible(parts, stayed=actor in stayed)
    return len(found)


def _assert_sensible(parts: list[Part], *, stayed: bool) -> None:
    positions = [part["position"] for part in parts]
    assert positions == sorted(set(positions))
    assert [part["cause"] for part in parts] == [CAUSES[position - 1] for position in positions]
    by_cause = {part["cause"]: part for part in parts}
    assert not (stayed and "listing" in by_cause), "the steps lead to another score than was published"
    assert by_cause.get("decay", {"points": 0})["points"] <= 0
    for cause in ("rivals", "left", "entered"):
        assert by_cause.get(cause, {"points": 0})["points"] == 0
    assert by_cause.get("left", {"places": 0})["places"] >= 0
    assert by_cause.get("entered", {"places": 0})["places"] <= 0
    for cause, sign in (("gained", 1), ("renewed", 1), ("expired", -1)):
        assert by_cause.get(cause, {"people": 0})["people"] * sign >= 0, parts


def _standing(run: RankingRun) -> dict[str, tuple[float, int]]:
    rows: Iterable[tuple[str, float, int]] = zip(run.rows["actor_id"], run.rows["score"], run.rows["rank"], strict=True)
    return {actor: (float(np.rint(score * 2.0**30) / 2.0**30), rank) for actor, score, rank in rows}
