"""Laws of forgetting: memory follows the window, and no ranking shows it."""

import random

import numpy as np
import pytest

from graph import forgetting
from graph.backtest import Sealed
from graph.batch import Batch
from graph.forgetting import forget_actors
from graph.interaction import Interaction
from graph.keys import identity_key
from graph.log_record import decode_records, encode_interaction
from graph.partition_state import PartitionState
from graph.rank_theme import Ranker
from graph.taking_in import Resolved, take_in
from graph.theme_graph import ThemeGraph
from graph.theme_settings import HOUR_MS, ThemeSettings
from graph.trust import TrustChain

GENERATIONS, ACTORS, ACTS = 4, 900, 6_000
THEMES = {"t": ThemeSettings(name="t", window_ms=12 * HOUR_MS, half_life_ms=4 * HOUR_MS, step_ms=6 * HOUR_MS)}


@pytest.fixture(scope="module")
def log() -> list[bytes]:
    """Generations of actors who follow each other, a day each; a few stay."""
    chance = random.Random(5)
    records = []
    for number in range(GENERATIONS * ACTS):
        generation = number // ACTS
        who, whom = (
            f"old{chance.randrange(20)}" if chance.random() < 0.1 else f"g{generation}-{chance.randrange(ACTORS)}"
            for _ in range(2)
        )
        records.append(
            Interaction(
                theme="t",
                kind="reply",
                occurred_at=1_760_000_000_000 + generation * 24 * HOUR_MS + (number % ACTS) * 12,
                key=identity_key("s", f"e{number}"),
                source="s",
                event_id=f"e{number}",
                actor_id=who,
                target_actor_id=whom,
                object_id=f"e{number}",
                object_key=identity_key("s", f"e{number}"),
                origin=(0, number),
                actor_name=who.title(),
            )
        )
    end = Interaction(theme="t", kind="close", occurred_at=0, key=1, origin=(0, len(records)), parts=1, copy=True)
    return [encode_interaction(record) for record in [*records, end]]


def _published(log: list[bytes], size: int) -> tuple[PartitionState, list[bytes]]:
    state = PartitionState(0, THEMES)
    out: list[bytes] = []
    for start in range(0, len(log), size):
        part = log[start : start + size]
        out += [
            value for _, value in state.apply(range(start, start + len(part)), part) if not value.startswith(b'{"type":"acts"')
        ]
    return state, out


def test_actors_of_whom_nothing_is_left_are_forgotten_and_counted(log: list[bytes]) -> None:
    state, _ = _published(log, 5_000)
    theme = state.themes["t"]
    assert theme.evicted > 2 * ACTORS
    assert len(state.dump()) < 3_000_000
    assert PartitionState.load(state.dump(), 0, THEMES).dump() == state.dump()


def test_actors_are_forgotten_also_where_no_run_is_asked_for(log: list[bytes]) -> None:
    state = PartitionState(0, THEMES, lambda _theme, _boundary: False)
    state.apply(range(len(log)), log)
    assert state.themes["t"].evicted > 2 * ACTORS


def test_forgetting_changes_no_run(log: list[bytes], monkeypatch: pytest.MonkeyPatch) -> None:
    _, forgetful = _published(log, 5_000)
    monkeypatch.setattr(forgetting, "FEWEST_ACTORS", 10**9)
    state, mindful = _published(log, 5_000)
    assert state.themes["t"].evicted == 0
    assert forgetful == mindful


@pytest.mark.parametrize("size", [701, 24_001])
def test_forgetting_does_not_depend_on_batches(log: list[bytes], size: int) -> None:
    expected, runs = _published(log, 5_000)
    state, same = _published(log, size)
    assert same == runs
    assert state.dump() == expected.dump()


def test_a_restart_goes_on_with_what_was_kept(log: list[bytes]) -> None:
    expected, runs = _published(log, 5_000)
    middle = 3 * ACTS + 17
    state, first = _published(log[:middle], 999)
    state = PartitionState.load(state.dump(), 0, THEMES)
    rest = state.apply(range(middle, len(log)), log[middle:])
    assert first + [value for _, value in rest if not value.startswith(b'{"type":"acts"')] == runs
    assert state.dump() == expected.dump()


@pytest.mark.usefixtures("small_volumes")
def test_who_is_forgotten_is_in_no_sealed_list_and_no_circle_and_a_seed_keeps_its_number(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(forgetting, "FEWEST_ACTORS", 2)
    pairs = [(f"old{k % 8}", f"old{(k + 1) % 8}") for k in range(16)] + [("new0", "new1")] * 8
    records = [
        Interaction(
            theme="t",
            kind="reply",
            occurred_at=HOUR_MS * (1 + 9 * (k >= 16)),
            key=identity_key("s", f"e{k}"),
            source="s",
            event_id=f"e{k}",
            actor_id=who,
            target_actor_id=whom,
            origin=(0, k),
            actor_name=who.title(),
        )
        for k, (who, whom) in enumerate(pairs)
    ]
    graph, batch = ThemeGraph(), Batch(decode_records([encode_interaction(record) for record in records]))
    take_in(batch, np.arange(batch.size), graph, Resolved([], []))
    assert graph.log.forget(5 * HOUR_MS) == 16
    rankers = [Ranker(THEMES["t"], TrustChain(), np.zeros(0, dtype=np.uint64)) for _ in range(2)]
    for ranker in rankers:
        ranker.backtests.sealed["s"] = Sealed(0, [[3, 8, 0, 9]], [0, 9])
        ranker.circles.names = np.array([1] * 8 + [2, 2], dtype=np.int32)
    rankers[1].chain.grow("s", np.array([3], dtype=np.int32))
    forget_actors(graph, rankers)
    assert graph.actors.ids == ["old3", "new0", "new1"]
    assert (graph.actors.forgotten, graph.actors.known().tolist()) == (8, [False, True, True])
    assert graph.actors.profiles.names == ["", "New0", ""]
    assert graph.log.src[graph.log.first : graph.log.size].tolist() == [1] * 8
    for ranker in rankers:
        assert ranker.backtests.sealed["s"] == Sealed(0, [[-1, 1, -1, 2]], [-1, 2])
        assert ranker.circles.of(np.arange(3, dtype=np.int32)).tolist() == [0, 2, 2]
    assert rankers[1].chain.holds(np.arange(3, dtype=np.int32)).tolist() == [True, False, False]
    forget_actors(graph, rankers)
    assert graph.actors.forgotten == 8
