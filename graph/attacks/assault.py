"""An attack on a conversation as of a date: the same past with it and without, and where its accounts come out."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from graph.attacks.catalogue import Attack
from graph.attacks.places import Place, own_place, place
from graph.attacks.scene import POPULAR, Scene, Script
from graph.evaluation.act_table import ActTable, act_table
from graph.evaluation.baselines import baseline_scores
from graph.evaluation.contest import candidates_of
from graph.evaluation.counts import distinct_responders
from graph.evaluation.cut_dates import FEWEST_CANDIDATES, Plan, shown
from graph.evaluation.past import past_of
from graph.evaluation.stepwise import Stepwise
from graph.interaction import Interaction
from graph.theme_settings import ThemeSettings

OURS = "score"
RIVALS = ("PageRank", "in-degree", "distinct responders")


@dataclass(frozen=True, slots=True)
class Assault:
    """One attack of one size at one date. `places` by score: ours, then the rivals."""

    attack: str
    accounts: int
    at_ms: int
    acts: int
    """What its accounts do in all; answers of honest people aside."""
    age_ms: int
    history_ms: int
    """Length of the conversation before the date."""
    candidates: int
    k: int
    places: Mapping[str, Place]


@dataclass(frozen=True, slots=True)
class Ground:
    """The honest conversation until a date; the core as it was when an attack begins, and what happened since."""

    at_ms: int
    plan: Plan
    recent: Sequence[Interaction]
    """All that a ranking looks at."""
    candidates: NDArray[np.str_]
    history_ms: int
    begins: Mapping[int, tuple[Stepwise, Sequence[Interaction]]]
    """By how many half windows earlier."""
    scenes: Mapping[int, Scene]

    def assault(self, name: str, attack: Attack, accounts: int, seed: int) -> Assault:
        """Let it happen, and look where its accounts come out."""
        core, since = self.begins[attack.spans]
        rng = np.random.default_rng((seed, accounts, self.at_ms // 1000))
        script = Script(self.scenes[attack.spans], rng, f"attack {name}")
        attack.acts(script, accounts)
        core = core.copy()
        core.take(_in_order(since, script.acts))
        run = core.rank(self.at_ms)
        window = window_of(_in_order(self.recent, script.acts), self.at_ms, self.plan.window_ms)
        k = shown(self.candidates.size)
        places = {OURS: own_place(run, script, self.candidates, k)}
        for rival, values in baseline_scores(window, RIVALS).items():
            places[rival] = place(np.array(window.ids), values, script, self.candidates, k)
        return Assault(
            attack=name,
            accounts=accounts,
            at_ms=self.at_ms,
            acts=len(script.acts) - script.answers,
            age_ms=attack.spans * (self.plan.window_ms // 2),
            history_ms=self.history_ms,
            candidates=self.candidates.size,
            k=k,
            places=places,
        )


def grounds(
    acts: Sequence[Interaction], plan: Plan, settings: ThemeSettings, spans: Sequence[int], dates: Sequence[int]
) -> Iterator[Ground]:
    """At each date, in order; those with fewer than 30 candidates are passed over. `acts`: of one theme, in order of time.

    The core goes along once, and is copied where attacks begin, `spans` half windows before each date.
    """
    times = np.array([act.occurred_at for act in acts], dtype=np.int64)
    core, taken = Stepwise(settings), 0
    for at_ms in dates:
        until, old = np.searchsorted(times, [at_ms, at_ms - plan.window_ms * 3 // 2], side="right").tolist()
        window = window_of(acts[old:until], at_ms, plan.window_ms)
        candidates = np.array(window.ids)[candidates_of(window, addressed=False)]
        if candidates.size < FEWEST_CANDIDATES:
            continue
        begins, scenes = {}, {}
        ahead = core
        for number, count in enumerate(sorted(spans, reverse=True)):
            begin = int(np.searchsorted(times, at_ms - count * (plan.window_ms // 2), side="right"))
            ahead = ahead if number == 0 else ahead.copy()
            ahead.take(acts[taken:begin])
            taken = begin
            begins[count] = (ahead, acts[begin:until])
            scenes[count] = scene_of(acts[begin:until], window, at_ms, plan.window_ms)
        taken = int(np.searchsorted(times, at_ms - max(spans) * (plan.window_ms // 2), side="right"))
        yield Ground(at_ms, plan, acts[old:until], candidates, at_ms - int(times[0]), begins, scenes)


def window_of(acts: Sequence[Interaction], at_ms: int, window_ms: int) -> ActTable:
    """The acts of the window that ends at the date."""
    return act_table(acts).between(at_ms - window_ms, at_ms)


def scene_of(since: Sequence[Interaction], window: ActTable, at_ms: int, window_ms: int) -> Scene:
    """`since`: what happened from the beginning of the attack on; where that is nothing, the window's actors stand in."""
    found = sorted({act.actor_id for act in since if act.actor_id and act.actor_type != "bot"})
    past = past_of(window)
    most = np.argsort(-distinct_responders(past), kind="stable")[:POPULAR]
    active = [window.ids[k] for k in candidates_of(window, addressed=False)]
    sources = [act.source for act in since if act.source] or [""]
    return Scene(
        theme=next((act.theme for act in since if act.theme), ""),
        source=max(sorted(set(sources)), key=sources.count),
        end_ms=at_ms,
        window_ms=window_ms,
        honest=tuple(found or active),
        popular=tuple(window.ids[k] for k in past.numbers[most]),
    )


def _in_order(honest: Sequence[Interaction], planted: Sequence[Interaction]) -> list[Interaction]:
    return sorted([*honest, *planted], key=lambda act: act.occurred_at)
