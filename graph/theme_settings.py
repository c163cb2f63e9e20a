"""What is configurable about a theme, as the core sees it: plain values, no file, no environment."""

from dataclasses import dataclass, fields, replace

import msgspec

from graph.keys import digest_hex
from graph.score_parameters import DEFAULT, ScoreParameters
from graph.score_version import ScoreVersion

DAY_MS = 86_400_000
HOUR_MS = 3_600_000
MINUTE_MS = 60_000


@dataclass(frozen=True, slots=True, kw_only=True)
class ThemeSettings:
    """Matching rules, time and preset of one theme. Durations in ms."""

    name: str
    sources: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    accounts: tuple[str, ...] = ()
    staff: tuple[str, ...] = ()
    brands: tuple[str, ...] = ()
    competitors: tuple[str, ...] = ()
    window_ms: int = 28 * DAY_MS
    half_life_ms: int = 10 * DAY_MS
    step_ms: int = HOUR_MS
    lateness_ms: int = 10 * MINUTE_MS
    preset: str = "recommend"
    seeds: tuple[str, ...] = ()
    plain: tuple[str, ...] = ()
    """Sources in which every responder counts alike."""
    parameters: ScoreParameters = DEFAULT
    shadow: tuple[ScoreVersion, ...] = ()
    """Other scores that rank the same theme beside its own."""

    @property
    def horizon_ms(self) -> int:
        """How far back the log matters: 3/2 of the window. Older events are late."""
        return self.window_ms * 3 // 2

    @property
    def config_hash(self) -> str:
        """Names everything that changes what a log yields; a snapshot under another hash is foreign.

        Shadows change nothing that the theme's own score yields: they come and go without a new beginning.
        """
        plain = {field.name: getattr(self, field.name) for field in fields(self) if field.name != "shadow"}
        return digest_hex(msgspec.json.encode(plain))


def scored_by(score: ScoreVersion, settings: ThemeSettings) -> ThemeSettings:
    """The same theme under another score, and no other beside it."""
    return replace(settings, preset=score.preset, parameters=score.parameters, shadow=())
