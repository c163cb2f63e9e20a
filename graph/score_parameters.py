"""The constants of the score, and the version that they and the preset make together. docs/ranking.md says what each does."""

from dataclasses import dataclass

import msgspec

from graph.keys import digest_hex
from graph.kinds import PRESETS


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreParameters:
    """Frozen and named, so that a score version can be stored, compared and replayed."""

    free_contacts: float = 2.0
    """Contacts one may open before the answers to them count as bought: those carry no trust on,"""
    free_contacts_in_reach: float = 15.0
    """and, with more contacts than these, do not count at all."""
    seed_share: float = 0.25
    fewest_seeds: int = 5
    seed_responders: int = 2
    damping: float = 0.7
    steps: int = 8
    credit_knee: float = 0.1
    """Credibility is one half at this share of the seeds' lower quartile."""
    quorum_share: float = 0.6
    quorum_ratio: float = 1.2
    usual_share: float = 0.75
    """The usual ratio of unknown responses to credible ones is that of actors who have this share of all credible ones,"""
    least_ratio: float = 0.25
    """but not less than this,"""
    most_ratio: float = 10.0
    """nor more: one credible answer must not open the door to any number of unknown ones."""
    tau: float = 0.05
    """What a community of unknown accounts is worth at most without one credible responder."""
    slices: int = 12
    slice_prior: float = 0.04
    conversion_spread: float = 3.0
    """Conversion is measured at this many half-lives."""
    least_exposure: float = 5.0
    most_exposure: float = 20.0
    met_share: float = 0.5
    """Share of the window in which two people must have met for the one to be a new voice to the other."""
    lift_exposure: float = 2.0
    """Reach for which the usual share of new voices stands in lift."""
    lift_exponent: float = 1 / 3
    epochs_to_trust: int = 2
    half_lives: tuple[float, ...] = (1.0, 1 / 3, 3.0, 30.0)
    """Multiples of H that are tried; of equals the earlier one is taken. The first one stands until a backtest has elapsed."""
    backtests: int = 8
    """How many elapsed ones choose."""
    interval_backtests: int = 10
    """How many span the ranks."""
    fewest_spread: int = 2
    """With fewer, ranks are as uncertain as they ever are."""
    interval_first: int = 30
    """Of the first so many of a ranking it is noted where they came out."""
    interval_coverage: float = 0.8
    fewest_candidates: int = 30
    fewest_voices: int = 20
    """A backtest with fewer candidates, or fewer who responded afterwards, tells nothing."""
    place_share: float = 0.05
    fewest_places: int = 10
    most_places: int = 50
    """A list is as long as a share of its candidates, between these."""

    def version(self, preset: str) -> str:
        """Twelve hex digits: another formula, parameter or weight has another version."""
        plain = {"formula": 7, "parameters": msgspec.to_builtins(self), "preset": PRESETS[preset]}
        return digest_hex(msgspec.json.encode(plain, order="deterministic"))


DEFAULT = ScoreParameters()
