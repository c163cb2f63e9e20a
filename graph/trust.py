"""Seeds and the chain of trust: who is believed first, on what was known half a window ago. docs/ranking.md, section 4."""

from dataclasses import dataclass, field
from math import ceil

import msgspec
import numpy as np
from numpy.typing import NDArray

from graph.growing import grown
from graph.kinds import VOUCH
from graph.leaders import leaders
from graph.pair_order import heads_of, in_order
from graph.pairs import response_weights
from graph.score_parameters import ScoreParameters
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
    half = choice.window_ms // 2
    middle, end = window.end_ms - half, window.end_ms
    settled = window.part(window.time <= middle)
    chained, unchained = _leaders(settled, middle, choice)
    recent = window.part(window.time > end - choice.window_ms)
    cold = choice.elapsed < choice.parameters.epochs_to_trust
    if chained.any():
        seeds = Seeds(chained, settled=True, cold_start=cold)
    elif (left := _acted(settled) & choice.chained).any():
        seeds = Seeds(left, settled=True, cold_start=True)
    elif unchained.any():
        seeds = Seeds(unchained, settled=True, cold_start=cold or choice.elapsed > 0)
    else:
        seeds = Seeds(_leaders(recent, end, choice)[1], settled=False, cold_start=True)
    if choice.picked.any():
        return Seeds(seeds.chosen | _picked(recent, choice.picked), seeds.settled, seeds.cold_start)
    return seeds


def _picked(recent: Window, picked: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Hand-picked seeds that are active, and whom they vouch for; a vouch of those counts as a response only."""
    chosen = picked & _acted(recent)
    vouched = (recent.kind == VOUCH) & (recent.dst >= 0) & picked[recent.src]
    chosen[recent.dst[vouched]] = True
    return chosen


def _acted(window: Window) -> NDArray[np.bool_]:
    acted = np.zeros(window.numbers.size, dtype=np.bool_)
    acted[window.src] = True
    return acted


def _leaders(window: Window, end_ms: int, choice: SeedChoice) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """(chained, unchained): the first quarter by Σ rec at `end_ms` among those with enough distinct responders."""
    actors, parameters = window.numbers.size, choice.parameters
    weight = response_weights(window, choice.weights)
    rows = np.flatnonzero(weight > 0)
    order, pair = in_order(window.dst[rows] * actors + window.src[rows], actors * actors)
    rows, head = rows[order], heads_of(pair)
    if not head.size:
        nobody = np.zeros(actors, dtype=np.bool_)
        return nobody, nobody
    value = weight[rows] * np.exp2(-(end_ms - window.time[rows]) / choice.half_life_ms)
    recency = np.maximum.reduceat(value, head)
    dst, src = pair[head] // actors, pair[head] % actors
    total = np.bincount(dst, weights=recency, minlength=actors).astype(np.float64)
    enough = np.bincount(dst, minlength=actors) >= parameters.seed_responders
    vouched = np.bincount(dst, weights=choice.chained[src], minlength=actors) > 0
    places = max(parameters.fewest_seeds, ceil(parameters.seed_share * np.unique(src).size))
    return _first(enough & vouched, total, places, choice.ids), _first(enough, total, places, choice.ids)


def _first(candidates: NDArray[np.bool_], total: NDArray[np.float64], places: int, ids: list[str]) -> NDArray[np.bool_]:
    chosen = np.zeros(candidates.size, dtype=np.bool_)
    chosen[leaders(total, candidates, places, ids)] = True
    return chosen
