"""What attacks achieve, as tables of 80 columns and as JSON."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from math import isnan
from typing import Any

from rich.table import Table

from graph.attacks.assault import OURS, RIVALS, Assault
from graph.attacks.prices import Price, Result, prices, results
from prescribers.evaluation_report import without_nan
from prescribers.fitted_table import fitted_table
from prescribers.moments import rfc3339

SCORES = (OURS, *RIVALS)
SHORT = {"score": "ours", "PageRank": "PageRank", "in-degree": "in-deg.", "distinct responders": "people"}
LEGEND = (
    "in the top k: share of runs with the boss among the first k (5 % of the candidates, 10 to 50); ours, old: the same over "
    "conversations at least twice as old as the attack; below: share of honest candidates below the boss, and seats: places "
    "of the first k taken, both under our score; people: distinct responders. Ties count against the attack. "
    "Price: the smallest size tried that gets in half of the time."
)


def result_tables(found: Sequence[Result]) -> Iterator[Table]:
    """By size, a line per attack."""
    for size in dict.fromkeys(one.accounts for one in found):
        rows = []
        for attack in dict.fromkeys(one.attack for one in found if one.accounts == size):
            by_score = {one.score: one for one in found if (one.attack, one.accounts) == (attack, size)}
            ours = by_score[OURS]
            rows.append(
                [
                    attack,
                    str(ours.runs),
                    *(f"{by_score[score].inside:.2f}" for score in SCORES),
                    "-" if isnan(ours.inside_with_history) else f"{ours.inside_with_history:.2f}",
                    f"{ours.percentile:.2f}",
                    f"{ours.seats:.1f}",
                ]
            )
        headers = ("attack", "runs", *SHORT.values(), "ours, old", "below", "seats")
        yield fitted_table(headers, rows, name=0, title=f"In the top k, {size} accounts")


def price_table(found: Sequence[Price]) -> Table:
    """A line per attack: accounts by score, and what the attack consists of."""
    rows = []
    for attack in dict.fromkeys(one.attack for one in found):
        by_score = {one.score: one for one in found if one.attack == attack}
        ours = by_score[OURS]
        rows.append([attack, *(_accounts(by_score[score]) for score in SCORES), f"{ours.acts:,.0f}", f"{ours.days:.0f}"])
    headers = ("attack", *SHORT.values(), "acts", "days")
    return fitted_table(headers, rows, name=0, title="Price of entry, in accounts; acts and days against our score")


def report(by_community: dict[str, list[Assault]], seed: int) -> dict[str, Any]:
    """Every run, what they come to, and prices."""
    found = results([one for runs in by_community.values() for one in runs])
    runs = [asdict(one) | {"community": name, "at": rfc3339(one.at_ms)} for name, runs in by_community.items() for one in runs]
    document = {
        "seed": seed,
        "results": [asdict(one) for one in found],
        "prices": [asdict(one) for one in prices(found)],
        "runs": runs,
    }
    cleaned: dict[str, Any] = without_nan(document)
    return cleaned


def _accounts(price: Price) -> str:
    return "none" if price.accounts is None else str(price.accounts)
