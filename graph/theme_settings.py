"""What is configurable about a theme, as the core sees it: plain values, no file, no environment."""

from dataclasses import dataclass

import msgspec

from graph.keys import digest_hex
from graph.score_parameters import DEFAULT, ScoreParameters

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

    @property
    def horizon_ms(self) -> int:
        """How far back the log matters: 3/2 of the window. Older events are late."""
        return self.window_ms * 3 // 2

    @property
    def config_hash(self) -> str:
        """Names everything that changes what a log yields; a snapshot under another hash is foreign."""
        return digest_hex(msgspec.json.encode(self, order="deterministic"))
