"""Where a role begins: docs/ranking.md, section 14. Apart from `roles`, so that who only names them need not count anything."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleThresholds:
    """Where a role begins. People are distinct; all within the window, but for `newcomer_share`."""

    responders: int = 3
    trusted: float = 1.0
    """Prescriber: so many responders, and so much of credible ones."""
    joined_responders: int = 8
    outside_share: float = 2 / 3
    parted: float = 0.3
    """Connector: so many responders in a circle, this share of them in another than its own, where circles are told apart."""
    helped: int = 5
    reply_share: float = 0.5
    """Facilitator: replied to so many people, and to no fewer than responded to it; this share of its messages are replies."""
    messages: int = 10
    push_share: float = 0.8
    generosity: float = 0.1
    """Broadcaster: so many messages, this share of them to nobody; replied to fewer people than this share of its responders."""
    newcomer_share: float = 0.25
    """Newcomer: its first act in the horizon lies in the last quarter of the window, in a source past its cold start."""
    contacts: int = 10
    solicited_share: float = 0.5
    answered_share: float = 0.5
    """Self-promoter: called on so many people first, most of its responses come from those, and fewer than half answered."""


THRESHOLDS = RoleThresholds()
