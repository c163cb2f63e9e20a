"""Why a score or a rank changes, in the order in which a receipt tells it. docs/ranking.md, section 13."""

from typing import Literal, get_args

Cause = Literal[
    "listing",  # it may be listed now, or may no longer be
    "decay",  # time passed over responses that are still there
    "expired",  # responses left the window
    "withdrawn",  # responses were deleted or edited, or their authors turned out to be bots, or not to be
    "credibility",  # the word of those who had responded weighs more or less
    "gained",  # people responded who had not
    "renewed",  # people responded again
    "courtesy",  # more or fewer of the answers were bought by calling first
    "half_life",  # the half-life in use is another
    "quorum",  # the unknown count for more or less, as is usual in the source
    "regularity",  # it wrote and was answered in more or fewer slices of the window
    "lift",  # new voices among them, over the usual
    "rivals",  # the scores of others moved
    "left",  # others are no longer ranked
    "entered",  # others are newly ranked
]
CAUSES: tuple[Cause, ...] = get_args(Cause)
OWN_CAUSES = CAUSES[:-3]
"""What changes a score, and by it the rank; the others change the rank alone."""
