"""Who wrote a message does not depend on batches or restarts: edits before it, answers before and between them, deletes."""

import json
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from graph.log_record import encode_interaction
from graph.normalise import Normaliser, Refusal
from graph.partition_state import PartitionState
from graph.theme_settings import HOUR_MS, ThemeSettings
from tests.properties.publications import unbatched

THEMES = {
    "tea": ThemeSettings(name="tea", window_ms=48 * HOUR_MS, half_life_ms=24 * HOUR_MS, step_ms=HOUR_MS, lateness_ms=HOUR_MS)
}
BEGIN_MS = 1_700_000_000_000
KINDS = ("post", "edit", "reply", "repost", "reaction", "delete")
STEP = st.tuples(st.sampled_from(KINDS), st.integers(0, 2), st.integers(0, 4), st.integers(0, 30), st.booleans())
STEPS = st.lists(STEP, min_size=2, max_size=30)
"""Kind, which message, who, minutes since the last event, whether a message's events have ids of their own."""


def records(steps: list[tuple[str, int, int, int, bool]]) -> list[bytes]:
    """The log of one theme, in the order of the steps."""
    normaliser, now_ms = Normaliser(tuple(THEMES.values())), BEGIN_MS
    found: list[bytes] = []
    for number, (kind, message, actor, minutes, apart) in enumerate(steps):
        now_ms += minutes * 60_000
        event: dict[str, object] = {"schema": "mention.v1", "event_id": f"e{number}", "source": "s", "kind": kind}
        event |= {"actor_id": f"s:{actor}", "occurred_at": now_ms, "themes": ["tea"]}
        if kind in {"post", "edit", "delete"}:
            event["object_id"] = f"m{message}"
            if kind == "post" and not apart:
                event["event_id"] = f"m{message}"
        elif kind == "repost" and apart:
            event["object_id"] = f"m{message}"
        else:
            event["parent_id"] = f"m{message}"
        outcome = normaliser.normalise(json.dumps(event).encode(), now_ms + HOUR_MS * 24, (0, number))
        assert not isinstance(outcome, Refusal)
        found += [encode_interaction(interaction) for interaction in outcome]
    return found


@given(STEPS, st.lists(st.integers(1, 29), max_size=6), st.booleans())
@settings(max_examples=400, deadline=None)
def test_the_author_of_a_message_is_the_same_in_any_batching(
    steps: list[tuple[str, int, int, int, bool]],
    cuts: list[int],
    restarted: bool,  # noqa: FBT001 - hypothesis gives it
) -> None:
    log = records(steps)
    whole = PartitionState(0, THEMES)
    published = whole.apply(range(len(log)), log)
    state, again = PartitionState(0, THEMES), []
    for start, end in pairwise(sorted({0, len(log), *(cut for cut in cuts if cut < len(log))})):
        again += state.apply(range(start, end), log[start:end])
        if restarted:
            state = PartitionState.load(state.dump(), 0, THEMES)
    assert unbatched(again) == unbatched(published)
    assert state.dump() == whole.dump()
