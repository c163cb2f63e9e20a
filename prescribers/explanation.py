"""A score taken apart: what each part adds, so that the parts add up to the score, also as printed.

score = (trusted + open) · regularity · lift^⅓. The two sums stand first; each factor then adds or takes away its effect on
what stands before it.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

PartName = Literal["trusted", "open", "regularity", "lift"]
DIGITS = 3


@dataclass(frozen=True, slots=True)
class Part:
    """`points` are what the part adds to the score; `shown` the same, rounded so that the printed parts add up."""

    name: PartName
    value: float
    points: float
    shown: float


def score_parts(row: Mapping[str, Any]) -> tuple[Part, ...]:
    """The four parts of a ranked actor's score."""
    trusted, opened = row["trusted"], row["open"]
    regularity, lift = row["regularity"], row["lift"]
    totals = [trusted, trusted + opened, (trusted + opened) * regularity, (trusted + opened) * regularity * math.cbrt(lift)]
    names: tuple[PartName, ...] = ("trusted", "open", "regularity", "lift")
    before = [0.0, *totals[:-1]]
    return tuple(
        Part(name, row[name], after - earlier, round(round(after, DIGITS) - round(earlier, DIGITS), DIGITS))
        for name, after, earlier in zip(names, totals, before, strict=True)
    )
