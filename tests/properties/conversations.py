"""Conversations for tests: small adversarial ones drawn by hypothesis, larger believable ones from a seed.

Windows are short (W = 12 h, a step of 1 h), so that epochs pass, rows expire and trust travels within a few hundred acts.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from hypothesis import strategies as st
from numpy.typing import NDArray

from graph.keys import identity_key
from graph.score_parameters import DEFAULT
from graph.theme_settings import HOUR_MS, MINUTE_MS, ThemeSettings
from tests.oracles.reference_act import Act
from tests.oracles.reference_backtest import Limits
from tests.oracles.reference_runs import Rules
from tests.properties.interaction_records import THEME

PARAMETERS = replace(DEFAULT, fewest_candidates=4, fewest_voices=3)
"""So that backtests count in a small conversation."""
SETTINGS = ThemeSettings(
    name=THEME,
    window_ms=12 * HOUR_MS,
    half_life_ms=5 * HOUR_MS,
    step_ms=HOUR_MS,
    lateness_ms=10 * MINUTE_MS,
    parameters=PARAMETERS,
)
START = 490_008 * HOUR_MS
"""A boundary of steps, epochs and windows."""
KINDS = ("post", "reply", "mention", "repost", "quote", "reaction", "accept", "vouch", "action")
WRITTEN = ("post", "reply", "mention", "quote")


def rules_of(settings: ThemeSettings) -> Rules:
    """The same settings for the reference."""
    return Rules(
        window=settings.window_ms,
        half_life=settings.half_life_ms,
        step=settings.step_ms,
        lateness=settings.lateness_ms,
        seeds=settings.seeds,
        plain=settings.plain,
        limits=Limits(fewest_candidates=settings.parameters.fewest_candidates, fewest_voices=settings.parameters.fewest_voices),
    )


@dataclass(frozen=True, slots=True)
class Cast:
    """Who takes part: ids by source, and what is known of some."""

    actors: tuple[tuple[str, str], ...]
    """(source, actor id)."""
    types: dict[str, str]
    objectors: frozenset[str] = frozenset()


def cast_of(count: int, sources: int = 1) -> Cast:
    """`count` actors spread over sources; from six on, one is a bot, one staff, one objected."""
    actors = tuple(("s" if k % sources == 0 else "z", f"a{k:02d}") for k in range(count))
    special = dict(zip(("a03", "a04"), ("bot", "staff"), strict=True)) if count > 5 else {}
    return Cast(actors, special, frozenset({"a05"} if count > 5 else ()))


def act_by(cast: Cast, number: int, who: int, at: int, kind: str) -> Act:
    """Act `number` of a conversation, by one of the cast. Every third message has an id other than its event's."""
    source, actor = cast.actors[who % len(cast.actors)]
    messageless = kind in ("reaction", "accept", "vouch", "action")
    return Act(
        key=identity_key(source, f"e{number}"),
        at=at,
        kind=kind,
        actor=actor,
        source=source,
        event=f"e{number}",
        object="" if messageless else message_id(number),
        actor_type=cast.types.get(actor, "person"),
        no_rank=actor in cast.objectors,
        followers=7 * who if who % 2 else None,
        offset=number,
    )


def message_id(number: int) -> str:
    """What the message of act `number` is called."""
    return f"e{number}" if number % 3 else f"m{number}"


@dataclass(frozen=True, slots=True)
class Draft:
    """What hypothesis draws of an act; small numbers, so that examples shrink to something that can be read."""

    gap: int
    who: int
    kind: str
    way: str
    whom: int
    named: tuple[int, ...]
    back: int


def drafts() -> st.SearchStrategy[Draft]:
    """Acts whose times mostly advance by minutes, at times stand still, at times fall back or leap."""
    return st.builds(
        Draft,
        gap=st.one_of(st.integers(0, 40), st.sampled_from([0, 0, 30, 60, 90, -5, -9, -60, -300, 360, 720, 1300])),
        who=st.integers(0, 11),
        kind=st.sampled_from((*KINDS, "reply", "reply", "post", "edit", "delete")),
        way=st.sampled_from(("target", "parent", "parent", "none", "both")),
        whom=st.integers(0, 11),
        named=st.lists(st.integers(0, 11), max_size=2).map(tuple),
        back=st.integers(-3, 12),
    )


@st.composite
def conversations(draw: st.DrawFn, *, largest: int = 60, sources: int = 1) -> list[Act]:
    """A log of up to `largest` acts among 2 to 12 actors, with duplicates, edits, deletes and parents before and after."""
    cast = cast_of(draw(st.integers(2, 12)), sources)
    return compose(cast, draw(st.lists(drafts(), min_size=1, max_size=largest)), draw(st.booleans()))


def compose(cast: Cast, drawn: Sequence[Draft], repeated: bool = False) -> list[Act]:  # noqa: FBT001, FBT002 - a switch
    """Turn drafts into acts. `repeated`: every fifth act comes again at the end of the log."""
    acts: list[Act] = []
    now = START
    for number, draft in enumerate(drawn):
        at = max(now + draft.gap * MINUTE_MS, START - 20 * HOUR_MS)
        now = max(now, at)
        acts.append(_composed(cast, number, draft, at, acts, len(drawn)))
    copies = [replace(act, offset=len(acts) + k) for k, act in enumerate(acts[::5])] if repeated else []
    return acts + copies


def _composed(cast: Cast, number: int, draft: Draft, at: int, acts: list[Act], count: int) -> Act:
    act = act_by(cast, number, draft.who, at, draft.kind)
    same_source = [actor for source, actor in cast.actors if source == act.source]
    earlier = [other for other in acts if other.object and other.source == act.source]
    chosen = earlier[-min(draft.back, len(earlier))] if earlier and draft.back > 0 else None
    if act.kind in ("edit", "delete"):
        act = replace(act, object=chosen.object if chosen else "never", actor=chosen.actor if chosen else act.actor)
    if act.kind == "delete":
        return act
    target = same_source[draft.whom % len(same_source)] if draft.way in ("target", "both") else ""
    parent = ""
    if draft.way in ("parent", "both"):
        ahead = number - draft.back + 1
        parent = chosen.object if chosen else message_id(ahead) if ahead < count else "never"
    named = tuple(same_source[k % len(same_source)] for k in draft.named)
    return replace(act, target=target, parent=parent, mentions=named)


def conversation(seed: int, actors: int = 10, acts: int = 300, hours: int = 60, sources: int = 1) -> list[Act]:
    """A believable conversation: few are answered much; answers name their parent; arrival is up to 9 minutes out of order."""
    random = np.random.default_rng(seed)
    cast = cast_of(actors, sources)
    fame = random.dirichlet(np.full(actors, 0.6)) * 0.8 + 0.2 / actors
    times = np.sort(random.integers(0, hours * HOUR_MS, acts)) + START
    kinds = random.choice([*KINDS, "edit", "delete"], acts, p=[0.2, 0.4, 0.06, 0.05, 0.06, 0.08, 0.03, 0.02, 0.02, 0.04, 0.04])
    made: list[Act] = []
    for number, (at, kind) in enumerate(zip(times.tolist(), kinds.tolist(), strict=True)):
        act = act_by(cast, number, int(random.integers(actors)), at, kind)
        made.append(_answering(act, cast, made, fame, random))
    arrival = times + random.integers(0, 9 * MINUTE_MS, acts)
    return [replace(made[k], offset=n) for n, k in enumerate(np.argsort(arrival, kind="stable").tolist())]


def _answering(act: Act, cast: Cast, made: list[Act], fame: NDArray[np.float64], random: np.random.Generator) -> Act:
    recent = [other for other in made[-40:] if other.object and other.source == act.source and other.kind != "delete"]
    if act.kind in ("edit", "delete"):
        own = [other for other in recent if other.actor == act.actor]
        chosen = own[int(random.integers(len(own)))] if own else None
        return replace(act, object=chosen.object, parent=chosen.parent) if chosen else replace(act, kind="post")
    if act.kind == "post" or not recent:
        return act
    weights = np.array([fame[int(other.actor[1:])] for other in recent])
    answered = recent[int(random.choice(len(recent), p=weights / weights.sum()))]
    if random.random() < 0.5:
        return replace(act, parent=answered.object)
    named = cast.actors[int(random.integers(len(cast.actors)))]
    return replace(act, target=answered.actor, mentions=(named[1],) if named[0] == act.source and random.random() < 0.2 else ())


def mailboxes(seed: int, hours: int = 60) -> list[Act]:
    """Four stars answered by a crowd that nobody answers, and a few who answer each other: trust starts from the wrong ones."""
    random = np.random.default_rng(seed)
    made: list[tuple[int, str, str]] = []
    for hour in range(hours):
        few = [tuple(random.choice(4, 2, replace=False)) for _ in range(3)]
        drawn = [(f"p{a}", f"p{b}") for a, b in few]
        drawn += [(f"c{random.integers(60)}", f"star{random.integers(4)}") for _ in range(12)]
        drawn.append((f"star{hour % 4}", f"other{random.integers(20)}"))
        made += [(START + hour * HOUR_MS + int(random.integers(HOUR_MS)), who, whom) for who, whom in drawn]
    return [
        Act(key=identity_key("s", f"e{n}"), at=at, actor=who, target=whom, event=f"e{n}", object=f"e{n}", offset=n)
        for n, (at, who, whom) in enumerate(sorted(made))
    ]
