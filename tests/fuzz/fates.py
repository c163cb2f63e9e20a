"""What must hold of any bytes on the input: exactly one fate, and an accepted event means what its JSON says.

Used by the coverage-guided fuzzer, by hypothesis, and by the test that runs the corpus of past failures.
"""

import json
from typing import Any

from graph.interaction import Interaction
from graph.log_record import decode_interaction, encode_interaction
from graph.normalise import FUTURE_MS, Normaliser, Refusal
from graph.partition_state import PartitionState
from graph.reasons import REASONS
from graph.refusal import DECIDING_FIELDS
from graph.theme_settings import ThemeSettings

NOW = 1_800_000_000_000
NORMALISERS = (
    Normaliser(),
    Normaliser([ThemeSettings(name="t", keywords=("lean", "é"), sources=("s",), staff=("b",))], allow_private=True),
)


def exactly_one_fate(value: bytes | None) -> list[str]:
    """The fate of a record under each configuration: a reason code, or "state" or "late". Fails where that is not all of it."""
    return [_fate(normaliser, value) for normaliser in NORMALISERS]


def _fate(normaliser: Normaliser, value: bytes | None) -> str:
    outcome = normaliser.normalise(value, NOW, (3, 7), "given")
    if isinstance(outcome, Refusal):
        assert outcome.reason in REASONS
        assert outcome.detail
        return outcome.reason
    assert outcome, "neither refused nor taken in"
    records = [encode_interaction(interaction) for interaction in outcome]
    assert [decode_interaction(record) for record in records] == outcome
    if outcome[0].kind == "close":
        return "close"
    _means_what_it_says(value or b"", outcome[0])
    return _fate_in_state(outcome, records)


def _means_what_it_says(value: bytes, first: Interaction) -> None:
    pairs: list[tuple[str, Any]] = json.loads(value.decode(), object_pairs_hook=list)
    names = [name for name, _ in pairs if name in DECIDING_FIELDS]
    assert len(names) == len(set(names)), "a deciding field stands twice"
    said = dict(pairs)
    assert (first.event_id, first.source, first.actor_id) == (said["event_id"], said["source"], said["actor_id"])
    assert (first.object_id, first.parent_id) == (said.get("object_id") or "", said.get("parent_id") or "")
    assert list(first.mentions) == (said.get("mentions") or [])
    assert 0 <= first.occurred_at <= NOW + FUTURE_MS


def _fate_in_state(outcome: list[Interaction], records: list[bytes]) -> str:
    """Taken in once it is state or late; taken in again under another origin it is one duplicate more, and nothing else."""
    assert sum(not interaction.copy for interaction in outcome) == 1, "counted on one partition and theme, no more"
    again = [encode_interaction(_of_origin(interaction, (3, 8))) for interaction in outcome]
    state = PartitionState(0)
    state.apply(list(range(len(records))), records)
    once = state.fates
    assert sum(once.values()) == 1
    state.apply(list(range(len(records), 2 * len(records))), again)
    assert state.fates == once | {"duplicate": 1}
    return "state" if once["state"] else "late"


def _of_origin(interaction: Interaction, origin: tuple[int, int]) -> Interaction:
    from msgspec.structs import replace

    return replace(interaction, origin=origin)
