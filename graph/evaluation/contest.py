"""Scores meet what came true: at each cut date they are handed the conversation until then, and judged by what followed."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from graph.evaluation.act_table import NOBODY, ActTable, act_table
from graph.evaluation.cut_dates import FEWEST_CANDIDATES, FEWEST_RESPONDERS, Plan, shown
from graph.evaluation.measures import best_first, lift, ndcg, precision, spearman
from graph.evaluation.outcomes import ENDORSEMENTS, distinct_responders, endorsers, new_responders, responders_per_message
from graph.evaluation.past import responses
from graph.interaction import Interaction
from graph.kinds import CODES

Values = NDArray[np.float64]
OUTCOMES = ("Y1", "Y2", "Y3", "Y4")


@dataclass(frozen=True, slots=True)
class Known:
    """All that a contestant is given at a cut date: nothing in it is later than `at_ms`."""

    at_ms: int
    window_ms: int
    acts: ActTable
    """Everything until the date; its `ids` say by whom values are to be given."""
    fresh: Sequence[Interaction]
    """What happened since the date before, in order of time."""

    @property
    def window(self) -> ActTable:
        """The acts of the window that ends at the date."""
        return self.acts.between(self.at_ms - self.window_ms, self.at_ms)


Contestant = Callable[[Known], Mapping[str, Values]]
"""By score name, values by actor (len(known.acts.ids),), the higher the better. Called once per cut date, in order of time."""


@dataclass(frozen=True, slots=True)
class Marks:
    """Of one score at one date, on one outcome."""

    ndcg: float
    precision: float
    spearman: float
    lift: float


@dataclass(frozen=True, slots=True)
class DateMarks:
    """One cut date: by outcome, by score name. An outcome is absent where nobody gained, or too few could."""

    at_ms: int
    candidates: int
    k: int
    marks: dict[str, dict[str, Marks]]


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A cut date that says nothing on these outcomes, and why."""

    at_ms: int
    outcomes: tuple[str, ...]
    candidates: int
    responders: int


def contest(
    acts: Sequence[Interaction],
    plan: Plan,
    contestants: Callable[[], Sequence[Contestant]],
    seed: int,
    outcomes: Sequence[str] = OUTCOMES,
) -> Iterator[DateMarks | LeftOut]:
    """`acts`: of one theme, in order of `occurred_at`. `contestants` makes them anew; `seed` decides ties.

    Y4, where asked for, comes in dates of its own after the others: its contestants see no endorsement at all.
    """
    table = act_table(acts)
    inside = [outcome for outcome in outcomes if outcome != "Y4"]
    if inside:
        yield from _contest(acts, table, table, plan, contestants(), seed=seed, outcomes=inside)
    if "Y4" in outcomes and ENDORSEMENTS[table.kind].any():
        kept = [act for act in acts if not ENDORSEMENTS[CODES[act.kind]]]
        yield from _contest(kept, table.without(ENDORSEMENTS), table, plan, contestants(), seed=seed, outcomes=["Y4"])


def known_at(acts: Sequence[Interaction], table: ActTable, dates: Sequence[int], window_ms: int) -> Iterator[Known]:
    """What is handed out at each date, in order."""
    times = np.fromiter((act.occurred_at for act in acts), dtype=np.int64, count=len(acts))
    start = 0
    for at_ms in dates:
        stop = int(np.searchsorted(times, at_ms, side="right"))
        yield Known(at_ms, window_ms, table.until(at_ms), acts[start:stop])
        start = stop


def candidates_of(window: ActTable, *, addressed: bool) -> NDArray[np.int64]:
    """Who was active in the window: acted, or, if `addressed`, was acted toward. Bots aside."""
    active = np.concatenate([window.src, window.dst[window.dst != NOBODY]]) if addressed else window.src
    return np.setdiff1d(active, window.src[window.bot])


def _contest(
    acts: Sequence[Interaction],
    table: ActTable,
    truth: ActTable,
    plan: Plan,
    contestants: Sequence[Contestant],
    *,
    seed: int,
    outcomes: Sequence[str],
) -> Iterator[DateMarks | LeftOut]:
    dates = plan.dates(int(truth.time[0]), int(truth.time[-1])) if len(truth) else []
    for number, known in enumerate(known_at(acts, table, dates, plan.window_ms)):
        scores = {name: values for contestant in contestants for name, values in contestant(known).items()}
        after = truth.between(known.at_ms, known.at_ms + plan.outcome_ms)
        candidates = candidates_of(known.window, addressed=plan.addressed)
        responding = int(np.unique(after.src[responses(after)]).size)
        if candidates.size < FEWEST_CANDIDATES or responding < FEWEST_RESPONDERS:
            yield LeftOut(known.at_ms, tuple(outcomes), candidates.size, responding)
            continue
        lots = np.random.default_rng((seed, number)).permutation(candidates.size).astype(np.float64)
        entries = {name: values[candidates] for name, values in scores.items()}
        marks = {}
        for outcome in outcomes:
            gains = _gains(outcome, truth, after, known, plan)[candidates]
            if found := _marks(gains, entries, lots):
                marks[outcome] = found
        yield DateMarks(known.at_ms, candidates.size, shown(candidates.size), marks)


def _gains(outcome: str, truth: ActTable, after: ActTable, known: Known, plan: Plan) -> Values:
    match outcome:
        case "Y1":
            return distinct_responders(after)
        case "Y2":
            return new_responders(truth, known.at_ms, known.at_ms + plan.outcome_ms)
        case "Y3":
            return responders_per_message(known.window, after)
        case _:
            return endorsers(after)


def _marks(gains: Values, entries: Mapping[str, Values], lots: Values) -> dict[str, Marks]:
    """NaN gains are no candidates. Nothing where too few are left, or where nobody gained."""
    rows = np.flatnonzero(~np.isnan(gains))
    gains = gains[rows]
    if rows.size < FEWEST_CANDIDATES or not (gains > 0).any():
        return {}
    k = shown(rows.size)
    found = {}
    for name, values in entries.items():
        order = best_first(values[rows], lots[rows])
        found[name] = Marks(
            ndcg(gains, order, k), precision(gains, order, k), spearman(gains, values[rows]), lift(gains, order, k)
        )
    return found
