"""A conversation as columns, and what came true in it: counted by hand."""

import numpy as np

from graph.evaluation.act_table import act_table
from graph.evaluation.contest import candidates_of
from graph.evaluation.outcomes import distinct_responders, endorsers, new_responders, responders_per_message
from graph.interaction import Interaction
from tests.unit.evaluation_acts import act, by_name


def test_outcomes_count_people() -> None:
    whole = act_table(
        [
            act(1, 10, "a"),
            act(2, 11, "b", "a"),
            act(3, 12, "a", "c"),
            # the date, 20
            act(4, 21, "b", "a"),
            act(5, 22, "c", "a"),
            act(6, 23, "d", "a"),
            act(7, 24, "d", "a"),
            act(8, 25, "a", "e"),
            act(9, 26, "e", "a"),
            act(10, 27, "f", "a", actor_type="bot"),
            act(11, 28, "g", "a", kind="reaction"),
            act(12, 29, "g", "b", kind="repost"),
            act(13, 30, "h", "h"),
        ]
    )
    after = whole.between(20, 40)
    assert by_name(whole.ids, distinct_responders(after)) == {"a": 4, "e": 1, "b": 1}
    # b had met a, c had been addressed by a, e was addressed before it responded: d is new; so are a's word to e, and g's repost.
    assert by_name(whole.ids, new_responders(whole, 20, 40)) == {"a": 1, "b": 1}
    assert by_name(whole.ids, endorsers(after)) == {"a": 1, "b": 1}


def test_responders_per_message_asks_for_three_messages_before_and_after() -> None:
    posts = [act(k, k, "a") for k in (1, 2, 3, 21, 22, 23, 24)] + [act(30 + k, k, "b") for k in (1, 2, 21, 22, 23)]
    table = act_table(sorted([*posts, act(90, 30, "c", "a"), act(91, 31, "b", "a")], key=lambda one: one.occurred_at))
    rate = dict(zip(table.ids, responders_per_message(table.between(0, 20), table.between(20, 40)).tolist(), strict=True))
    assert rate["a"] == 0.5
    assert np.isnan(rate["b"])


def test_who_only_was_acted_toward_is_a_candidate_where_wanted() -> None:
    table = act_table([act(1, 1, "a", "b"), act(2, 2, "c", actor_type="bot")])
    assert [table.ids[k] for k in candidates_of(table, addressed=False)] == ["a"]
    assert [table.ids[k] for k in candidates_of(table, addressed=True)] == ["a", "b"]


def test_an_edit_replaces_what_was_said_and_a_delete_takes_it_back_from_then_on() -> None:
    table = act_table(
        [
            act(1, 10, "a", object_key=7),
            act(2, 11, "b", parent_id="m7", parent_key=7, kind="reply"),
            act(3, 12, "b", parent_id="m9", parent_key=9, kind="reply"),
            act(4, 13, "a", object_key=7, kind="edit", mentions=("c", "a", "c")),
            act(4, 13, "a", object_key=7, kind="edit", mentions=("c",)),
            act(5, 14, "b", object_key=2, kind="edit", parent_id="m7", parent_key=7),
            act(6, 15, "a", object_key=7, kind="delete"),
            act(7, 16, "d", object_key=8, kind="edit"),
            act(8, 17, "d", object_key=0, kind="action", mentions=("c",)),
            Interaction(theme="t", kind="tick", occurred_at=18),
        ]
    )

    def seen(end: int) -> list[tuple[int, str, str]]:
        held = table.until(end)
        return [
            (time, held.ids[src], held.ids[dst] if dst >= 0 else "")
            for time, src, dst in zip(held.time.tolist(), held.src.tolist(), held.dst.tolist(), strict=True)
        ]

    assert seen(12) == [(10, "a", ""), (11, "b", "a"), (12, "b", "")]
    assert seen(13) == [(11, "b", "a"), (12, "b", ""), (13, "a", ""), (13, "a", "c")]
    assert seen(20) == [(12, "b", ""), (14, "b", "a"), (16, "d", ""), (17, "d", "")]
    assert table.until(11).ids == ["a", "b"]
