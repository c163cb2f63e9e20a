"""The same core without Kafka: rankings of a recorded conversation, every so often or as of given times."""

from bisect import bisect_right
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from graph.interaction import EVERY_THEME, Interaction
from graph.normalise import Normaliser
from graph.packing import packed
from graph.partition_state import UNCONFIGURED, PartitionState
from graph.refusal import Refusal
from graph.run import RankingRun
from graph.score_version import ScoreVersion
from graph.theme_settings import ThemeSettings, scored_by
from graph.theme_state import Wanted

BATCH = 5000


def replay(
    read: Callable[[], Iterable[bytes]],
    themes: Mapping[str, ThemeSettings],
    *,
    normaliser: Normaliser,
    received_at: int,
    theme: str = "",
    at: Sequence[int] = (),
    every_ms: int | None = None,
    refused: Callable[[Refusal], None] = lambda _: None,
    score: ScoreVersion | None = None,
) -> Iterator[RankingRun]:
    """Runs in order of event time, with all of their evidence; the last step is ranked, as after `feed --close`.

    `read` is called twice where runs are chosen by time: a run as of a time is the last one whose window ended by then, and
    which one that is shows only from what follows. `at`: times; `every_ms`: a run as of each multiple. With neither, every
    run. Times in ms UTC; `received_at` stands in for the broker's clock; `theme` goes to events that name none.
    With `score` every theme is ranked by that one instead of its own, as by a shadow; shadows of the settings are left out.
    """
    unconfigured = UNCONFIGURED
    themes = {name: replace(settings, shadow=()) for name, settings in themes.items()}
    if score is not None:
        themes = {name: scored_by(score, settings) for name, settings in themes.items()}
        unconfigured = scored_by(score, unconfigured)
    wanted: Wanted | None = None
    if at or every_ms:
        schedule: dict[str, list[int]] = {}

        def note(name: str, boundary: int) -> bool:
            schedule.setdefault(name, []).append(boundary)
            return False

        state = PartitionState(0, themes, note, unconfigured=unconfigured)
        deque(_follow(state, read(), normaliser, received_at, theme, lambda _: None), maxlen=0)
        chosen = {(name, boundary) for name, all_of in schedule.items() for boundary in _as_of(all_of, at, every_ms)}

        def is_chosen(name: str, boundary: int) -> bool:
            return (name, boundary) in chosen

        wanted = is_chosen
    state = PartitionState(0, themes, wanted, whole_evidence=True, unconfigured=unconfigured)
    for run in _follow(state, read(), normaliser, received_at, theme, refused):
        yield replace(run, shadow=score is not None)


def _as_of(boundaries: list[int], at: Sequence[int], every_ms: int | None) -> set[int]:
    times = list(at)
    if every_ms:
        first, last = boundaries[0] // every_ms + 1, -(-boundaries[-1] // every_ms)
        times += [number * every_ms for number in range(first, last + 1)]
    found = (bisect_right(boundaries, time) for time in times)
    return {boundaries[position - 1] for position in found if position}


def _follow(
    state: PartitionState,
    values: Iterable[bytes],
    normaliser: Normaliser,
    received_at: int,
    theme: str,
    refused: Callable[[Refusal], None],
) -> Iterator[RankingRun]:
    acts: list[Interaction] = []
    for offset, value in enumerate(values):
        found = normaliser.normalise(value, received_at, (0, offset), theme)
        if isinstance(found, Refusal):
            refused(found)
        else:
            acts += found
        if len(acts) >= BATCH:
            yield from _apply(state, packed(acts))
            acts = []
    acts.append(Interaction(theme=EVERY_THEME, kind="close", occurred_at=received_at, parts=1, copy=True))
    yield from _apply(state, packed(acts))


def _apply(state: PartitionState, records: list[bytes]) -> list[RankingRun]:
    start = state.next_offset
    return state.runs(range(start, start + len(records)), records)
