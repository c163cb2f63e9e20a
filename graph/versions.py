"""Score versions side by side: a theme's own ranking and its shadows, over the same rows. docs/ranking.md, section 12.

A version shares the conversation with the others, and nothing else: its chain of trust, its backtests, its circles, what it
last published and what its receipts compare with are its own. So each says what it would say alone.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import msgspec
import numpy as np

from graph.backtest import Backtests
from graph.boundaries import BEGINNING
from graph.circles import Circles
from graph.growing import grown
from graph.rank_theme import Ranker, Seen
from graph.receipts.ledger import Ledger
from graph.run import RankingRun
from graph.theme_graph import ThemeGraph
from graph.theme_settings import ThemeSettings, scored_by
from graph.trust import TrustChain


@dataclass(frozen=True, slots=True)
class Versions:
    """What ranks a theme; `shadows` by `score_version`, in the order of the settings."""

    own: Ranker
    shadows: Mapping[str, Ranker]

    @classmethod
    def of(cls, settings: ThemeSettings, *, whole: bool = False) -> "Versions":
        """All of them, from the theme's first act on."""
        return cls(_new(settings, whole=whole), _shadows_of(settings, BEGINNING, whole=whole))

    def __iter__(self) -> Iterator[Ranker]:
        yield self.own
        yield from self.shadows.values()

    def run(self, graph: ThemeGraph, end_ms: int, seen: Seen, *, wanted: bool) -> list[RankingRun]:
        """Rank at a boundary: the theme's own run first."""
        runs = (ranker.run(graph, end_ms, seen, wanted=wanted) for ranker in self)
        return [run for run in runs if run is not None]

    def forget(self, rows: int) -> None:
        """The log has dropped its oldest rows."""
        for ranker in self:
            ranker.forget(rows)

    def dump(self, actors: int) -> dict[str, object]:
        """Plain values for a snapshot; `actors`: how many the theme holds."""
        shadows = {name: _dumped(ranker, actors) | {"begun": ranker.begun} for name, ranker in self.shadows.items()}
        return _dumped(self.own, actors) | {"shadows": shadows}

    @classmethod
    def load(cls, plain: dict[str, object], settings: ThemeSettings, crossed: int) -> "Versions":
        """The inverse of `dump`, for the shadows of the settings.

        A shadow that was not there begins now, `crossed` being the last boundary passed; one no longer wanted is dropped.
        """
        loaded = msgspec.convert(plain, _Plain)
        shadows = _shadows_of(settings, crossed)
        for name in [name for name in shadows if name in loaded.shadows]:
            found = loaded.shadows[name]
            shadows[name] = _restored(found, shadows[name].settings, shadow=True, begun=found.begun)
        return cls(_restored(loaded, settings), shadows)


def _new(settings: ThemeSettings, *, whole: bool, shadow: bool = False, begun: int = BEGINNING) -> Ranker:
    return Ranker(settings, TrustChain(), np.zeros(0, dtype=np.uint64), whole=whole, shadow=shadow, begun=begun)


def _shadows_of(settings: ThemeSettings, begun: int, *, whole: bool = False) -> dict[str, Ranker]:
    shadows = {score.name: scored_by(score, settings) for score in settings.shadow}
    return {name: _new(each, whole=whole, shadow=True, begun=begun) for name, each in shadows.items()}


def _dumped(ranker: Ranker, actors: int) -> dict[str, object]:
    return {
        "chain": ranker.chain.dump(),
        "backtests": ranker.backtests,
        "circles": ranker.circles.dump(),
        "ledger": ranker.ledger and ranker.ledger.dump(),
        "published": grown(ranker.published, actors)[:actors].tobytes(),
    }


def _restored(plain: "_PlainRanker", settings: ThemeSettings, *, shadow: bool = False, begun: int = BEGINNING) -> Ranker:
    return Ranker(
        settings,
        TrustChain.load(plain.chain),
        np.frombuffer(plain.published, dtype=np.uint64),
        plain.backtests,
        circles=Circles.load(plain.circles),
        ledger=Ledger.load(plain.ledger) if plain.ledger else None,
        shadow=shadow,
        begun=begun,
    )


class _PlainRanker(msgspec.Struct):
    chain: dict[str, object]
    backtests: Backtests
    published: bytes
    ledger: dict[str, object] | None = None
    circles: dict[str, object] = {}


class _PlainShadow(_PlainRanker):
    begun: int = BEGINNING


class _Plain(_PlainRanker):
    """An older snapshot holds no shadows."""

    shadows: dict[str, _PlainShadow] = {}
