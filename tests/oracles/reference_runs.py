"""From a log of acts to ranking runs, from `docs/ranking.md` and the contract alone: an act at a time, each run computed anew.

What must be kept is kept for ever here, so tables never fill: the oracle of a log whose parents arrive within the horizon.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from tests.oracles.reference_act import Act
from tests.oracles.reference_backtest import History, Limits, open_sealed, sealed
from tests.oracles.reference_circles import Circles, renewed
from tests.oracles.reference_merge import actor_types, merge, not_listed
from tests.oracles.reference_roles import apart
from tests.oracles.reference_score import Chain, SourceRun, score_source
from tests.oracles.reference_trust import Row

HOUR = 3_600_000
OWN_KINDS = ("post", "reply", "quote", "mention")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """Durations in ms."""

    window: int
    half_life: int
    step: int
    lateness: int
    seeds: tuple[str, ...] = ()
    plain: tuple[str, ...] = ()
    """Sources where every responder counts alike."""
    limits: Limits = field(default_factory=Limits)


@dataclass(slots=True)
class ReferenceRun:
    """A run as dicts by column name, in order of rank."""

    window_end: int
    watermark: int
    cold_start: bool
    seeds: int
    conversion_mean: float
    coverage: dict[str, int]
    choices: dict[str, tuple[float, bool, int]]
    rows: list[dict[str, object]]
    evidence: dict[str, list[tuple[str, int]]]
    seen: dict[str, list[Row]]  # the rows in force, by source
    found: dict[str, SourceRun]  # the scores of everybody, by source
    circles: Circles
    apart: list[dict[str, object]]  # staff and brands, best first


@dataclass(slots=True)
class Theme:
    """All that is known of a theme, in the order in which it came."""

    rules: Rules
    acts: list[Act] = field(default_factory=list)
    undoings: list[Act] = field(default_factory=list)
    unseen: list[int] = field(default_factory=list)
    """Times of accepted acts that no published run has covered."""
    keys: set[int] = field(default_factory=set)
    authors: dict[tuple[str, str], str] = field(default_factory=dict)
    chains: dict[str, Chain] = field(default_factory=dict)
    histories: dict[str, History] = field(default_factory=dict)
    circles: Circles = field(default_factory=Circles)
    epoch: int | None = None
    newest: int | None = None
    live: bool = False
    closes: dict[int, set[int]] = field(default_factory=dict)
    fates: dict[str, int] = field(default_factory=lambda: {"state": 0, "late": 0, "duplicate": 0})

    @property
    def watermark(self) -> int | None:
        """The newest time less the allowed lateness."""
        return None if self.newest is None else self.newest - self.rules.lateness


def reference_runs(log: Iterable[Act], rules: Rules) -> list[ReferenceRun]:
    """All runs that a log publishes."""
    theme = Theme(rules)
    return [run for act in log for run in take(theme, act)]


def take(theme: Theme, act: Act) -> list[ReferenceRun]:
    """One act: the boundaries it crosses are ranked before it counts."""
    if act.kind in ("edit", "delete"):
        _undo(theme, act)
    if act.kind == "delete":
        return []
    before = theme.watermark
    moved_to = _moves_to(theme, act)
    runs: list[ReferenceRun] = []
    if moved_to is not None and (theme.newest is None or moved_to > theme.newest):
        theme.newest = moved_to
        if before is not None:
            runs = _cross(theme, before, moved_to - theme.rules.lateness)
    if act.kind not in ("tick", "close"):
        _accept(theme, act)
    return runs


def _undo(theme: Theme, act: Act) -> None:
    """Edits and deletes concern every theme: they tell no time, and none comes too late."""
    if act.kind == "delete":
        theme.fates["duplicate" if act.key in {undoing.key for undoing in theme.undoings} else "state"] += 1
    if act.key not in {undoing.key for undoing in theme.undoings}:
        theme.undoings.append(act)


def _moves_to(theme: Theme, act: Act) -> int | None:
    if act.kind == "close":
        ended = theme.closes.setdefault(act.key, set())
        ended.add(act.feed_part)
        if theme.newest is None or len(ended) < act.feed_parts:
            return None
        del theme.closes[act.key]
        step = theme.rules.step
        return -(-theme.newest // step) * step + theme.rules.lateness
    if act.kind == "tick":
        return act.at if theme.live else None
    return min(act.at, act.received_at) if act.received_at else act.at


def _cross(theme: Theme, before: int, after: int) -> list[ReferenceRun]:
    step = theme.rules.step
    runs = []
    for t in range((before // step + 1) * step, after + 1, step):
        if any(at <= t for at in theme.unseen):
            theme.unseen = [at for at in theme.unseen if at > t]
            runs.append(run_at(theme, t, after))
    return runs


def _accept(theme: Theme, act: Act) -> None:
    watermark = theme.watermark
    if watermark is not None and act.at <= watermark - theme.rules.window * 3 // 2:
        theme.fates["late"] += 1
        return
    if act.key in theme.keys:
        theme.fates["duplicate"] += 1
        return
    theme.keys.add(act.key)
    theme.fates["state"] += 1
    theme.unseen.append(act.at)
    theme.live = act.received_at - act.at <= HOUR
    theme.acts.append(act)
    for name in act.names:
        theme.authors.setdefault(name, act.actor)


def rows_at(theme: Theme, t: int) -> dict[str, list[Row]]:
    """Section 1: the rows in force at t, by source."""
    types = actor_types(theme.acts)
    dating = _dating(theme, t)
    by_source: dict[str, list[Row]] = {}
    for act in theme.acts:
        if t - theme.rules.window * 3 // 2 < act.at <= t and not _undone(theme, act, t):
            rows = _rows_of(theme, act, own=act.key in dating, bot=types.get(act.actor) == "bot")
            by_source.setdefault(act.source, []).extend(rows)
    return by_source


def _dating(theme: Theme, t: int) -> set[int]:
    """Of the acts of each own message the key of one: the first to arrive, or the earliest of what undoings have left."""
    left: dict[tuple[str, str], list[Act]] = {}
    touched = set()
    for act in theme.acts:
        if _undone(theme, act, t):
            touched.add(act.message)
        elif _kind(act) in OWN_KINDS:
            left.setdefault(act.message, []).append(act)
    return {
        (min(acts, key=lambda act: (act.at, act.key)) if message in touched else acts[0]).key for message, acts in left.items()
    }


def _kind(act: Act) -> str:
    """An edit is a new statement."""
    if act.kind != "edit":
        return act.kind
    return "reply" if act.parent else "mention" if act.mentions or act.target else "post"


def _undone(theme: Theme, act: Act, t: int) -> bool:
    """A delete undoes every act of its message, an edit what was said before it; both once they have occurred."""
    return any(
        undoing.at <= t
        and undoing.key != act.key
        and undoing.message in act.names
        and (undoing.kind == "delete" or act.at < undoing.at)
        for undoing in theme.undoings
    )


def _rows_of(theme: Theme, act: Act, *, own: bool, bot: bool) -> list[Row]:
    kind = _kind(act)
    target = act.target or (theme.authors.get((act.source, act.parent), "") if act.parent else "")
    named = [] if kind == "action" else [actor for actor in dict.fromkeys(act.mentions) if actor not in (act.actor, target)]
    aimed = [("" if target == act.actor else target, kind), *((actor, "mention") for actor in named)]
    return [
        Row(actor=act.actor, target=to, kind=how, at=act.at, key=act.key, own=own and position == 0, bot=bot)
        for position, (to, how) in enumerate(aimed)
    ]


def run_at(theme: Theme, t: int, watermark: int) -> ReferenceRun:
    """Sections 4, 8 and 10: the run at t, which is also when the chain of trust grows and lists are sealed and opened."""
    rules = theme.rules
    epoch = t // (rules.window // 2)
    new_epoch, theme.epoch = epoch != theme.epoch, epoch
    found: dict[str, SourceRun] = {}
    choices: dict[str, tuple[float, bool, int]] = {}
    rows_by_source = rows_at(theme, t)
    for source, history in theme.histories.items() if new_epoch else ():
        open_sealed(history, rows_by_source.get(source, []), rules.window, rules.limits, not_listed(theme.acts))
    for source, seen in sorted(rows_by_source.items()):
        chain = theme.chains.setdefault(source, Chain())
        history = theme.histories.setdefault(source, History())
        multiple, elapsed = history.choice()
        plain = source in rules.plain
        choices[source] = multiple, plain, elapsed
        scored = score_source(seen, t, rules.window, rules.half_life, chain, rules.seeds, choice=(multiple, plain))
        found[source] = scored
        if new_epoch:
            scores = {one.actor: one.score for one in scored.standings if one.actor not in not_listed(theme.acts)}
            history.waiting = sealed(seen, t, rules.window, rules.half_life, scored.seeds, scores)
        if new_epoch and scored.settled:
            chain.epochs += 1
            chain.members |= scored.seeds
    actors = {actor for act in theme.acts for actor in (act.actor, act.target, *act.mentions) if actor}
    if new_epoch or len(actors) >= 2 * max(theme.circles.known, 10):
        theme.circles = renewed(theme.circles, [one.here.rec for one in found.values()], len(actors))
    rows, evidence = merge(theme.acts, found, {source: theme.histories[source].spread() for source in found})
    return ReferenceRun(
        window_end=t,
        watermark=watermark,
        cold_start=any(run.cold_start for run in found.values()),
        seeds=sum(len(run.seeds) for run in found.values()),
        conversion_mean=next(iter(found.values())).conversion_mean if len(found) == 1 else 0.0,
        coverage={source: run.events for source, run in found.items() if run.events},
        choices=choices,
        rows=rows,
        evidence=evidence,
        seen=rows_by_source,
        found=found,
        circles=theme.circles,
        apart=apart(theme.acts, found),
    )
