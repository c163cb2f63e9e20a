"""What attacks achieve over many runs, and the cheapest that gets in."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from graph.attacks.assault import Assault
from graph.theme_settings import DAY_MS

ENTERED = 0.5
"""Share of runs with the boss in the first k from which an attack counts as a way in."""


@dataclass(frozen=True, slots=True)
class Result:
    """One attack of one size under one score, over all runs."""

    attack: str
    accounts: int
    score: str
    runs: int
    inside: float
    """Share of runs with the boss in the first k."""
    percentile: float
    """Mean share of honest candidates below the boss."""
    seats: float
    """Mean number of the first k places taken."""
    acts: float
    days: float
    inside_with_history: float
    """As `inside`, over runs whose conversation is at least twice as old as the attack; NaN where there is none."""
    runs_with_history: int


@dataclass(frozen=True, slots=True)
class Price:
    """The smallest size tried at which the boss gets in at least half of the time; None where no size tried does."""

    attack: str
    score: str
    accounts: int | None
    acts: float
    days: float


def results(assaults: Sequence[Assault]) -> list[Result]:
    """In order of attack, size and score, as they come."""
    keys = dict.fromkeys((one.attack, one.accounts, score) for one in assaults for score in one.places)
    return [_result([one for one in assaults if (one.attack, one.accounts) == key[:2]], key[2]) for key in keys]


def prices(found: Sequence[Result]) -> list[Price]:
    """By attack and score. Acts and days are means over runs, of the size that gets in, or else of the greatest tried."""
    said = []
    for attack, score in dict.fromkeys((one.attack, one.score) for one in found):
        tried = sorted((one for one in found if (one.attack, one.score) == (attack, score)), key=lambda one: one.accounts)
        entered = next((one for one in tried if one.inside >= ENTERED), None)
        shown = entered or tried[-1]
        said.append(Price(attack, score, entered.accounts if entered else None, shown.acts, shown.days))
    return said


def _result(runs: Sequence[Assault], score: str) -> Result:
    old = [one.places[score].inside for one in runs if one.history_ms >= 2 * one.age_ms]
    return Result(
        attack=runs[0].attack,
        accounts=runs[0].accounts,
        score=score,
        runs=len(runs),
        inside=float(np.mean([one.places[score].inside for one in runs])),
        percentile=float(np.mean([one.places[score].percentile for one in runs])),
        seats=float(np.mean([one.places[score].seats for one in runs])),
        acts=float(np.mean([one.acts for one in runs])),
        days=float(np.mean([one.age_ms for one in runs])) / DAY_MS,
        inside_with_history=float(np.mean(old)) if old else float("nan"),
        runs_with_history=len(old),
    )
