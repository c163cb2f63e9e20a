"""The draws of the simulation, all from a seeded `random.Random`, whose streams are the same on every Python."""

import math
from random import Random

MANY = 30
SPREAD = 1.1


def stream(seed: int, name: str) -> Random:
    """An independent stream of draws per purpose, so that more events do not change who is in the cast."""
    return Random(f"{seed}/{name}")


def poisson(rng: Random, mean: float) -> int:
    """A count with this mean: exact for small means, rounded normal for large ones."""
    if mean <= 0:
        return 0
    if mean > MANY:
        return max(0, round(rng.gauss(mean, math.sqrt(mean))))
    limit, count, product = math.exp(-mean), 0, rng.random()
    while product > limit:
        count += 1
        product *= rng.random()
    return count


def delay_ms(rng: Random, median_ms: float) -> int:
    """How long people take: log-normal around a median, ms."""
    return round(median_ms * math.exp(rng.gauss(0.0, SPREAD)))
