"""When a theme is ranked: at the step boundaries that its watermark crosses, where something new has occurred before them."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

NEVER = 2**61
"""No fresh event: beyond every time."""
BEGINNING = -(2**61)


@dataclass(slots=True)
class Boundaries:
    """The progress of one theme, in ms. `crossed`: the last boundary passed; `fresh`: the earliest event that no run has seen."""

    step_ms: int
    crossed: int = BEGINNING
    fresh: int = NEVER

    def first_due(self, watermarks: NDArray[np.int64], fresh: NDArray[np.int64]) -> int | None:
        """Position of the first event before which a run is due, None where there is none.

        `watermarks[k]`: with event k; `fresh[k]`: the earliest fresh event before k is taken in.
        """
        passed = watermarks // self.step_ms * self.step_ms
        before = np.concatenate([[self.crossed], passed[:-1]])
        due = passed >= self._next(fresh, np.maximum(before, self.crossed))
        position = int(due.argmax())
        return position if due[position] else None

    def due(self, watermark: int) -> int | None:
        """The next boundary to rank at now that the watermark is there, or None."""
        boundary = int(self._next(np.array([self.fresh]), np.array([self.crossed]))[0])
        return boundary if boundary <= watermark // self.step_ms * self.step_ms else None

    def cross(self, watermark: int) -> None:
        """Boundaries up to the watermark are dealt with; what was skipped stays skipped."""
        self.crossed = max(self.crossed, watermark // self.step_ms * self.step_ms)

    def _next(self, fresh: NDArray[np.int64], crossed: NDArray[np.int64]) -> NDArray[np.int64]:
        after = np.where(crossed == BEGINNING, BEGINNING, crossed + self.step_ms)
        return np.maximum(-(-fresh // self.step_ms) * self.step_ms, after)
