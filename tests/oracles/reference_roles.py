"""Roles, and staff and brands apart: sections 8 and 14 of `docs/ranking.md`, from the text alone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tests.oracles.reference_act import Act
from tests.oracles.reference_merge import actor_types, not_listed, twelve
from tests.oracles.reference_score import SourceRun
from tests.oracles.reference_trust import Row, within


@dataclass(frozen=True, slots=True)
class Scene:
    """One source at a time: its rows in force, its scores, and the circles of the theme."""

    rows: Sequence[Row]
    t: int
    window: int
    run: SourceRun
    circles: Mapping[str, int]
    parted: float


def role_of(actor: str, scene: Scene) -> str:
    """The first of section 14's list that applies."""
    here = scene.run.here
    current = within(scene.rows, scene.t, scene.window)
    responders = [u for u, i in here.rec if i == actor]
    own = [row for row in current if row.own and row.actor == actor]
    helped = {row.target for row in current if row.actor == actor and row.kind == "reply" and row.target}
    called = {i for u, i in here.opened if u == actor}
    received = sum(here.rec[u, actor] for u in responders)
    mine = scene.circles.get(actor)
    placed = [scene.circles[u] for u in responders if u in scene.circles]
    outside = [circle for circle in placed if circle != mine]
    earlier = [row for row in scene.rows if row.actor == actor and row.at <= scene.t - scene.window / 4]
    if len(called) >= 10 and here.solicited.get(actor, 0.0) >= received / 2 and len(responders) < len(called) / 2:
        return "self-promoter"
    if not earlier and not scene.run.cold_start:
        return "newcomer"
    pushed = [row for row in own if not row.target]
    if len(own) >= 10 and len(pushed) >= 0.8 * len(own) and len(helped) < 0.1 * len(responders):
        return "broadcaster"
    replies = [row for row in own if row.kind == "reply"]
    if len(helped) >= max(5, len(responders)) and len(replies) >= len(own) / 2:
        return "facilitator"
    if mine and len(placed) >= 8 and 3 * len(outside) >= 2 * len(placed) and scene.parted >= 0.3:
        return "connector"
    return "prescriber" if len(responders) >= 3 and here.trusted[actor] >= 1 else ""


def apart(acts: Sequence[Act], found: Mapping[str, SourceRun]) -> list[dict[str, object]]:
    """Staff and brands who were responded to and have not objected, best first, with the place that each would have."""
    types, unlisted = actor_types(acts), not_listed(acts)
    objected = {act.actor for act in acts if act.no_rank}
    scores = {source: [twelve(one.score) for one in run.standings if one.actor not in unlisted] for source, run in found.items()}

    def key(source: str, score: float) -> tuple[float, float]:
        ranked = scores[source]
        return twelve(sum(other <= twelve(score) for other in ranked) / max(len(ranked), 1)), twelve(score)

    listed = [key(source, score) for source, ranked in scores.items() for score in ranked]
    rows: list[tuple[int, float, str, dict[str, object]]] = []
    for source, run in found.items():
        for one in run.standings:
            if types.get(one.actor) in ("staff", "brand") and one.actor not in objected:
                its = key(source, one.score)
                place = 1 + sum(other > its for other in listed)
                row = {"actor_id": one.actor, "source": source, "role": types[one.actor], "place": place}
                told = {"score": one.score, "reach": one.reach, "responders": one.responders, "messages": one.messages}
                rows.append((place, -its[1], one.actor, row | told))
    rows.sort(key=lambda row: row[:3])
    return [row | {"position": position} for position, (*_, row) in enumerate(rows, start=1)]
