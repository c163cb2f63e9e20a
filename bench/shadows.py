"""A ranking run with other score versions beside the theme's own: over the theme's own alone."""

from dataclasses import replace

from bench.measure import interleaved
from bench.outcome import Line, Outcome, ratios
from bench.ranked_theme import END_MS, SETTINGS, fill_theme
from graph.run import RankingRun
from graph.score_version import parse_score
from graph.theme_settings import ThemeSettings
from graph.versions import Versions

SMOKE, FULL = 100_000, 1_000_000
REPEATS = 3
SHADOWS = ("recommend,tau=0.5",)


def measure(*, full: bool) -> list[Line]:
    """CPU seconds of a theme's first run: nothing is shared but the rows, so each shadow is to cost no more than one run."""
    theme = fill_theme(FULL if full else SMOKE)
    shadowed = replace(SETTINGS, shadow=tuple(parse_score(words) for words in SHADOWS))

    def rank(settings: ThemeSettings) -> list[RankingRun]:
        return Versions.of(settings).run(theme.graph, END_MS, theme.seen, wanted=True)

    with_one, alone = interleaved(REPEATS, lambda: rank(shadowed), lambda: rank(SETTINGS))
    return [
        Outcome(
            name="run with one shadow",
            peer="the same without",
            ratios=ratios(with_one, alone),
            target=1.0 + len(SHADOWS),
            more_is_better=False,
            detail=f"{min(with_one):.3f} against {min(alone):.3f} CPU s, of {theme.events:,} interactions",
        )
    ]
