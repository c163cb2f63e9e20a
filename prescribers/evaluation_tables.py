"""An evaluation as tables of 80 columns: the standings by set, and our scores against the baselines, losses included."""

from collections.abc import Iterator, Sequence
from math import isnan

from rich.table import Table

from graph.evaluation.own_scores import COLUMNS
from graph.evaluation.standings import Comparison, SetMarks, standings
from prescribers.evaluation_report import OUTCOME_WORDS
from prescribers.fitted_table import fitted_table
from prescribers.plain_text import plain

WIDEST_NAME = 5
OWN = "*"
LEGEND = (
    "* our scores. NDCG@k: 1 where the first k are those who came out first; ties are drawn by lot. Difference: mean over sets, "
    "with its 95 % interval; ahead: sets in which the score is ahead; top k: their outcome over that of the baseline's."
)


def standing_tables(sets: Sequence[SetMarks]) -> Iterator[Table]:
    """NDCG@k by outcome, best first, a column per set."""
    for outcome, words in OUTCOME_WORDS.items():
        found = standings(sets, outcome)
        if not found:
            continue
        headers = ["score", "mean", *(plain(one.name)[:WIDEST_NAME] for one in sets)]
        rows = [
            [f"{standing.score}{OWN if standing.score in COLUMNS else ''}", number(standing.mean), *map(number, standing.by_set)]
            for standing in found
        ]
        yield fitted_table(headers, rows, name=0, title=f"{outcome}: {words}. NDCG@k")


def comparison_tables(compared: Sequence[Comparison]) -> Iterator[Table]:
    """One table per outcome and score of ours, every baseline in it."""
    for outcome, score in dict.fromkeys((one.outcome, one.score) for one in compared):
        rows = [
            [
                one.baseline,
                signed(one.difference),
                f"[{signed(one.low)}, {signed(one.high)}]",
                f"{one.wins} of {one.sets}",
                "-" if isnan(one.lift_ratio) else f"×{one.lift_ratio:.2f}",
            ]
            for one in compared
            if (one.outcome, one.score) == (outcome, score)
        ]
        yield fitted_table(
            ("baseline", "difference", "95 %", "ahead", "top k"), rows, name=0, title=f"{outcome}: {score} less the baseline"
        )


def number(value: float) -> str:
    """Three digits, or a dash."""
    return "-" if isnan(value) else f"{value:.3f}".replace("0.", ".", 1)


def signed(value: float) -> str:
    """Three digits with their sign."""
    return f"{value:+.3f}".replace("0.", ".", 1)
