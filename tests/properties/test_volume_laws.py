"""Volumes are one function of the log too: whenever snapshots are taken, and by whomever, equal offsets give equal files."""

from collections.abc import Sequence
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from graph.partition_state import ForeignSnapshotError, PartitionState
from graph.volumes import Shelf, volume_name
from tests.oracles.reference_act import Act
from tests.properties.conversations import SETTINGS, conversation, conversations
from tests.properties.interaction_records import THEME, apply_in_batches, to_records

pytestmark = pytest.mark.usefixtures("small_volumes")
THEMES = {THEME: SETTINGS}
LAW = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])
Taken = tuple[bytes, list[str]]


class Files:
    """Volumes as a place keeps them."""

    def __init__(self) -> None:
        self.held: dict[str, bytes] = {}
        self.writes: list[str] = []

    def take(self, state: PartitionState) -> Taken:
        """A snapshot, with what it writes written."""
        shelf = Shelf(frozenset(self.held))
        body = state.dump(shelf)
        assert all(volume_name(content) == name for name, content in shelf.new.items())
        self.writes += shelf.new
        self.held |= shelf.new
        assert shelf.named.keys() <= self.held.keys()
        return body, list(shelf.named)


def followed(records: Sequence[bytes], chance: Random, files: Files, *, restarts: bool) -> Taken:
    """Snapshots at random moments; what is not named by the last is lost now and then, as a place prunes."""
    state, at = PartitionState(0, THEMES), 0
    taken = files.take(state)
    while at < len(records):
        size = chance.randrange(1, len(records) // 6 + 3)
        apply_in_batches(state, records[at : at + size], start=at)
        at = min(at + size, len(records))
        taken = files.take(state)
        if chance.random() < 0.5:
            files.held = {name: files.held[name] for name in taken[1]}
        if chance.random() < 0.1:
            files.held = {}
            taken = files.take(state)
        if restarts and chance.random() < 0.4:
            state = PartitionState.load(taken[0], 0, THEMES, files.held)
            assert files.take(state) == taken
    return taken


def checked(acts: list[Act], seed: int) -> Taken:
    records = to_records(acts)
    whole, files, others = PartitionState(0, THEMES), Files(), Files()
    apply_in_batches(whole, records)
    last = others.take(whole)
    for restarts in (False, True):
        assert followed(records, Random(seed), files, restarts=restarts) == last
    loaded = PartitionState.load(last[0], 0, THEMES, files.held)
    assert loaded.dump() == whole.dump()
    return last


@given(conversations(sources=2), st.integers(0, 1000))
@LAW
def test_whenever_snapshots_are_taken_the_files_are_the_same(acts: list[Act], seed: int) -> None:
    checked(acts, seed)


@pytest.mark.parametrize("seed", range(4))
def test_they_are_the_same_in_a_long_log_whose_rows_expire(seed: int) -> None:
    _, names = checked(conversation(seed, actors=40, acts=3_000, hours=90, sources=2), seed)
    assert len(names) > 3


def test_a_closed_volume_that_does_not_change_is_written_once() -> None:
    acts = conversation(3, actors=30, acts=1_200, hours=3)
    records = to_records([act for act in acts if act.kind not in ("edit", "delete") and not act.parent])
    state, files = PartitionState(0, THEMES), Files()
    for start in range(0, len(records), 40):
        apply_in_batches(state, records[start : start + 40], start=start)
        files.take(state)
    assert len(files.writes) == len(set(files.writes)) > 20
    before = len(files.writes)
    files.take(state)
    assert len(files.writes) == before


def test_a_volume_that_is_missing_makes_the_snapshot_foreign() -> None:
    state, files = PartitionState(0, THEMES), Files()
    apply_in_batches(state, to_records(conversation(3, actors=30, acts=300, hours=3)))
    body, names = files.take(state)
    del files.held[names[0]]
    with pytest.raises(ForeignSnapshotError, match="without its volume"):
        PartitionState.load(body, 0, THEMES, files.held)
