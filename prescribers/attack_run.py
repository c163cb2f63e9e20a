"""From conversations to assaults: which dates, which attacks, one after the other, with a bar."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from graph.attacks.assault import Assault, grounds
from graph.attacks.catalogue import Attack
from graph.evaluation.cut_dates import FEWEST_CANDIDATES, Plan
from graph.interaction import Interaction
from graph.theme_settings import ThemeSettings
from prescribers.evaluation_run import read_entry
from prescribers.evaluation_sets import Entry, set_name
from prescribers.progress import progress_bar
from prescribers.settings import Settings
from prescribers.simulation import SimulationSettings, simulate

SIMULATED_EVENTS, SIMULATED_DAYS = 12_000, 200
"""Long enough that an aged ring is younger than half of the conversation."""


@dataclass(frozen=True, slots=True)
class Community:
    """One honest conversation."""

    name: str
    plan: Plan
    acts: Sequence[Interaction]


def communities(entries: Sequence[Entry], settings: Settings, theme: str) -> Iterator[Community]:
    """A community per theme of each entry."""
    for entry in entries:
        found = read_entry(entry, settings, theme)
        for name, acts in found.items():
            yield Community(set_name(entry, name, list(found)), entry.plan, acts)


def simulated(count: int, plan: Plan) -> Iterator[Community]:
    """Conversations of the simulation, a seed each, for want of real ones."""
    from graph.normalise import Normaliser
    from prescribers.evaluation_sets import by_theme

    for seed in range(1, count + 1):
        made = SimulationSettings(events=SIMULATED_EVENTS, days=SIMULATED_DAYS, seed=seed, theme=f"simulated-{seed}")
        acts = by_theme(simulate(made), Normaliser(), made.end_ms, "", Counter())[made.theme]
        yield Community(made.theme, plan, acts)


def attacked(
    community: Community, settings: Settings, attacks: Mapping[str, Attack], sizes: Sequence[int], *, dates: int, seed: int
) -> list[Assault]:
    """Every attack at every size at up to so many dates, spread over those at which enough people act."""
    theme = next((act.theme for act in community.acts if act.theme), "")
    usual = settings.themes.get(theme) or ThemeSettings(name=theme)
    plan = community.plan
    rules = replace(usual, window_ms=plan.window_ms, half_life_ms=plan.half_life_ms)
    chosen = spread_dates(community, dates)
    spans = sorted({attack.spans for attack in attacks.values()})
    total, found = len(chosen) * len(attacks) * len(sizes), []
    with progress_bar(f"Attacking {community.name}") as report:
        for ground in grounds(community.acts, plan, rules, spans, chosen):
            for name, attack in attacks.items():
                for size in sizes:
                    found.append(ground.assault(name, attack, size, seed))
                    report(sum(one.acts for one in found), len(found), total)
    return found


def spread_dates(community: Community, count: int) -> list[int]:
    """Cut dates at which at least 30 people act in the window, `count` of them at most.

    They come from the later half where that has enough: old attacks need a conversation that is older still.
    """
    acts, plan = community.acts, community.plan
    times = np.array([act.occurred_at for act in acts], dtype=np.int64)
    crowded = []
    for at_ms in plan.dates(int(times[0]), int(times[-1])):
        old, until = np.searchsorted(times, [at_ms - plan.window_ms, at_ms], side="right").tolist()
        if len({act.actor_id for act in acts[old:until]}) >= FEWEST_CANDIDATES:
            crowded.append(at_ms)
    crowded = crowded[len(crowded) // 2 :] if len(crowded) >= 2 * count else crowded[-count:]
    number = min(count, len(crowded))
    return [crowded[(2 * k + 1) * len(crowded) // (2 * number)] for k in range(number)]
