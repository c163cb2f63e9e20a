"""What a simulation is made of: plain values, all with defaults that give a theme past its cold start."""

from dataclasses import dataclass, replace

from graph.theme_settings import DAY_MS

MONDAY_MS = 1_756_684_800_000
"""2025-09-01T00:00:00Z, a Monday. Fixed, so that the same settings give the same bytes on any day."""

USUAL_PER_DAY = 20_000 / 75
ACTS_PER_PERSON = 35
FEWEST_PEOPLE = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class SimulationSettings:
    """One simulated conversation. Raises `ValueError` naming the field that makes no sense.

    `days` below 75 still simulates, but a 28-day window then has less history than its chain of trust wants, and below some 5,000
    events roles thin out. `second_source`, where given, is a smaller conversation of its own with `second_share` of the events.
    """

    events: int = 20_000
    seed: int = 1
    theme: str = "demo"
    start_ms: int = MONDAY_MS
    days: int = 75
    source: str = "mastodon:social.example"
    second_source: str = ""
    second_share: float = 0.2
    french_share: float = 0.6
    duplicate_share: float = 0.004
    parent_only_share: float = 0.08

    def __post_init__(self) -> None:
        """Refuse what cannot be simulated."""
        for name, least in (("events", 1), ("days", 1), ("start_ms", 0)):
            if getattr(self, name) < least:
                raise ValueError(f"{name} must be at least {least}, not {getattr(self, name)}")
        for name in ("second_share", "french_share", "duplicate_share", "parent_only_share"):
            if not 0 <= getattr(self, name) < 1:
                raise ValueError(f"{name} must be in [0, 1), not {getattr(self, name)}")
        if not self.theme:
            raise ValueError("theme must not be empty")
        if not self.source or self.source == self.second_source:
            raise ValueError("source and second_source must be two different names, the first not empty")

    def by_source(self) -> tuple["SimulationSettings", ...]:
        """One conversation per source, the main one first."""
        beside = min(round(self.events * self.second_share), self.events - 1) if self.second_source else 0
        main = replace(self, events=self.events - beside, second_source="")
        return (main, replace(main, events=beside, source=self.second_source)) if beside else (main,)

    @property
    def end_ms(self) -> int:
        """The end of the conversation, exclusive."""
        return self.start_ms + self.days * DAY_MS

    @property
    def intensity(self) -> float:
        """Acts per day over those of the default settings: planted roles keep their share at any size."""
        return self.events / self.days / USUAL_PER_DAY

    @property
    def people(self) -> int:
        """How many ordinary people there are."""
        return max(FEWEST_PEOPLE, self.events // ACTS_PER_PERSON)
