"""How good an order is, once the outcome is known. Ties are broken by the positions given, which the caller draws."""

import numpy as np
from numpy.typing import NDArray
from scipy.stats import rankdata


def best_first(scores: NDArray[np.float64], lots: NDArray[np.float64]) -> NDArray[np.intp]:
    """Positions by score, the highest first; equal ones by lot."""
    return np.lexsort((lots, -scores))


def ndcg(outcome: NDArray[np.float64], order: NDArray[np.intp], k: int) -> float:
    """Discounted gain of the first k over the best there could be, in [0, 1]; NaN where nobody gained.

    Järvelin, Kekäläinen: Cumulated gain-based evaluation of IR techniques, 2002; the gain is the outcome itself.
    """
    discount = 1 / np.log2(np.arange(min(k, outcome.size)) + 2)
    ideal = np.sort(outcome)[::-1][:k] @ discount
    return float(outcome[order[:k]] @ discount / ideal) if ideal > 0 else float("nan")


def precision(outcome: NDArray[np.float64], order: NDArray[np.intp], k: int) -> float:
    """Share of the first k who are among the best k by outcome; whoever equals the k-th best is, unless that is nothing."""
    least = np.sort(outcome)[::-1][min(k, outcome.size) - 1]
    return float(np.mean((outcome[order[:k]] >= least) & (outcome[order[:k]] > 0)))


def spearman(outcome: NDArray[np.float64], scores: NDArray[np.float64]) -> float:
    """Rank correlation over all candidates, ties at their mean rank; NaN where either is constant."""
    a, b = rankdata(outcome), rankdata(scores)
    a, b = a - a.mean(), b - b.mean()
    norm = np.sqrt((a @ a) * (b @ b))
    return float(a @ b / norm) if norm > 0 else float("nan")


def lift(outcome: NDArray[np.float64], order: NDArray[np.intp], k: int) -> float:
    """Mean outcome of the first k over that of all candidates; NaN where nobody gained."""
    mean = outcome.mean()
    return float(outcome[order[:k]].mean() / mean) if mean > 0 else float("nan")
