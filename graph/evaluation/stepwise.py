"""The live core, fed as far as one likes, ranked there, and copied, so that the same past can go on in several ways."""

from collections.abc import Sequence
from copy import deepcopy
from dataclasses import dataclass, replace

from graph.interaction import Interaction
from graph.packing import packed
from graph.partition_state import PartitionState
from graph.run import RankingRun
from graph.theme_settings import ThemeSettings


@dataclass(slots=True)
class _Asked:
    """Runs are computed only where they are asked for; the trust chain moves on either way."""

    now: bool = False

    def __call__(self, _theme: str, _boundary: int) -> bool:
        return self.now


class Stepwise:
    """Acts of one theme in, rankings out, in order of time."""

    def __init__(self, settings: ThemeSettings) -> None:
        self._theme = settings.name
        self._asked = _Asked()
        self._state = PartitionState(0, {settings.name: replace(settings, shadow=())}, self._asked)
        self._last: RankingRun | None = None

    def take(self, acts: Sequence[Interaction]) -> None:
        """What happened next."""
        self._apply(acts)

    def rank(self, at_ms: int) -> RankingRun | None:
        """As after `feed --close`. Where nothing happened since the ranking before, that one stands; None before any act."""
        self._asked.now = True
        close = Interaction(theme=self._theme, kind="close", occurred_at=at_ms, key=at_ms, parts=1, copy=True)
        for run in self._apply([close]):
            self._last = run
        self._asked.now = False
        return self._last

    def copy(self) -> "Stepwise":
        """Another that knows the same, and goes its own way."""
        return deepcopy(self)

    def _apply(self, acts: Sequence[Interaction]) -> list[RankingRun]:
        records = packed(acts)
        start = self._state.next_offset
        return self._state.runs(range(start, start + len(records)), records)
