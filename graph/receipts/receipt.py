"""The receipt of every actor that either of two runs ranks: parts that add up to the change of its score and of its rank."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from graph.actors import Actors
from graph.interaction_log import InteractionLog
from graph.kinds import preset_weights
from graph.ranking import SourceRanking
from graph.receipts.causes import CAUSES, OWN_CAUSES, Cause
from graph.receipts.crowd import Crowd, EarlierRows, crowd_of, earlier_rows
from graph.receipts.ledger import FIELDS, Ledger, Page
from graph.receipts.place_steps import Standing, last_key, own_places, rival_places
from graph.receipts.score_steps import Steps, score_steps
from graph.run import RECEIPT_COLUMNS
from graph.theme_settings import ThemeSettings
from graph.window import Window

GRAIN = 2.0**-30
"""Scores are taken to the nearest billionth of a point, so that parts are exact in binary and add up in any order."""
Values = NDArray[np.float64]
Counts = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Published:
    """A run as it is about to be published: its sources, and the percentiles of their ranked actors."""

    parts: list[SourceRanking]
    percentiles: list[Values]
    present: Window


@dataclass(frozen=True, slots=True)
class _Told:
    """By cause, in the order of `CAUSES`, shape (causes, n) each; the scores and places at both ends, shape (n,)."""

    points: Values
    places: Counts
    people: Counts
    before: tuple[Values, Counts]
    after: tuple[Values, Counts]


def empty_receipts() -> dict[str, list[Any]]:
    """Of a run that is compared with none."""
    return {name: [] for name in RECEIPT_COLUMNS}


def receipts_of(
    ledger: Ledger, run: Published, log: InteractionLog, actors: Actors, settings: ThemeSettings
) -> dict[str, list[Any]]:
    """Columns of `graph.run.RECEIPT_COLUMNS`: a row a cause that changed anything, actor by actor in order of id."""
    crowd = crowd_of(run.present, ledger, actors)
    before = _standing_then(ledger, crowd)
    after = _standing_now(run, crowd)
    scores, people = _walk(ledger, run, log, actors, settings, crowd)
    told = _told([before.score, *scores, after.score], people, before, after, crowd.source)
    concerned = np.flatnonzero(before.ranked | after.ranked)
    ids = [actors.ids[k] for k in crowd.numbers[concerned].tolist()]
    order = sorted(range(len(ids)), key=ids.__getitem__)
    return _columns(told, concerned[order], [ids[k] for k in order], ledger.end_ms)


def _standing_then(ledger: Ledger, crowd: Crowd) -> Standing:
    percentile, score = np.zeros(crowd.numbers.size), np.zeros(crowd.numbers.size)
    for page in ledger.pages.values():
        share = page.of("percentile", crowd.numbers)
        percentile += share
        score += np.where(share > 0, page.of("headline", crowd.numbers), 0.0)
    return Standing(percentile, score)


def _standing_now(run: Published, crowd: Crowd) -> Standing:
    percentile, score = np.zeros(crowd.numbers.size), np.zeros(crowd.numbers.size)
    for part, shares in zip(run.parts, run.percentiles, strict=True):
        at = crowd.positions(run.present.numbers[part.actors])
        percentile[at] = shares
        score[at] = part.score.headline[part.actors]
    return Standing(percentile, score)


def _walk(
    ledger: Ledger, run: Published, log: InteractionLog, actors: Actors, settings: ThemeSettings, crowd: Crowd
) -> tuple[list[Values], dict[Cause, Counts]]:
    """Scores after each cause but the listing, and people, of all sources together: each actor's are those of its source."""
    earlier = earlier_rows(ledger, log, actors, crowd, run.present, run.present.end_ms - settings.window_ms)
    here = crowd.positions(run.present.numbers)
    weights, elapsed = preset_weights(settings.preset), run.present.end_ms - ledger.end_ms
    size, length = crowd.numbers.size, len(OWN_CAUSES)
    scores = [np.zeros(size) for _ in range(length)]
    people: dict[Cause, Counts] = {}
    codes = {name: code for code, name in enumerate(actors.source_names)}
    parts = {part.source: part for part in run.parts}
    for source in sorted({*parts, *ledger.pages}):
        ours = crowd.source == codes[source]
        page = ledger.pages.get(source)
        if source in parts:
            score = parts[source].score
            page = page or _blank(score.pairs.half_life_ms)
            of_source = EarlierRows(earlier.counted.of_source(codes[source]), earlier.remaining.of_source(codes[source]))
            steps = score_steps(
                page, score, crowd, here, of_source, elapsed_ms=elapsed, weights=weights, parameters=settings.parameters
            )
        else:
            steps = _gone(ledger.pages[source], crowd)
        for k, values in enumerate(steps.scores):
            scores[k][ours] = values[ours]
        for cause, counts in steps.people.items():
            people.setdefault(cause, np.zeros(size, dtype=np.int64))[ours] = counts[ours]
    return scores, people


def _blank(half_life_ms: float) -> Page:
    """Of a source that the earlier run did not know."""
    return Page(half_life_ms, np.zeros(0, dtype=np.int32), np.zeros((len(FIELDS), 0)))


def _gone(page: Page, crowd: Crowd) -> Steps:
    """Nothing of a source is left: whatever its actors had has expired."""
    headline, nothing = page.of("headline", crowd.numbers), np.zeros(crowd.numbers.size)
    expired = -page.of("responders", crowd.numbers).astype(np.int64)
    rest = [nothing] * (len(OWN_CAUSES) - 2)
    return Steps([headline, headline, *rest], list(OWN_CAUSES[1:]), {"expired": expired})


def _told(
    scores: list[Values], people: dict[Cause, Counts], before: Standing, after: Standing, source: NDArray[np.int32]
) -> _Told:
    """`scores`: the published one, after listing, after each other cause, and the published one at the end."""
    levels = np.rint(np.array(scores) / GRAIN) * GRAIN
    own = np.array(own_places(before, source, scores))
    others = np.array([own[-1], *rival_places(before, after, last_key(before, source, after.score, after.ranked))])
    nobody = np.zeros(source.size, dtype=np.int64)
    return _Told(
        points=np.concatenate([_listed_first(np.diff(levels, axis=0)), np.zeros((others.shape[0] - 1, source.size))]),
        places=np.concatenate([_listed_first(-np.diff(own, axis=0)), -np.diff(others, axis=0)]),
        people=np.array([people.get(cause, nobody) for cause in CAUSES]),
        before=(levels[0], own[0]),
        after=(levels[-1], others[-1]),
    )


def _listed_first(parts: NDArray[Any]) -> NDArray[Any]:
    """Entering the list is the first step and leaving it the last; they are one cause, and never both happen."""
    return np.concatenate([parts[:1] + parts[-1:], parts[1:-1]])


def _columns(told: _Told, actors: Counts, ids: list[str], since: int) -> dict[str, list[Any]]:
    """`actors`: positions in the crowd, in order of their `ids`; of each the causes that changed anything, in their order."""
    changed = (told.points[:, actors] != 0) | (told.places[:, actors] != 0)
    entry, cause = np.nonzero(changed.T)
    at = actors[entry]
    values: dict[str, list[Any]] = {
        "actor_id": [ids[k] for k in entry.tolist()],
        "since": [since] * entry.size,
        "position": (cause + 1).tolist(),
        "cause": [CAUSES[k] for k in cause.tolist()],
        "points": told.points[cause, at].tolist(),
        "places": told.places[cause, at].tolist(),
        "people": told.people[cause, at].tolist(),
        "score_before": told.before[0][at].tolist(),
        "score_after": told.after[0][at].tolist(),
        "rank_before": told.before[1][at].tolist(),
        "rank_after": told.after[1][at].tolist(),
    }
    return {name: values[name] for name in RECEIPT_COLUMNS}
