"""A ranked row and a receipt, as `explain` is handed them."""

import math
from typing import Any

from graph.receipts.causes import CAUSES
from prescribers.receipt import receipt_of

MONTH_MS = 28 * 86_400_000


def ranked_row(**changes: Any) -> dict[str, Any]:  # noqa: ANN401 - any field
    row: dict[str, Any] = {
        "theme": "lean",
        "window_end": "2020-03-01T00:00:00Z",
        "rank": 3,
        "rank_low": 3,
        "rank_high": 3,
        "actor_id": "zulip:1",
        "actor_name": "Ada",
        "trusted": 3.1,
        "open": 0.8,
        "regularity": 0.9,
        "lift": 1.5,
        "role": "",
        "responders": 7,
        "messages": 1,
        "solicited_share": 0.25,
        "cold_start": False,
        "followers": 1234,
        "followers_rank": 9,
        "evidence": [
            {
                "position": 1,
                "responder_id": "zulip:2",
                "responder_name": "Bob",
                "kind": "quote",
                "occurred_at": "2020-02-02T18:33:00Z",
                "url": "https://example.org/m/1",
                "object_id": "m1",
            }
        ],
    }
    row |= changes
    reach = (row["trusted"] + row["open"]) * row["regularity"]
    return {"score": reach * math.cbrt(row["lift"]), "reach": reach, **row}


def receipt(*parts: tuple[str, float, int, int], before: float = 1.0, ranks: tuple[int, int] = (12, 8)) -> dict[str, Any]:
    """A receipt of (cause, points, places, people)."""
    shared = {"since": 1_577_836_800_000, "window_end": 1_578_441_600_000, "rank_before": ranks[0], "rank_after": ranks[1]}
    after = before + math.fsum(points for _, points, _, _ in parts)
    rows = [
        shared
        | {"position": CAUSES.index(cause) + 1, "cause": cause, "points": points, "places": places, "people": people}
        | {"score_before": before, "score_after": after}
        for cause, points, places, people in parts
    ]
    found = receipt_of(rows[::-1])
    assert found is not None
    return found
