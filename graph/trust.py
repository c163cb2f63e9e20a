"""Seeds and the chain of trust: who is believed first, on what was known half a window ago. docs/ranking.md, section 4."""

from dataclasses import dataclass, field
from math import ceil

import msgspec
import numpy as np
from numpy.typing import NDArray

from graph.growing import grown
from graph.kinds import VOUCH
from graph.leaders import leaders
from graph.pair_rows import pair_rows
from graph.pairs import pairs_of
from graph.responses import acts_in, responses_in
from graph.score_parameters import ScoreParameters
from graph.stretches import occurring
from graph.window import Window


@dataclass(frozen=True, slots=True)
class Seeds:
    """`chosen` by actor of the window, shape (n,). `settled`: from the seed window, so the chain may grow by them."""

    chosen: NDArray[np.bool_]
    settled: bool
    cold_start: bool


@dataclass(slots=True)
class TrustChain:
    """Actors who were seeds at some epoch, by the theme's number; `elapsed`: epochs at which each source's chain grew."""

    members: NDArray[np.bool_] = field(default_factory=lambda: np.zeros(0, dtype=np.bool_))
    elapsed: dict[str, int] = field(default_factory=dict)
    epoch: int = -1

    def holds(self, numbers: NDArray[np.int32]) -> NDArray[np.bool_]:
        """Membership of actors, shape of `numbers`."""
        self.members = grown(self.members, int(numbers.max(initial=-1)) + 1)
        return self.members[numbers]

    def grow(self, source: str, numbers: NDArray[np.int32]) -> None:
        """One more epoch of a source has elapsed, with these seeds."""
        self.holds(numbers)
        self.members[numbers] = True
        self.elapsed[source] = self.elapsed.get(source, 0) + 1

    def dump(self) -> dict[str, object]:
        """Plain values for a snapshot."""
        return {"members": np.flatnonzero(self.members).tolist(), "elapsed": self.elapsed, "epoch": self.epoch}

    @classmethod
    def load(cls, plain: dict[str, object]) -> "TrustChain":
        """The inverse of `dump`."""
        loaded = msgspec.convert(plain, _Plain)
        chain = cls(elapsed=loaded.elapsed, epoch=loaded.epoch)
        numbers = np.array(loaded.members, dtype=np.int32)
        chain.holds(numbers)
        chain.members[numbers] = True
        return chain


class _Plain(msgspec.Struct):
    members: list[int]
    elapsed: dict[str, int]
    epoch: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SeedChoice:
    """What the choice of seeds depends on beside the window: times in ms, weights by kind code, ids by actor of the window."""

    window_ms: int
    half_life_ms: int
    weights: NDArray[np.float64]
    ids: list[str]
    chained: NDArray[np.bool_]
    """Members of this source's chain."""
    elapsed: int
    picked: NDArray[np.bool_]
    """Hand-picked seeds."""
    parameters: ScoreParameters


def choose_seeds(window: Window, choice: SeedChoice) -> Seeds:
    """Chained seeds of the seed window, else who of the chain acted in it, else unchained ones, else those of the present one."""
    seeds = _settled_seeds(window.until(window.end_ms - choice.window_ms // 2), choice)
    if seeds is not None and not choice.picked.any():
        return seeds
    recent = window.part(window.age < choice.window_ms)
    if seeds is None:
        seeds = Seeds(_Candidates(recent, choice).unchained(), settled=False, cold_start=True)
    if choice.picked.any():
        return Seeds(seeds.chosen | _picked(recent, choice.picked), seeds.settled, seeds.cold_start)
    return seeds


def _settled_seeds(settled: Window, choice: SeedChoice) -> Seeds | None:
    """Those of the seed window, `settled`; None where it has none."""
    candidates, cold = _Candidates(settled, choice), choice.elapsed < choice.parameters.epochs_to_trust
    if (chained := candidates.chained()).any():
        return Seeds(chained, settled=True, cold_start=cold)
    if (left := settled.acting() & choice.chained).any():
        return Seeds(left, settled=True, cold_start=True)
    if (unchained := candidates.unchained()).any():
        return Seeds(unchained, settled=True, cold_start=cold or choice.elapsed > 0)
    return None


def _picked(recent: Window, picked: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Hand-picked seeds that are active, and whom they vouch for; a vouch of those counts as a response only."""
    chosen = picked & recent.acting()
    vouched = (recent.kind == VOUCH) & (recent.dst >= 0) & picked[recent.src]
    chosen[recent.dst[vouched]] = True
    return chosen


class _Candidates:
    """Who may be a seed in a window: the first quarter by Σ rec at its end among those with enough distinct responders."""

    __slots__ = ("_choice", "_pairs", "_places")

    def __init__(self, window: Window, choice: SeedChoice) -> None:
        actors, parameters = window.numbers.size, choice.parameters
        responses = responses_in(window, acts_in(window, choice.weights))
        self._pairs = pairs_of(pair_rows(window, choice.weights, responses, responses), actors, choice.half_life_ms)
        responded = np.count_nonzero(occurring(self._pairs.src, actors))
        self._places = max(parameters.fewest_seeds, ceil(parameters.seed_share * responded))
        self._choice = choice

    def chained(self) -> NDArray[np.bool_]:
        """Those who were responded to by a member of the chain, too."""
        one_each = np.ones(self._pairs.src.size)
        return self._first(self._pairs.received(one_each, self._choice.chained.astype(np.float64)) > 0)

    def unchained(self) -> NDArray[np.bool_]:
        """Whoever responded to them."""
        return self._first(np.ones(self._pairs.actors, dtype=np.bool_))

    def _first(self, candidates: NDArray[np.bool_]) -> NDArray[np.bool_]:
        pairs, choice = self._pairs, self._choice
        enough = np.diff(pairs.starts) >= choice.parameters.seed_responders
        chosen = np.zeros(pairs.actors, dtype=np.bool_)
        chosen[leaders(pairs.received(pairs.recency), candidates & enough, self._places, choice.ids)] = True
        return chosen
