"""Rankings of a recorded conversation without Kafka: the same runs as from the log, chosen by time."""

import json
from collections.abc import Iterable
from dataclasses import replace
from itertools import pairwise

import pytest

from graph.interaction import Interaction
from graph.log_record import encode_interaction
from graph.normalise import Normaliser
from graph.partition_state import PartitionState
from graph.refusal import Refusal
from graph.replay import replay
from graph.run import RankingRun
from graph.score_version import parse_score
from graph.theme_settings import HOUR_MS, ThemeSettings
from tests.properties.conversations import SETTINGS, START, conversation
from tests.properties.interaction_records import THEME

NOW = START + 365 * 24 * HOUR_MS
THEMES = {THEME: SETTINGS}


def lines(count: int = 300) -> list[bytes]:
    """A conversation as a feed holds it."""
    found = []
    for act in conversation(4, acts=count):
        plain = {
            "schema": "mention.v1",
            "event_id": act.event,
            "source": act.source,
            "kind": act.kind,
            "actor_id": act.actor,
            "occurred_at": act.at,
            "target_actor_id": act.target or None,
            "object_id": act.object or None,
            "parent_id": act.parent or None,
            "mentions": act.mentions,
            "actor_type": act.actor_type,
        }
        found.append(json.dumps(plain).encode())
    return found


LINES = lines()


def replayed(values: Iterable[bytes] = LINES, **options: object) -> list[RankingRun]:
    kept = list(values)
    runs = replay(lambda: kept, THEMES, normaliser=Normaliser(), received_at=NOW, theme=THEME, **options)  # type: ignore[arg-type]
    return list(runs)


def test_a_replay_gives_the_runs_of_the_log_and_of_the_close_after_it() -> None:
    normaliser, records = Normaliser(), []
    for offset, line in enumerate(LINES):
        found = normaliser.normalise(line, NOW, (0, offset), THEME)
        assert isinstance(found, list)
        records += [encode_interaction(one) for one in found]
    records.append(encode_interaction(Interaction(theme="", kind="close", occurred_at=NOW, parts=1, copy=True)))
    expected = PartitionState(0, THEMES, whole_evidence=True).runs(range(len(records)), records)
    assert replayed() == expected
    assert len(expected) > 40


@pytest.mark.parametrize("themes", [THEMES, {}])
def test_a_replay_under_another_score_ranks_the_same_log_under_another_version(themes: dict[str, ThemeSettings]) -> None:
    score = parse_score("help,tau=0.5")
    found, plain = (
        list(
            replay(
                lambda: LINES, themes, normaliser=Normaliser(), received_at=NOW, theme=THEME, every_ms=6 * HOUR_MS, score=other
            )
        )
        for other in (score, None)
    )
    assert [run.window_end for run in found] == [run.window_end for run in plain]
    assert {(run.score_version, run.preset) for run in found} == {(score.name, "help")}
    assert not {run.run_id for run in found} & {run.run_id for run in plain}
    assert any(run.rows != other.rows for run, other in zip(found, plain, strict=True))


def test_a_shadow_of_the_live_core_says_what_the_replay_says_and_the_replay_has_none() -> None:
    score = parse_score("help,tau=0.5")
    beside = {THEME: replace(SETTINGS, shadow=(score,))}
    normaliser, records = Normaliser(), []
    for offset, line in enumerate(LINES):
        found = normaliser.normalise(line, NOW, (0, offset), THEME)
        assert isinstance(found, list)
        records += [encode_interaction(one) for one in found]
    records.append(encode_interaction(Interaction(theme="", kind="close", occurred_at=NOW, parts=1, copy=True)))
    live = PartitionState(0, beside, whole_evidence=True).runs(range(len(records)), records)
    other, own = (
        list(replay(lambda: LINES, beside, normaliser=Normaliser(), received_at=NOW, theme=THEME, score=asked))
        for asked in (score, None)
    )
    assert [run for run in live if run.shadow] == other
    assert [run for run in live if not run.shadow] == own


def test_runs_as_of_times_are_the_last_ones_that_ended_by_then() -> None:
    every = replayed()
    ends = [run.window_end for run in every]
    times = [ends[0] - 1, ends[3], ends[7] + 1, ends[-1] + 10**9]
    assert apart(replayed(at=times)) == apart([every[3], every[7], every[-1]])
    assert replayed(at=[ends[0] - 1]) == []


def test_runs_every_so_often_are_those_as_of_each_multiple() -> None:
    every = replayed()
    six = 6 * HOUR_MS
    found = replayed(every_ms=six)
    ends = {max(run.window_end for run in every if run.window_end <= time) for time in _multiples(every, six)}
    assert [run.window_end for run in found] == sorted(ends)
    assert all(run in apart(every) for run in apart(found))


def test_each_run_shown_is_compared_with_the_one_shown_before() -> None:
    found = replayed(every_ms=6 * HOUR_MS)
    assert not found[0].receipts["cause"]
    for earlier, later in pairwise(found):
        assert set(later.receipts["since"]) == {earlier.window_end}


def apart(runs: list[RankingRun]) -> list[RankingRun]:
    """Runs without what they say of others: which those are depends on which are asked for."""
    return [replace(run, receipts={}) for run in runs]


def _multiples(every: list[RankingRun], step: int) -> list[int]:
    first, last = every[0].window_end // step + 1, -(-every[-1].window_end // step)
    return [number * step for number in range(first, last + 1)]


def test_refused_lines_are_reported_once_and_the_rest_is_ranked() -> None:
    bad = [b"", b"{", *LINES, b"[]"]
    refusals: list[Refusal] = []
    found = replayed(bad, at=[START + 50 * HOUR_MS], refused=refusals.append)
    assert [refusal.reason for refusal in refusals] == ["empty", "not_json", "not_an_object"]
    assert [run.rows for run in found] == [run.rows for run in replayed(at=[START + 50 * HOUR_MS])]


@pytest.mark.parametrize("options", [{}, {"at": [START]}, {"every_ms": HOUR_MS}])
def test_nothing_in_gives_nothing_out(options: dict[str, object]) -> None:
    assert replayed([], **options) == []


def test_long_feeds_are_taken_in_batches() -> None:
    long = lines(6_000)
    assert [run.rows for run in replayed(long, every_ms=24 * HOUR_MS)][-1] == replayed(long)[-1].rows
