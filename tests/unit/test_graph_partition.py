"""All themes of one partition: signals to every theme, tallies, snapshots that are refused, records that fit Kafka."""

from dataclasses import replace

import msgspec
import pytest

from graph.interaction import Interaction
from graph.log_record import encode_interaction
from graph.partition_state import ForeignSnapshotError, PartitionState
from graph.publication import Acts, Publication, Tally, decode_publication
from graph.theme_settings import HOUR_MS
from tests.oracles.reference_act import Act
from tests.properties.conversations import SETTINGS, START, conversation
from tests.properties.interaction_records import THEME, apply_in_batches, core_runs, runs_of, to_records

HOUR = HOUR_MS


def record(number: int, theme: str, at: int, **fields: object) -> bytes:
    plain = Interaction(
        theme=theme,
        kind="reply",
        occurred_at=at,
        key=number,
        source="s",
        actor_id=f"a{number % 7}",
        target_actor_id="x",
        received_at=at,
        origin=(0, number),
    )
    return encode_interaction(msgspec.structs.replace(plain, **fields))


def decoded(published: list[tuple[str, bytes]]) -> list[Publication]:
    return [decode_publication(value) for _, value in published]


def test_themes_are_ranked_apart_and_unknown_ones_by_default_settings() -> None:
    state = PartitionState(0, {"fast": replace(SETTINGS, name="fast")})
    records = [record(2 * n + k, name, START + n * 10 * 60_000) for n in range(20) for k, name in enumerate(("fast", "slow"))]
    published = apply_in_batches(state, records, (11,))
    windows = {run.closed.theme: run.closed.window_ms for run in runs_of(published)}
    assert windows == {"fast": 12 * HOUR, "slow": 28 * 24 * HOUR}
    assert list(state.themes) == ["fast", "slow"]
    assert state.themes["fast"].rows == 20
    assert {theme for theme, _ in published} == {"fast", "slow"}


def test_a_tick_and_a_close_reach_every_theme_or_the_one_they_name() -> None:
    def runs(*signals: Interaction) -> list[str]:
        state = PartitionState(0)
        apply_in_batches(state, [record(1, "one", START + 1), record(2, "two", START + 1)])
        return [run.closed.theme for run in runs_of(apply_in_batches(state, [encode_interaction(s) for s in signals], start=2))]

    assert runs(Interaction(theme="", kind="tick", occurred_at=START + 2 * HOUR)) == ["one", "two"]
    assert runs(Interaction(theme="", kind="close", occurred_at=0, key=1, parts=1)) == ["one", "two"]
    assert runs(Interaction(theme="two", kind="close", occurred_at=0, key=1, parts=1)) == ["two"]


def test_a_delete_reaches_every_theme_and_is_published_once() -> None:
    delete = Interaction(theme="", kind="delete", occurred_at=START + 2, key=9, source="s", object_key=5, origin=(0, 3))
    records = [record(1, "one", START + 1, object_key=5), record(2, "two", START + 1, object_key=5, copy=True)]
    state = PartitionState(0)
    published = apply_in_batches(state, [*records, encode_interaction(delete), encode_interaction(delete)])
    acts = [publication for publication in decoded(published) if isinstance(publication, Acts)]
    assert [(act.theme, [event.kind for event in act.acts()]) for act in acts] == [
        ("one", ["reply"]),
        ("two", ["reply"]),
        ("", ["delete"]),
    ]
    assert state.fates == {"state": 2, "late": 0, "duplicate": 0}
    tick = Interaction(theme="", kind="tick", occurred_at=START + 2 * HOUR)
    assert [run.rows for run in runs_of(apply_in_batches(state, [encode_interaction(tick)], start=4))] == [[], []]


def test_another_partitions_copy_of_a_delete_is_neither_counted_nor_published() -> None:
    state = PartitionState(1)
    delete = Interaction(theme="", kind="delete", occurred_at=START, key=9, object_key=5, origin=(0, 3), copy=True)
    assert apply_in_batches(state, [encode_interaction(delete)] * 2) == []
    assert sum(state.fates.values()) == 0


def test_tallies_tell_what_changed_since_the_last_time() -> None:
    state = PartitionState(3)
    assert state.tallies() == []
    early = record(3, "one", START - 100 * 24 * HOUR)
    waiting = record(4, "one", START + 1, target_actor_id="", parent_key=77)
    delete = encode_interaction(Interaction(theme="", kind="delete", occurred_at=1, key=9, object_key=5, origin=(0, 9)))
    apply_in_batches(state, [record(1, "one", START), record(2, "one", START, key=1), early, waiting, delete])
    assert decoded(state.tallies()) == [
        Tally(theme="one", partition=3, next_offset=5, state=2, late=1, duplicate=1, parked=1, unresolved=0, evicted=0),
        Tally(theme="", partition=3, next_offset=5, state=1, late=0, duplicate=0, parked=0, unresolved=0, evicted=0),
    ]
    assert state.tallies() == []


def test_runs_come_as_values_too() -> None:
    acts = conversation(3, acts=120, hours=20)
    records = to_records(acts)
    values = PartitionState(0, {THEME: SETTINGS}).runs(range(len(records)), records)
    assert [run.run_id for run in values] == [run.closed.run_id for run in core_runs(acts, SETTINGS)]


def test_only_wanted_runs_are_computed_and_they_equal_those_of_all() -> None:
    records = to_records(conversation(3))
    offsets, themes = range(len(records)), {THEME: SETTINGS}
    every = PartitionState(0, themes, whole_evidence=True).runs(offsets, records)
    third = {run.window_end for run in every[2::3]}
    chosen = PartitionState(0, {THEME: SETTINGS}, lambda _, end: end in third, whole_evidence=True).runs(
        range(len(records)), records
    )
    assert [replace(run, receipts={}) for run in chosen] == [replace(run, receipts={}) for run in every[2::3]]


@pytest.mark.parametrize("body", [b"", b"garbage", msgspec.msgpack.encode({"format": 1}), msgspec.msgpack.encode([1])])
def test_bytes_that_are_no_snapshot_are_refused(body: bytes) -> None:
    with pytest.raises(ForeignSnapshotError, match="not a snapshot"):
        PartitionState.load(body, 0)


def test_a_snapshot_of_another_partition_or_configuration_is_refused() -> None:
    body = PartitionState(0, {THEME: SETTINGS}).dump()
    assert PartitionState.load(body, 0, {THEME: SETTINGS}).dump() == body
    for partition, themes in ((1, {THEME: SETTINGS}), (0, {}), (0, {THEME: replace(SETTINGS, half_life_ms=1)})):
        with pytest.raises(ForeignSnapshotError, match="snapshot of"):
            PartitionState.load(body, partition, themes)


def test_large_batches_and_runs_are_published_in_records_that_kafka_takes() -> None:
    acts = [Act(key=n + 1, at=START + 1 + n, actor=f"u{n}", target=f"x{n}", object=f"m{n}" * 20) for n in range(5_000)]
    state = PartitionState(0, {THEME: SETTINGS})
    published = apply_in_batches(state, to_records([*acts, Act(key=9_999, at=START + 2 * HOUR, actor="clock")]))
    assert max(len(value) for _, value in published) < 1_000_000
    kinds = [type(publication).__name__ for publication in decoded(published)]
    assert (kinds.count("Acts") > 1, kinds.count("RankingRows"), kinds.count("EvidenceRows"), kinds.count("RunClosed")) == (
        True,
        3,
        3,
        1,
    )
    (run,) = runs_of(published)
    assert len(run.rows) == len(acts) == run.closed.evidence_rows


def test_evidence_is_published_again_only_when_it_changed() -> None:
    acts = [Act(key=n + 1, at=START + n * HOUR + 1, actor=f"u{n % 2}", target="x" if n < 2 else "y") for n in range(6)]
    runs = runs_of(apply_in_batches(PartitionState(0, {THEME: SETTINGS}), to_records(acts)))
    assert [run.closed.evidence_rows for run in runs] == [1, 2, 1, 2]


def test_equal_responders_beyond_five_are_settled_by_id() -> None:
    acts = [Act(key=n + 1, at=START, actor=f"u{n}", target="x") for n in (7, 3, 5, 1, 8, 2, 4, 6)]
    (run,) = core_runs([*acts, Act(key=99, at=START + HOUR, actor="clock", kind="post")], SETTINGS)
    assert sorted(row["responder_id"] for row in run.evidence["x"]) == ["u1", "u2", "u3", "u4", "u5"]


def test_a_target_named_by_parent_and_mention_is_credited_once_with_the_kind_of_the_act() -> None:
    hello = Act(key=1, at=START, kind="post", actor="ada", object="m1", event="m1")
    for first, second in ((0, 1), (1, 0)):
        liked = Act(key=2, at=START, kind="post", actor="bob", object="m2", event="m2", parent="m1", mentions=("ada",))
        pair = (hello, liked)
        log = [pair[first], pair[second], Act(key=3, at=START + HOUR, kind="post", actor="clock")]
        assert [run.rows for run in core_runs(log, SETTINGS)] == [[]]


def test_an_action_credits_nobody() -> None:
    bought = Act(key=1, at=START, kind="action", actor="ada", target="bob", mentions=("cy",))
    log = [bought, Act(key=3, at=START + HOUR, kind="post", actor="clock")]
    assert [run.rows for run in core_runs(log, SETTINGS)] == [[]]
