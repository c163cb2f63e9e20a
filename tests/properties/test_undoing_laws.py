"""Deletes and edits undo exactly what a message had earned, whenever they arrive; what is gone stays gone."""

from dataclasses import replace

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from graph.keys import identity_key
from graph.theme_settings import HOUR_MS, MINUTE_MS
from tests.oracles.reference_act import Act
from tests.properties.conversations import SETTINGS, START, act_by, cast_of, conversation, conversations
from tests.properties.interaction_records import CoreRun, core_runs
from tests.properties.publications import tables, without_offsets

LAW = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
EPOCH = SETTINGS.window_ms // 2


def added(number: int, by: Act, at: int, kind: str, **fields: object) -> Act:
    """One more act by the author of another, at a time that the log knows already, so that the watermark does not move."""
    name = f"added{number}"
    plain = replace(
        by, key=identity_key(by.source, name), event=name, object=name, kind=kind, at=at, parent="", target="", mentions=()
    )
    return replace(plain, **fields)  # type: ignore[arg-type] # fields of an act


def numbered(acts: list[Act]) -> list[Act]:
    return [replace(act, offset=n) for n, act in enumerate(acts)]


@given(
    conversations(largest=80),
    st.integers(0, 79),
    st.sampled_from(["reply", "post", "quote", "mention", "repost"]),
    st.integers(0, 11),
)
@LAW
def test_a_message_deleted_before_the_next_run_was_never_there(acts: list[Act], where: int, kind: str, whom: int) -> None:
    told = [k for k, act in enumerate(acts) if act.kind != "delete"]
    if not told:
        return
    k = told[where % len(told)]
    names = sorted({act.actor for act in acts})
    message = added(1, acts[k], acts[k].at, kind, target=names[whom % len(names)])
    delete = added(2, acts[k], acts[k].at, "delete", object=message.object)
    for pair in ([message, delete], [delete, message]):
        log = numbered([*acts[: k + 1], *pair, *acts[k + 1 :]])
        assert without_offsets(core_runs(log, SETTINGS)) == without_offsets(core_runs(numbered(acts), SETTINGS))


def test_a_delete_within_an_epoch_leaves_no_trace() -> None:
    """Runs after the delete equal those of a log without either; across epochs the chain of trust may remember."""
    for seed in range(6):
        acts = conversation(seed, actors=9)
        cast = cast_of(9)
        start = START + 5 * EPOCH + HOUR_MS + 11 * MINUTE_MS
        end = start + 3 * HOUR_MS
        message = replace(act_by(cast, 10_001, seed, start, "reply"), target="a02", mentions=("a06", "a07"))
        delete = replace(act_by(cast, 10_002, seed, end, "delete"), object=message.object)
        log = sorted([*acts, message, delete], key=lambda act: act.at)
        found, expected = (
            tables(core_runs(numbered(log), SETTINGS)),
            tables(core_runs(numbered(sorted(acts, key=lambda a: a.at)), SETTINGS)),
        )
        during = [t for t in expected if start <= t < end]
        assert any(found[t] != expected[t] for t in during)
        assert {t: rows for t, rows in found.items() if t not in during} == {
            t: rows for t, rows in expected.items() if t not in during
        }


def test_an_edit_replaces_what_was_said() -> None:
    """A reply edited into a post answers nobody; edited to name another parent, it answers its author."""
    hello = Act(key=1, at=START, kind="post", actor="ada", event="m1", object="m1")
    other = Act(key=2, at=START + 1, kind="post", actor="bob", event="m2", object="m2")
    reply = Act(key=3, at=START + 2, actor="cy", event="m3", object="m3", parent="m1")
    again = Act(key=4, at=START + HOUR_MS + 1, kind="edit", actor="cy", event="m3-edit", object="m3", parent="m2")
    into_post = Act(key=5, at=START + 2 * HOUR_MS + 1, kind="edit", actor="cy", event="m3-edit2", object="m3")
    later = Act(key=6, at=START + 4 * HOUR_MS, kind="post", actor="ada", event="m4", object="m4")
    ticks = [Act(key=0, at=START + n * HOUR_MS + 11 * MINUTE_MS, kind="tick") for n in range(4)]
    log = [hello, other, reply, ticks[0], ticks[1], again, ticks[2], into_post, ticks[3], later]
    heard = [[(row["actor_id"], row["responders"]) for row in run.rows] for run in core_runs(log, SETTINGS)]
    assert heard == [[], [("ada", 1)], [("bob", 1)], []]


@given(conversations(), st.data())
@LAW
def test_an_undone_message_stays_undone_when_its_event_comes_again(acts: list[Act], data: st.DataObject) -> None:
    deleted = [act for act in acts if act.kind == "delete"]
    gone = [
        act for act in acts if act.kind not in ("edit", "delete") and any(d.object in (act.object, act.event) for d in deleted)
    ]
    if not gone:
        return
    again = data.draw(st.lists(st.sampled_from([*gone, *deleted]), min_size=1, max_size=3))
    assert _plain(core_runs(numbered([*acts, *again]), SETTINGS)) == _plain(core_runs(numbered(acts), SETTINGS))


def _plain(runs: list[CoreRun]) -> list[tuple[object, ...]]:
    return [(run.closed.window_end, run.closed.seeds, run.closed.coverage, run.rows, run.evidence) for run in runs]
