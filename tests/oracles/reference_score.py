"""The score of one source at one time, from `docs/ranking.md` alone: dicts, loops and `math`, quadratic where that reads better.

It shares no code with the core, so that an error would have to be made twice, in two ways, to go unseen.
"""

import math
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from tests.oracles.reference_trust import Responses, Row, choose_seeds, responses, scored, trust, within

EPOCHS_TO_TRUST = 2


@dataclass(slots=True)
class Standing:
    """One ranked actor's numbers, before sources are merged."""

    actor: str
    score: float
    reach: float
    conversion: float
    trusted: float
    open: float
    regularity: float
    lift: float
    solicited_share: float
    responders: int
    messages: int
    evidence: list[tuple[str, int]] = field(default_factory=list)
    """(responder, event key), newest first."""


@dataclass(slots=True)
class Chain:
    """The chain of trust of one source: who was a seed, and at how many epochs it grew."""

    members: set[str] = field(default_factory=set)
    epochs: int = 0


@dataclass(slots=True)
class SourceRun:
    """The score of everybody in one source, and how its seeds were found."""

    standings: list[Standing]
    seeds: frozenset[str]
    settled: bool
    """The seeds are those of the seed window, cases (a) to (c) of section 4."""
    cold_start: bool
    conversion_mean: float
    events: int
    here: Responses
    """Who responded to whom, at the half-life in use."""


def score_source(
    rows: Sequence[Row],
    t: int,
    window: int,
    half_life: float,
    chain: Chain,
    picked: Collection[str],
    *,
    choice: tuple[float, bool],
) -> SourceRun:
    """Sections 2 to 7 and 9 on the rows of one source with t - 3W/2 < at <= t; `choice` by section 10: multiple of H, plain."""
    multiple, plain = choice
    current = within(rows, t, window)
    seeds, case = choose_seeds(rows, t, window, half_life, chain.members, picked)
    cold_start = case in "bd" or (case == "c" and bool(chain.members)) or chain.epochs < EPOCHS_TO_TRUST
    earlier = [row for row in rows if row.at <= t - window]
    here = trust(responses(current, t, multiple * half_life, earlier), seeds)
    long = trust(responses(current, t, 3 * half_life, earlier), seeds)
    if plain:
        here.open, long.open = dict(here.unknown), dict(long.unknown)
    written = own_messages(current)
    posted = {actor: sum(0.5 ** ((t - at) / (3 * half_life)) for at in times) for actor, times in written.items()}
    mean, k = conversion_prior(long, posted)
    heard = sorted({target for _, target in here.rec})
    lift = lifts(here, heard, t - window / 2)
    standings = []
    for actor in heard:
        regularity = regularity_of(actor, current, t, window, written)
        reach = here.reach(actor) * regularity
        conversion = (long.reach(actor) + k * mean) / (posted.get(actor, 0.0) + k) if mean else 0.0
        responders = [u for u, i in here.rec if i == actor]
        standings.append(
            Standing(
                actor=actor,
                score=reach * lift[actor] ** (1 / 3),
                reach=reach,
                conversion=conversion,
                trusted=here.trusted[actor],
                open=here.open[actor],
                regularity=regularity,
                lift=lift[actor],
                solicited_share=here.solicited.get(actor, 0.0) / sum(here.rec[u, actor] for u in responders),
                responders=len(responders),
                messages=len(written.get(actor, ())),
                evidence=evidence_of(actor, here, current),
            )
        )
    return SourceRun(
        standings=standings,
        seeds=seeds,
        settled=case in "abc",
        cold_start=cold_start,
        conversion_mean=mean,
        events=len({row.key for row in current}),
        here=here,
    )


def own_messages(rows: Sequence[Row]) -> dict[str, list[int]]:
    """When each actor wrote its own messages, one time per message."""
    times: dict[str, list[int]] = defaultdict(list)
    for row in rows:
        if row.own:
            times[row.actor].append(row.at)
    return dict(times)


def regularity_of(actor: str, rows: Sequence[Row], t: int, window: int, written: Mapping[str, Sequence[int]]) -> float:
    """Section 6: in how many twelfths of the window somebody wrote, and was answered."""

    def share(times: Sequence[int]) -> float:
        return len({(at - (t - window) - 1) * 12 // window for at in times}) / 12

    own = share(written.get(actor, ()))
    answered = share([row.at for row in scored(rows) if row.target == actor])
    return float(((own + 0.04) * (answered + 0.04) / 1.04**2) ** (1 / 3))


def conversion_prior(long: Responses, posted: Mapping[str, float]) -> tuple[float, float]:
    """Section 7: m and k, over the actors that wrote."""
    total = math.fsum(posted.values())
    mean = math.fsum(long.reach(actor) for actor in posted) / total if total else 0.0
    if not mean:
        return 0.0, 5.0
    spread = math.fsum(p * (long.reach(actor) / p - mean) ** 2 for actor, p in posted.items())
    variance = max(spread / total - mean * len(posted) / total, 1e-3 * mean**2)
    return mean, min(max(mean / variance, 5.0), 20.0)


def lifts(here: Responses, heard: Sequence[str], since: float) -> dict[str, float]:
    """Section 7: what new voices add to R, over the share that they have in all of it; 2 of reach at the usual share."""
    new = dict.fromkeys(heard, 0.0)
    for (u, i), moment in here.met.items():
        if since < moment < math.inf:
            new[i] += worth(u, i, here)
    reached = math.fsum(here.reach(actor) for actor in heard)
    usual = math.fsum(new.values()) / reached if reached else 0.0
    return {i: (new[i] + 2 * usual) / (here.reach(i) + 2) / usual if usual else 1.0 for i in heard}


def worth(u: str, i: str, here: Responses) -> float:
    """Sections 7 and 9: what the responses of u add to R of i."""
    unknown = here.unknown[i]
    share = here.open[i] / unknown if unknown else 0.0
    return here.credibility[u] * here.y[u, i] + (1 - here.credibility[u]) * here.rec[u, i] * share


def evidence_of(actor: str, here: Responses, rows: Sequence[Row]) -> list[tuple[str, int]]:
    """Section 9: the five responders that count most, each with the event that set its recency, newest first."""
    found = {u: worth(u, i, here) for u, i in here.rec if i == actor}
    chosen = sorted(found, key=lambda u: (-float(f"{found[u]:.11e}"), u))[:5]
    when = {row.key: row.at for row in rows}
    events = [(u, here.best[u, actor]) for u in chosen]
    return sorted(events, key=lambda event: (-when[event[1]], event[1]))
