"""What a benchmark found: ratios, a target, a verdict, or why there is none."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """One line of the table. `ratios` has one entry per interleaved repeat; the median is held against the target."""

    name: str
    peer: str
    ratios: tuple[float, ...]
    target: float
    more_is_better: bool = True
    detail: str = ""

    @property
    def met(self) -> bool:
        """Whether the median reaches the target."""
        middle = median(self.ratios)
        return middle >= self.target if self.more_is_better else middle <= self.target

    def to_json(self) -> dict[str, object]:
        """The line as `--json` prints it."""
        return {
            "name": self.name,
            "peer": self.peer,
            "min": min(self.ratios),
            "median": median(self.ratios),
            "max": max(self.ratios),
            "target": self.target,
            "more_is_better": self.more_is_better,
            "met": self.met,
            "detail": self.detail,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Skipped:
    """A line that could not be measured here, and what it would take; `failed` where it should have been."""

    name: str
    reason: str
    failed: bool = False

    def to_json(self) -> dict[str, object]:
        """The line as `--json` prints it."""
        return {"name": self.name, "skipped": self.reason}


Line = Outcome | Skipped


def ratios(ours: Sequence[float], theirs: Sequence[float]) -> tuple[float, ...]:
    """`ours[k] / theirs[k]`: pairs of one interleaved repeat, so that a busy neighbour slows both."""
    return tuple(a / b for a, b in zip(ours, theirs, strict=True))
