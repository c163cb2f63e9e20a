"""Attacks to look at: how often they get onto the list under each score, and what a place costs."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from prescribers.pages.charts import bars
from prescribers.pages.page import Section, Table, count, page

TITLE = "What a place on the list costs"


def attack_page(document: Mapping[str, Any], scores: Mapping[str, str]) -> str:
    """`document`: of `prescribers.attack_tables.report`; `scores`: words for each of its scores, ours first."""
    results = document["results"]
    communities = count(len({one["community"] for one in document["runs"]}), "community", "communities")
    lead = (
        f"{count(len(document['runs']), 'run')} in {communities}: made-up accounts try to bring a boss among the first "
        "k of the list, 5 % of the honest candidates, 10 to 50. Shown is the share of runs in which they succeed; the shorter a "
        "bar, the better the score resists. Ties count against the attack."
    )
    sections = [_at_size(size, results, scores) for size in dict.fromkeys(one["accounts"] for one in results)]
    return page(TITLE, lead, [*sections, _prices(document["prices"], results, scores)])


def _at_size(size: int, results: Sequence[Mapping[str, Any]], scores: Mapping[str, str]) -> Section:
    by_attack = _by_attack(one for one in results if one["accounts"] == size)
    shares = {attack: [found[score]["inside"] for score in scores] for attack, found in by_attack.items()}
    cells = []
    first = next(iter(scores))
    for attack, found in by_attack.items():
        ours = found[first]
        old = ours["inside_with_history"]
        cells.append(
            [
                attack,
                str(ours["runs"]),
                *(f"{share:.2f}" for share in shares[attack]),
                "-" if old is None else f"{old:.2f}",
                f"{ours['percentile']:.2f}",
                f"{ours['seats']:.1f}",
            ]
        )
    headers = ["attack", "runs", *scores.values(), "ours, old theme", "honest below", "seats taken"]
    return Section(
        f"{size:,} accounts",
        "Ours, old theme: over conversations at least twice as old as the attack. Honest below: share of honest candidates "
        "ranked below the boss; seats taken: places of the first k; both under our score.",
        bars(shares, list(scores.values()), f"share of runs with the boss among the first k, {size:,} accounts"),
        Table(headers, cells),
    )


def _prices(prices: Sequence[Mapping[str, Any]], results: Sequence[Mapping[str, Any]], scores: Mapping[str, str]) -> Section:
    by_attack = _by_attack(prices)
    most = max(one["accounts"] for one in results)
    first = next(iter(scores))
    cells = [
        [
            attack,
            *(_accounts(found[score]["accounts"], most) for score in scores),
            f"{found[first]['acts']:,.0f}",
            f"{found[first]['days']:.0f}",
        ]
        for attack, found in by_attack.items()
    ]
    return Section(
        "The price of entry",
        "Accounts, the smallest number tried with which the boss gets in at least half of the time. Acts and days are those of "
        "the attack on our score.",
        "",
        Table(["attack", *scores.values(), "acts", "days"], cells),
    )


def _by_attack(found: Iterable[Mapping[str, Any]]) -> dict[str, dict[str, Mapping[str, Any]]]:
    """By attack, and then by score."""
    by_attack: dict[str, dict[str, Mapping[str, Any]]] = {}
    for one in found:
        by_attack.setdefault(one["attack"], {})[one["score"]] = one
    return by_attack


def _accounts(accounts: int | None, most: int) -> str:
    return f"more than {most:,}" if accounts is None else f"{accounts:,}"
