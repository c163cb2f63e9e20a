"""What part everybody plays, and where staff and brands would stand, equal their recomputation from the acts."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings

from graph.partition_state import PartitionState
from graph.run import RankingRun
from graph.theme_settings import HOUR_MS
from tests.oracles.reference_act import Act
from tests.oracles.reference_roles import Scene, role_of
from tests.oracles.reference_runs import ReferenceRun, reference_runs
from tests.properties.conversations import SETTINGS, START, act_by, cast_of, conversation, conversations, rules_of
from tests.properties.interaction_records import THEME, to_records

CLOSE = ("score", "reach")


def stream(acts: list[Act], batch: int = 97) -> list[RankingRun]:
    """Runs of a log that comes in batches, with a restart after each."""
    records, themes = to_records(acts), {THEME: SETTINGS}
    state, found = PartitionState(0, themes), []
    for start, stop in pairwise([*range(0, len(records), batch), len(records)]):
        found += state.runs(range(start, stop), records[start:stop])
        state = PartitionState.load(state.dump(), 0, themes)
    return found


def assert_parts(acts: list[Act]) -> set[str]:
    """Every run of a stream; returns the roles that were played."""
    played: set[str] = set()
    for run, expected in zip(stream(acts), reference_runs(acts, rules_of(SETTINGS)), strict=True):
        assert run.rows["role"] == roles_of(expected)
        names = expected.circles.names
        assert run.rows["circle"] == [names.get(actor) for actor in run.rows["actor_id"]]
        rows = [dict(zip(run.apart, values, strict=True)) for values in zip(*run.apart.values(), strict=True)]
        for row, other in zip(rows, expected.apart, strict=True):
            assert {name: row[name] for name in other if name not in CLOSE} == {
                name: value for name, value in other.items() if name not in CLOSE
            }
            assert [row[name] for name in CLOSE] == pytest.approx([other[name] for name in CLOSE], rel=1e-9)
        played |= set(run.rows["role"]) | set(run.apart["role"])
    return played


def roles_of(expected: ReferenceRun) -> list[str]:
    scenes = {
        source: Scene(
            rows, expected.window_end, SETTINGS.window_ms, expected.found[source], expected.circles.names, expected.circles.parted
        )
        for source, rows in expected.seen.items()
    }
    return [role_of(str(row["actor_id"]), scenes[str(row["source"])]) for row in expected.rows]


def town(seed: int, acts: int = 1500, actors: int = 40) -> list[Act]:
    """Groups of eight who answer one another; one each is loud, calls on everybody, helps, is answered by all, is staff."""
    random = np.random.default_rng(seed)
    cast = cast_of(actors, sources=1)
    made: list[Act] = []
    for number, at in enumerate(np.sort(random.integers(0, 60 * HOUR_MS, acts)).tolist()):
        who = int(random.choice([4, 6, 7, 7, 8, 9]) if random.random() < 0.25 else random.integers(10, actors))
        if who >= actors - 4 and at < 50 * HOUR_MS:
            who -= 8
        mate = who // 8 * 8 + int(random.integers(0, 8))
        stranger = int(random.integers(10, actors))
        kind, whom = "reply", mate if random.random() < 0.75 else int(random.choice([4, 6, 8, 9, 9, 9]))
        if who == 6:
            kind, whom = "post", -1
        elif who in (7, 8):
            kind, whom = ("mention" if who == 7 else "reply"), stranger
        elif random.random() < 0.02:
            whom = 7
        act = act_by(cast, number, who, START + at, kind)
        target = "" if whom < 0 else cast.actors[whom % actors][1]
        made.append(replace(act, target=target if target != act.actor else ""))
    return made


def test_every_part_that_can_be_played_is_played_as_defined() -> None:
    played = assert_parts(town(1))
    assert played >= {"prescriber", "connector", "facilitator", "broadcaster", "newcomer", "self-promoter", "staff"}


@pytest.mark.parametrize("seed", range(3))
def test_believable_conversations_have_parts_as_defined(seed: int) -> None:
    assert_parts(conversation(seed, actors=12 + 4 * seed, acts=600, sources=1 + seed % 2))


@given(conversations(largest=40, sources=2))
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_small_conversation_has_parts_as_defined(acts: list[Act]) -> None:
    assert_parts(acts)
