"""What the core computes is what readers find, to the last bit, however often the stream repeats itself."""

import random

import pytest
from msgspec.structs import replace

from graph.interaction import Interaction
from graph.log_record import encode_interaction
from graph.partition_state import PartitionState
from graph.run import CENTRALITY_COLUMNS, COVERING_COLUMNS, RECEIPT_COLUMNS, RankingRun
from graph.theme_settings import HOUR_MS, ThemeSettings
from sinks.clickhouse import queries
from sinks.clickhouse.warehouse import Warehouse
from sinks.clickhouse.writer import RankingWriter
from tests.contracts.published import DAY_MS, act, content, rows_of

THEMES = {"lean": ThemeSettings(name="lean", window_ms=12 * HOUR_MS, half_life_ms=4 * HOUR_MS, step_ms=HOUR_MS, lateness_ms=0)}


@pytest.fixture(scope="module")
def log() -> list[bytes]:
    """Two days of a small conversation: posts, replies (some before their parents are known), reactions, edits, deletes."""
    chance = random.Random(20190101)
    events: list[Interaction] = []
    for number in range(900):
        at = number * 2 * DAY_MS // 900 + chance.randrange(60_000)
        actor, name = f"a{min(chance.randrange(14), chance.randrange(14))}", f"m{number}"
        parent = f"m{max(0, number - chance.randrange(1, 12))}" if chance.random() < 0.7 else ""
        kind = chance.choice(["reply", "reply", "quote", "reaction"]) if parent else "post"
        followers = chance.randrange(10**6) if chance.random() < 0.5 else None
        events.append(
            act(name, actor, kind, at, parent_id=parent, parent_key=_key(parent), object_key=_key(name), followers=followers)
        )
        if chance.random() < 0.05:
            undone = f"m{max(0, number - 20)}"
            undoing = {"object_id": undone, "object_key": _key(undone), "theme": ""}
            events.append(act(f"u{number}", actor, chance.choice(["edit", "delete"]), at, **undoing))
    chance.shuffle(late := events[::50])
    shuffled = events + late
    return [encode_interaction(_from(event, offset)) for offset, event in enumerate(shuffled)]


def test_every_run_comes_back_as_the_core_computed_it(warehouse: Warehouse, log: list[bytes]) -> None:
    RankingWriter(warehouse).write(published(log, batch=100), [])
    runs = PartitionState(0, THEMES, whole_evidence=True).runs(range(len(log)), log)
    assert len(runs) > 20
    for run in runs[::4]:
        assert queries.ranking(warehouse, "lean", run.window_end) == run.ranked()
        found = queries.run_at(warehouse, "lean", run.window_end)
        assert found is not None
        evidence = queries.evidence_of_run(warehouse, found, run.ranked())
        assert evidence == evidence_of(run)


def test_every_receipt_comes_back_and_adds_up_in_sql(warehouse: Warehouse, log: list[bytes]) -> None:
    RankingWriter(warehouse).write(published(log, batch=100), [])
    runs = PartitionState(0, THEMES).runs(range(len(log)), log)
    receipts = [part for run in runs for part in zip(*run.receipts.values(), strict=True)]
    assert len(receipts) > 100
    columns = ", ".join(name if name != "since" else "toUnixTimestamp64Milli(p.since) AS since" for name in RECEIPT_COLUMNS)
    found = rows_of(warehouse, "receipts_published AS p", columns)
    assert sorted(tuple(row[name] for name in RECEIPT_COLUMNS) for row in found) == sorted(receipts)
    wrong = """
        SELECT actor_id FROM receipts_published GROUP BY theme, window_end, since, actor_id
        HAVING sum(points) != any(score_after) - any(score_before) OR sum(places) != any(rank_before) - any(rank_after)
    """
    assert warehouse.query(wrong) == []


def test_every_rank_by_another_measure_comes_back_as_the_core_computed_it(warehouse: Warehouse, log: list[bytes]) -> None:
    RankingWriter(warehouse).write(published(log, batch=100), [])
    runs = PartitionState(0, THEMES).runs(range(len(log)), log)
    told = {run.window_end: list(zip(*run.centralities.values(), strict=True)) for run in runs if run.centralities["rank"]}
    assert len(told) > 4
    columns = ", ".join(["toUnixTimestamp64Milli(c.window_end) AS at", *(f"c.{name} AS {name}" for name in CENTRALITY_COLUMNS)])
    found = sorted(tuple(row.values()) for row in rows_of(warehouse, "centralities_published AS c", columns))
    assert found == sorted((at, *row) for at, rows in told.items() for row in rows)
    last = queries.run_at(warehouse, "lean")
    assert last is not None
    ranked = {row["actor_id"]: row["rank"] for row in queries.rows_of_run(warehouse, last)}
    shown = rows_of(warehouse, "centralities_current", "actor_id, rank")
    assert {row["actor_id"]: row["rank"] for row in shown} == {
        actor: ranked[actor] for actor, *_ in told[max(told)] if actor in ranked
    }


def test_every_covering_list_comes_back_as_the_core_computed_it(warehouse: Warehouse, log: list[bytes]) -> None:
    RankingWriter(warehouse).write(published(log, batch=100), [])
    runs = PartitionState(0, THEMES).runs(range(len(log)), log)
    told = {run.window_end: list(zip(*run.covering.values(), strict=True)) for run in runs if run.covering["rank"]}
    assert len(told) > 4
    columns = ", ".join(["toUnixTimestamp64Milli(c.window_end) AS at", *(f"c.{name} AS {name}" for name in COVERING_COLUMNS)])
    found = sorted(tuple(row.values()) for row in rows_of(warehouse, "covering_published AS c", columns))
    assert found == sorted((at, *row) for at, rows in told.items() for row in rows)


def test_a_stream_that_repeats_itself_leaves_the_same_content(warehouse: Warehouse, log: list[bytes]) -> None:
    whole = published(log, batch=100)
    RankingWriter(warehouse).write(whole, [])
    undisturbed = content(warehouse)
    for table in warehouse.query("SELECT name FROM system.tables WHERE database = currentDatabase() AND sorting_key != ''"):
        if table["name"] != "schema_migrations":
            warehouse.command(f"TRUNCATE TABLE {table['name']}")
    assert not any(content(warehouse).values())
    chance, writer, position = random.Random(3), RankingWriter(warehouse), 0
    while position < len(whole):
        step = chance.randrange(1, len(whole))
        writer.write(whole[max(0, position - chance.randrange(60)) : position + step], [])
        position += step
    assert content(warehouse) == undisturbed


def test_the_fates_in_the_warehouse_are_the_core_s(warehouse: Warehouse, log: list[bytes]) -> None:
    state = PartitionState(0, THEMES)
    state.apply(range(len(log)), log)
    RankingWriter(warehouse).write([record for _, record in state.tallies()], [])
    found: dict[str, int] = dict.fromkeys(state.fates, 0)
    for row in queries.fates(warehouse):
        found[row["fate"]] += row["events"]
    assert found == state.fates
    assert sum(found.values()) == len(log)


def test_a_log_made_anew_adds_its_fates_to_those_of_the_log_before(warehouse: Warehouse, log: list[bytes]) -> None:
    """The new one is shorter, and counts from nothing."""
    counted = 0
    for log_id, part in (("first", log), ("second", log[: len(log) // 3])):
        state = PartitionState(0, THEMES)
        state.apply(range(len(part)), part)
        counted += sum(state.fates.values())
        RankingWriter(warehouse).write([record for _, record in state.tallies(log_id)] * 2, [])
    assert sum(row["events"] for row in queries.fates(warehouse)) == counted > len(log)


def published(log: list[bytes], batch: int) -> list[bytes]:
    """The core's records of a log that arrives in batches, with the counts after each."""
    state, found = PartitionState(0, THEMES), []
    for start in range(0, len(log), batch):
        part = log[start : start + batch]
        found += state.apply(range(start, start + len(part)), part) + state.tallies()
    return [record for _, record in found]


def evidence_of(run: RankingRun) -> dict[str, list[queries.Row]]:
    """A run's evidence by actor, as rows."""
    found: dict[str, list[queries.Row]] = {}
    for values in zip(*run.evidence.values(), strict=True):
        row = dict(zip(run.evidence, values, strict=True))
        found.setdefault(row["actor_id"], []).append(row)
    return {actor: sorted(rows, key=lambda row: int(row["position"])) for actor, rows in found.items()}


def _key(message: str) -> int:
    return act(message, "x").key if message else 0


def _from(event: Interaction, offset: int) -> Interaction:
    return replace(event, origin=(0, offset), received_at=event.occurred_at)
