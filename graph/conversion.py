"""Conversion: responders per own message, shrunk toward the theme's mean. docs/ranking.md, section 7."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from graph.score_parameters import ScoreParameters


@dataclass(frozen=True, slots=True)
class Conversion:
    """`rate` by actor, shape (n,); `mean`: the theme's; `exposure`: own messages that the mean stands for (k)."""

    rate: NDArray[np.float64]
    mean: float
    exposure: float


def conversion_of(reach: NDArray[np.float64], messages: NDArray[np.float64], parameters: ScoreParameters) -> Conversion:
    """`reach` and decayed own `messages` at the half-life of conversion, shape (n,)."""
    wrote = messages > 0
    total = float(messages[wrote].sum())
    mean = float(reach[wrote].sum()) / total if total > 0 else 0.0
    if mean == 0.0:
        return Conversion(np.zeros(reach.size), 0.0, parameters.most_exposure)
    spread = float((messages[wrote] * (reach[wrote] / messages[wrote] - mean) ** 2).sum()) / total
    variance = max(spread - mean * int(wrote.sum()) / total, 1e-3 * mean * mean)
    exposure = min(max(mean / variance, parameters.least_exposure), parameters.most_exposure)
    return Conversion((reach + exposure * mean) / (messages + exposure), mean, exposure)
