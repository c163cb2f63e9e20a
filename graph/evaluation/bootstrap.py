"""How sure a difference between two scores is, with other conversations and other dates in mind."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

ROUNDS = 2000
LOW, HIGH = 2.5, 97.5


def paired_interval(differences: Sequence[NDArray[np.float64]], seed: int, rounds: int = ROUNDS) -> tuple[float, float]:
    """95 % interval of the mean over sets of the mean over dates, both drawn anew with replacement, sets first.

    `differences`: by set, one value a date, none empty. With one set only its dates vary. Efron, Tibshirani 1993, chapter 13.
    """
    rng = np.random.default_rng(seed)
    count = len(differences)
    chosen = rng.integers(count, size=(rounds, count))
    means = np.empty((rounds, count))
    for number, values in enumerate(differences):
        slots = chosen == number
        means[slots] = values[rng.integers(values.size, size=(int(slots.sum()), values.size))].mean(axis=1)
    low, high = np.percentile(means.mean(axis=1), [LOW, HIGH])
    return float(low), float(high)
