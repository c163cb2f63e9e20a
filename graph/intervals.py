"""How sure a rank is. Today: the span of a tie. The place where intervals from elapsed runs' errors go."""

from itertools import groupby


def tie_span(keys: list[tuple[float, float]]) -> tuple[list[int], list[int], list[int]]:
    """(ranks, lowest, highest) of sorted keys: equal keys share the first position (1, 2, 2, 4) and span all of theirs."""
    ranks: list[int] = []
    highest: list[int] = []
    for _, tied in groupby(keys):
        size = sum(1 for _ in tied)
        first = len(ranks) + 1
        ranks += [first] * size
        highest += [first + size - 1] * size
    return ranks, list(ranks), highest
