"""A score must not see past its cut date: it is tried on the same past with another future, and has to say the same."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from msgspec.structs import replace

from graph.evaluation.act_table import act_table
from graph.evaluation.contest import Contestant, known_at
from graph.evaluation.cut_dates import Plan
from graph.interaction import Interaction
from graph.keys import identity_key

ScoresAt = Callable[[Sequence[Interaction]], Mapping[str, Mapping[str, float]]]
"""By score name, by actor id, as of one date, from a whole conversation."""
FAVOURED, NEWCOMERS = 5, 40
TOLERANCE = 1e-9


class LeakError(AssertionError):
    """A score knows what had not happened yet; nothing it says about the future is worth anything."""


def check_blind(acts: Sequence[Interaction], plan: Plan, contestants: Callable[[], Sequence[Contestant]]) -> None:
    """Raises `LeakError` naming the scores that change at the first cut date when what follows it changes."""
    dates = plan.dates(acts[0].occurred_at, acts[-1].occurred_at)
    if not dates:
        return
    found = leaks(acts, dates[0], lambda log: scores_at(log, dates[0], plan.window_ms, contestants()))
    if found:
        raise LeakError(f"these scores see past their cut date: {', '.join(found)}")


def scores_at(
    acts: Sequence[Interaction], at_ms: int, window_ms: int, contestants: Sequence[Contestant]
) -> dict[str, dict[str, float]]:
    """What contestants say at one date when handed the conversation until then."""
    table = act_table(acts)
    known = next(known_at(acts, table, [at_ms], window_ms))
    return {
        name: dict(zip(known.acts.ids, values.tolist(), strict=True))
        for contestant in contestants
        for name, values in contestant(known).items()
    }


def leaks(acts: Sequence[Interaction], at_ms: int, score: ScoresAt) -> list[str]:
    """Names of the scores that differ between the true future and a planted one."""
    true, planted = score(acts), score(planted_future(acts, at_ms))
    return [name for name in true if not _same(true[name], planted.get(name, {}))]


def planted_future(acts: Sequence[Interaction], at_ms: int) -> list[Interaction]:
    """The same past; then newcomers respond to a few who were seldom responded to, and everything said before is deleted."""
    past = [act for act in acts if act.occurred_at <= at_ms]
    seen = [act for act in past if act.actor_id and act.theme]
    if not seen:
        return past
    model, last = seen[-1], at_ms + 1
    responded = {act.target_actor_id for act in seen}
    favoured = sorted(dict.fromkeys(act.actor_id for act in seen), key=lambda actor: (actor in responded, actor))[:FAVOURED]
    bursts = [
        replace(
            model,
            kind="reply",
            occurred_at=last + number,
            key=identity_key("planted", f"{number}"),
            event_id=f"planted:{number}",
            object_id=f"planted:{number}",
            object_key=identity_key("planted", f"{number}"),
            actor_id=f"planted:{number % NEWCOMERS}",
            target_actor_id=target,
            mentions=(),
            followers=10**9,
        )
        for number, target in enumerate(target for target in favoured for _ in range(NEWCOMERS))
    ]
    deletes = [
        replace(act, theme="", kind="delete", occurred_at=last + len(bursts), key=identity_key("planted delete", act.object_id))
        for act in seen
        if act.object_key
    ]
    return [*past, *bursts, *deletes]


def _same(true: Mapping[str, float], other: Mapping[str, float]) -> bool:
    if true.keys() != other.keys():
        return False
    a, b = np.array([true[actor] for actor in true]), np.array([other[actor] for actor in true])
    return bool(np.allclose(a, b, rtol=TOLERANCE, atol=TOLERANCE))
