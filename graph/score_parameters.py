"""The constants of the score, and the version that they and the preset make together. docs/ranking.md says what each does."""

from dataclasses import dataclass

import msgspec

from graph.keys import digest_hex
from graph.kinds import PRESETS


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreParameters:
    """Frozen and named, so that a score version can be stored, compared and replayed."""

    free_contacts: float = 2.0
    """Contacts one may open before the answers to them count as bought."""
    seed_share: float = 0.25
    fewest_seeds: int = 5
    seed_responders: int = 2
    damping: float = 0.7
    steps: int = 8
    credit_knee: float = 0.25
    """Credibility is one half at this share of the seeds' lower quartile."""
    quorum_share: float = 0.6
    quorum_ratio: float = 1.2
    least_ratio: float = 0.25
    tau: float = 0.2
    """What a community of unknown accounts is worth at most without one credible responder."""
    slices: int = 12
    slice_prior: float = 0.04
    conversion_spread: float = 3.0
    """Conversion is measured at this many half-lives."""
    least_exposure: float = 5.0
    most_exposure: float = 20.0
    lift_exponent: float = 1 / 3
    epochs_to_trust: int = 2

    def version(self, preset: str) -> str:
        """Twelve hex digits: another formula, parameter or weight has another version."""
        plain = {"formula": 2, "parameters": msgspec.to_builtins(self), "preset": PRESETS[preset]}
        return digest_hex(msgspec.json.encode(plain, order="deterministic"))


DEFAULT = ScoreParameters()
