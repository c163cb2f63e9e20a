"""Which faults a seed injects, and when: the plan depends on the seed and the length alone, so that it can be repeated."""

import random
from dataclasses import dataclass
from typing import Literal, get_args

Fault = Literal[
    "kill worker",  # kill -9, and started again
    "freeze worker",  # SIGSTOP for 1 to 20 s: longer than a session lasts, so that it wakes as a zombie
    "end worker",  # SIGTERM, and started again
    "join worker",  # one worker more of an app, up to three
    "leave worker",  # SIGTERM, not started again, while others of the app are left
    "kill broker",  # kill -9, and started again
    "freeze broker",  # SIGSTOP for 1 to 20 s
    "kill warehouse",  # kill -9 of the engine, and started again
    "refuse warehouse",  # connections are cut, and new ones refused
    "reset warehouse",  # connections are reset after some bytes of a request
    "swallow warehouse",  # requests arrive, answers do not
    "stall warehouse",  # nothing passes, and then everything does
]
FREQUENT: tuple[Fault, ...] = ("kill worker", "kill worker", "freeze worker", "end worker", "join worker", "leave worker")
FIRST_S, MEAN_GAP_S = 5.0, 2.5
REST_S = 3.0
"""The last faults fall before the feed ends, so that something is left to do after them."""


@dataclass(frozen=True, slots=True)
class Injection:
    """One fault. `pick` chooses among what is there then; `lasts_s`: 1 to 20 s, of what lasts; `after_bytes`: of a reset."""

    at_s: float
    fault: Fault
    pick: int
    lasts_s: float
    after_bytes: int


def plan_faults(seed: int, seconds: float) -> list[Injection]:
    """Every kind of fault once, as far as time allows, then kinds at random, about one in `MEAN_GAP_S`, in order of time."""
    chance = random.Random(f"faults {seed}")
    kinds: list[Fault] = [*get_args(Fault)]
    chance.shuffle(kinds)
    plan: list[Injection] = []
    at_s = FIRST_S
    while at_s < seconds - REST_S:
        fault = kinds.pop() if kinds else chance.choice((*FREQUENT, *get_args(Fault)))
        plan.append(
            Injection(
                at_s=round(at_s, 2),
                fault=fault,
                pick=chance.randrange(1 << 16),
                lasts_s=round(min(chance.uniform(1, 20), seconds / 4), 2),
                after_bytes=chance.choice((0, 1, 100, 10_000, 200_000)),
            )
        )
        at_s += chance.uniform(0.2, 2 * MEAN_GAP_S)
    return plan
