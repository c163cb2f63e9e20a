"""What the writer promises: repeated, reordered or interrupted, it leaves the same content for readers."""

import random
from itertools import permutations

import pytest

from graph.dead_letter import DeadLetter
from graph.interaction import Interaction
from graph.publication import Acts, Publication, encode_publication
from sinks.clickhouse import queries
from sinks.clickhouse.warehouse import Warehouse
from sinks.clickhouse.writer import RankingWriter
from tests.contracts.published import (
    DAY_MS,
    T0,
    act,
    acts,
    apart,
    centralities,
    content,
    covering,
    evidence,
    receipts,
    rows_of,
    run,
    store,
    tally,
)

REPLY = act("m2", "bob", "reply", 10, parent_id="m1", mentions=("cy", "dan"), sentiment=-0.5, root_id="m1")
A_DAY_OF_WORK: list[Publication] = [
    acts(
        act("m1", "ada", actor_name="Ada", followers=12, is_question=True, lang="fr", url="https://x/m1", root_id="m1"),
        REPLY,
        act("old", "eve", at=-90 * DAY_MS),
        late=(2,),
    ),
    acts(
        act("m2", "bob", "reply", 10, parent_id="m1", mentions=("cy", "dan"), sentiment=-0.5, root_id="m1"), targets=((0, "ada"),)
    ),
    acts(act("e1", "ada", "edit", 20, object_id="m1", actor_name="Ada L.")),
    acts(act("d1", "bob", "delete", 30, object_id="m9"), theme=""),
    *run(1, {"ada": 3.25, "bob": 0.1 + 0.2}),
    evidence(1, "ada", "m2"),
    *run(2, {"bob": 1 / 3}),
    *run(2, {"ada": 1 / 7}, version="w", shadow=True),
    receipts(2, "bob", since=1),
    apart(2, "acme"),
    centralities(2, "bob"),
    covering(2, "bob"),
    tally(10, 3, 1, 0),
    tally(20, 5, 1, 2),
]


def test_replaying_everything_any_number_of_times_changes_nothing(warehouse: Warehouse) -> None:
    store(warehouse, *A_DAY_OF_WORK)
    once = content(warehouse)
    assert all(once[view] for view in queries.VIEWS if view != "refusals")
    chance = random.Random(7)
    for _ in range(3):
        start = chance.randrange(len(A_DAY_OF_WORK))
        for publication in A_DAY_OF_WORK[start:]:
            store(warehouse, publication)
        store(warehouse, *A_DAY_OF_WORK)
        assert content(warehouse) == once


def test_an_act_keeps_every_field(warehouse: Warehouse) -> None:
    fields = {
        "parent_id": "m1",
        "mentions": ("cy", "dan"),
        "sentiment": -0.5,
        "root_id": "m1",
        "url": "https://x/é",
        "lang": "fr",
    }
    written = act("m2", "bob", "reply", 10, followers=2**63, is_question=False, **fields)
    store(warehouse, acts(written, targets=((0, "ada"),)))
    (row,) = warehouse.query(
        "SELECT *, toUnixTimestamp64Milli(occurred_at) AS ms, toString(day) AS on_day FROM interactions_live"
    )
    assert {
        name: row[name] for name in ("kind", "event_id", "actor_id", "target_actor_id", "mentions", "weight", "fate", "ms")
    } == {
        "kind": "reply",
        "event_id": "m2",
        "actor_id": "bob",
        "target_actor_id": "ada",
        "mentions": ["cy", "dan"],
        "weight": 1.0,
        "fate": "state",
        "ms": T0 + 10,
    }
    assert (row["event_key"], row["followers"], row["is_question"]) == (written.key, 2**63, False)
    assert (row["sentiment"], row["url"], row["lang"], row["on_day"]) == (-0.5, "https://x/é", "fr", "2019-01-01")


def test_the_row_with_a_target_stays_whatever_the_order(empty_warehouse: Warehouse, warehouse: Warehouse) -> None:
    reply = act("m2", "bob", "reply", 10, parent_id="m1")
    without, resolved, as_duplicate = acts(reply), acts(reply, targets=((0, "ada"),)), acts(reply, late=(0,))
    for order in permutations([without, resolved, as_duplicate]):
        warehouse.command("TRUNCATE TABLE interactions")
        for publication in order:
            store(empty_warehouse, publication)
        rows = warehouse.query("SELECT target_actor_id, fate FROM interactions_live")
        assert rows == [{"target_actor_id": "ada", "fate": "state"}]


def test_a_deleted_message_leaves_no_act_and_no_message(warehouse: Warehouse) -> None:
    store(warehouse, acts(act("m1", "ada"), act("m2", "bob", "reply", 10, parent_id="m1"), act("m3", "cy", at=99)))
    store(warehouse, acts(act("d1", "ada", "delete", 5, object_id="m1"), theme=""))
    assert [row["event_id"] for row in warehouse.query("SELECT event_id FROM interactions_live ORDER BY event_id")] == [
        "m2",
        "m3",
    ]
    assert [row["object_id"] for row in warehouse.query("SELECT object_id FROM messages_current ORDER BY object_id")] == [
        "m2",
        "m3",
    ]


def test_an_edit_replaces_what_was_said_before_it_and_the_message_stays(warehouse: Warehouse) -> None:
    store(warehouse, acts(act("m1", "ada", root_id="t", is_question=False)))
    store(
        warehouse,
        acts(act("e1", "ada", "edit", 20, object_id="m1", is_question=True), act("e2", "ada", "edit", 30, object_id="m1")),
    )
    assert [row["event_id"] for row in warehouse.query("SELECT event_id FROM interactions_live")] == ["e2"]
    (message,) = warehouse.query("SELECT author_id, root_id, is_question, statements FROM messages_current")
    assert message == {"author_id": "ada", "root_id": "t", "is_question": True, "statements": 3}


def test_the_latest_profile_wins_whatever_the_order_of_inserts(warehouse: Warehouse) -> None:
    first = acts(act("m1", "ada", actor_name="Ada", followers=1, actor_type="person"))
    second = acts(act("m2", "ada", at=50, actor_name="Ada L.", followers=0))
    third = acts(act("m3", "ada", at=90))
    for order in permutations([first, second, third]):
        warehouse.command("TRUNCATE TABLE actors")
        for publication in order:
            store(warehouse, publication)
        seen = "toUnixTimestamp64Milli(first_seen) AS first, toUnixTimestamp64Milli(last_seen) AS last"
        (row,) = rows_of(warehouse, "actors_current", f"name, actor_type, followers, {seen}")
        assert row == {"name": "Ada L.", "actor_type": "person", "followers": 0, "first": T0, "last": T0 + 90}


def test_a_message_is_answered_by_the_first_other_person(warehouse: Warehouse) -> None:
    def reply(event_id: str, actor: str, at: int) -> Interaction:
        return act(event_id, actor, "reply", at, parent_id="q")

    own, late, first, again = reply("a0", "ada", 1), reply("a1", "bob", 60), reply("a2", "cy", 40), reply("a3", "cy", 80)
    store(warehouse, acts(act("q", "ada", is_question=True), own, late, first, again))
    columns = "answers, answerers, first_answer_by, first_answer_after_ms"
    rows = rows_of(warehouse, "messages_answered WHERE is_question AND object_id = 'q'", columns)
    assert rows == [{"answers": 3, "answerers": 2, "first_answer_by": "cy", "first_answer_after_ms": 40}]
    (alone,) = warehouse.query("SELECT answers, first_answer_by FROM messages_answered WHERE object_id = 'a3'")
    assert alone == {"answers": 0, "first_answer_by": None}


def test_the_furthest_tally_counts_and_the_fates_add_up(warehouse: Warehouse) -> None:
    store(warehouse, tally(20, 5, 1, 2), tally(10, 3), tally(7, 1, partition=3))
    letters = [letter(k, reason="not_json") for k in range(3)] + [letter(9, reason="future")]
    RankingWriter(warehouse).write([], letters)
    RankingWriter(warehouse).write([], letters)
    rows = {(row["fate"], row["reason"]): row["events"] for row in queries.fates(warehouse)}
    assert rows == {("state", ""): 6, ("late", ""): 1, ("duplicate", ""): 2, ("dead", "not_json"): 3, ("dead", "future"): 1}
    (theme,) = queries.themes(warehouse)
    assert (theme["theme"], theme["events"], theme["parked"], theme["runs"], theme["last_run_at"]) == ("lean", 9, 2, 0, None)


def test_a_dead_letter_keeps_its_bytes(warehouse: Warehouse) -> None:
    payloads = [b"", b"\xff\x00\xfe", '{"é"'.encode(), bytes(range(256)) * 4096]
    RankingWriter(warehouse).write([], [letter(k, payload=payload) for k, payload in enumerate(payloads)])
    rows = rows_of(warehouse, "refusals", "hex(payload) AS payload")
    assert sorted(bytes.fromhex(row["payload"]) for row in rows) == sorted(payloads)


def test_a_feed_that_spans_half_a_century_goes_in_with_one_write(warehouse: Warehouse) -> None:
    years = [act(f"y{year}", "ada", at=-T0 + year * 366 * DAY_MS) for year in range(56)]
    store(warehouse, acts(*years), *[record for year in range(56) for record in run(-365 * year, {"ada": 1.0})])
    assert warehouse.query("SELECT count() AS n FROM interactions_live") == [{"n": 56}]
    assert warehouse.query("SELECT count() AS n FROM rankings_published") == [{"n": 56}]


@pytest.mark.parametrize("batch", [1, 3, 1000])
def test_how_records_are_batched_does_not_matter(warehouse: Warehouse, batch: int) -> None:
    encoded = [encode_publication(each) for each in A_DAY_OF_WORK]
    writer = RankingWriter(warehouse)
    for start in range(0, len(encoded), batch):
        writer.write(encoded[start : start + batch], [])
    assert queries.ranking(warehouse, "lean")[0]["actor_id"] == "bob"
    assert warehouse.query("SELECT count() AS n FROM interactions_live") == [{"n": 3}]


def test_nothing_to_write_is_nothing_written(warehouse: Warehouse) -> None:
    RankingWriter(warehouse).write([], [])
    store(warehouse, Acts("lean", {}, [], [], []))
    assert not any(content(warehouse).values())


def test_letters_of_a_topic_made_anew_are_counted_beside_those_of_the_log_before(warehouse: Warehouse) -> None:
    for log_id in ("first", "second", "second"):
        RankingWriter(warehouse).write([], [letter(7, log_id=log_id), letter(8, log_id=log_id)])
    assert rows_of(warehouse, "fates WHERE fate = 'dead'", "events") == [{"events": 4}]
    assert len(rows_of(warehouse, "refusals")) == 4


def letter(offset: int, *, reason: str = "not_json", payload: bytes = b"{", log_id: str = "") -> DeadLetter:
    said = {"reason": reason, "detail": "d", "payload": payload, "log_id": log_id}
    return DeadLetter(topic="mentions", partition=0, offset=offset, received_at=T0, **said)  # type: ignore[arg-type] # by name
