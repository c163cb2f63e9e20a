"""What followed a ranking: who was answered by how many in the time after it, and how well a list foretold it."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from graph.responses import acts_in, responses_in
from graph.window import Window


@dataclass(frozen=True, slots=True)
class Outcome:
    """By actor of the window, shape (n,). Gains are of candidates only."""

    candidates: NDArray[np.bool_]
    """Actors of the source who responded or were responded to in the window before: mere posting or liking makes none."""
    heard: NDArray[np.bool_]
    """Those of them who were responded to."""
    responders: NDArray[np.int64]
    """Distinct actors who responded afterwards."""
    newcomers: NDArray[np.int64]
    """Those of them between whom and the candidate nothing had passed before, either way."""
    voices: int
    """Distinct actors who responded to any candidate."""

    def quality(self, listed: NDArray[np.int64], places: int) -> float:
        """Mean NDCG at `places` over the two gains, of those that are not nothing. `listed`: positions, best first; -1: gone."""
        discount = 1 / np.log2(np.arange(2, places + 2))
        taken = listed[:places]
        found = []
        for gain in (self.responders, self.newcomers):
            best = np.sort(gain)[::-1][:places]
            ideal = float((best * discount[: best.size]).sum())
            if ideal > 0:
                earned = np.where(taken >= 0, gain[taken], 0)
                found.append(float((earned * discount[: taken.size]).sum()) / ideal)
        return sum(found) / len(found)


def outcome_of(window: Window, weights: NDArray[np.float64], source: int, *, taken_at: int, window_ms: int) -> Outcome:
    """What the rows of a later run tell of the half window after `taken_at`. `weights` by kind code; `source` by its code."""
    actors = window.numbers.size
    ours = window.source == source
    before = window.part(window.time <= taken_at)
    ranked = before.part(before.time > taken_at - window_ms)
    scored = responses_in(ranked, acts_in(ranked, weights))
    after = window.part((window.time > taken_at) & (window.time <= taken_at + window_ms // 2))
    candidates = np.zeros(actors, dtype=np.bool_)
    candidates[ranked.src[scored]] = True
    candidates[ranked.dst[scored]] = True
    heard = np.zeros(actors, dtype=np.bool_)
    heard[ranked.dst[scored]] = True
    candidates &= ours
    counted = responses_in(after, acts_in(after, weights)) & candidates[after.dst]
    pair = np.unique(_keys(after.src[counted], after.dst[counted], actors))
    src, dst = pair // actors, pair % actors
    aimed = before.dst >= 0
    known = _keys(before.src[aimed], before.dst[aimed], actors)
    new = ~(np.isin(pair, known) | np.isin(dst * actors + src, known))
    return Outcome(
        candidates=candidates,
        heard=heard & ours,
        responders=np.bincount(dst, minlength=actors),
        newcomers=np.bincount(dst[new], minlength=actors),
        voices=np.unique(src).size,
    )


def _keys(src: NDArray[np.int32], dst: NDArray[np.int32], actors: int) -> NDArray[np.int64]:
    return src.astype(np.int64) * actors + dst
