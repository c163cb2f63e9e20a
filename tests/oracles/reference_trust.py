"""Responders, courtesy, seeds, credibility and reach: sections 2 to 6 of `docs/ranking.md`, from the text alone."""

import math
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

WEIGHTS: dict[str, float] = {
    "reply": 1.0,
    "quote": 1.0,
    "accept": 1.0,
    "vouch": 1.0,
    "repost": 0.5,
    "mention": 0.5,
    "reaction": 0.05,
}
ENGAGING_KINDS = ("reply", "quote", "accept", "vouch")
TAU = 0.05

Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Row:
    """One act towards one target (or none)."""

    actor: str
    target: str
    kind: str
    at: int
    key: int
    own: bool
    """The row that dates an own message of its actor; no more than one per message."""
    bot: bool


@dataclass(slots=True)
class Responses:
    """Sections 2, 3 and 6 at one half-life: rec, x and y by (responder, target), and what follows from them."""

    rec: dict[Pair, float]
    best: dict[Pair, int]
    x: dict[Pair, float]
    y: dict[Pair, float]
    solicited: dict[str, float]
    opened: set[Pair] = field(default_factory=set)
    """(u, i) where u addressed i first."""
    met: dict[Pair, float] = field(default_factory=dict)
    """Section 7: when either of two acted toward the other first."""
    credibility: dict[str, float] = field(default_factory=dict)
    trusted: dict[str, float] = field(default_factory=dict)
    unknown: dict[str, float] = field(default_factory=dict)
    open: dict[str, float] = field(default_factory=dict)

    def reach(self, actor: str) -> float:
        """R, without regularity."""
        return self.trusted.get(actor, 0.0) + self.open.get(actor, 0.0)


def within(rows: Sequence[Row], end: int, window: int) -> list[Row]:
    """The rows with end - W < at <= end."""
    return [row for row in rows if end - window < row.at <= end]


def scored(rows: Sequence[Row]) -> list[Row]:
    """Section 2: rows that can earn anything. A reaction counts from those only who also engaged."""
    engaged = {row.actor for row in rows if row.kind in ENGAGING_KINDS}
    return [
        row
        for row in rows
        if row.target and WEIGHTS.get(row.kind, 0) > 0 and not row.bot and (row.kind != "reaction" or row.actor in engaged)
    ]


def responses(rows: Sequence[Row], end: int, half_life: float, earlier: Sequence[Row] = ()) -> Responses:
    """Sections 2 and 3 on the rows of one window; who spoke first is asked of those before it as well."""
    rec: dict[Pair, float] = {}
    best: dict[Pair, tuple[float, int, int]] = {}
    for row in scored(rows):
        pair = (row.actor, row.target)
        value = WEIGHTS[row.kind] * 0.5 ** ((end - row.at) / half_life)
        rec[pair] = max(rec.get(pair, 0.0), value)
        candidate = (value, row.at, -row.key)
        best[pair] = max(best.get(pair, candidate), candidate)
    first: dict[Pair, float] = {}
    for row in [*rows, *earlier]:
        if row.target and row.kind != "reaction" and WEIGHTS.get(row.kind, 0) > 0:
            first[row.actor, row.target] = min(first.get((row.actor, row.target), math.inf), row.at)

    def opened(u: str, i: str) -> bool:
        return first.get((u, i), math.inf) < first.get((i, u), math.inf)

    solicited: dict[str, float] = defaultdict(float)
    cold: dict[str, float] = defaultdict(float)
    for (u, i), value in sorted(rec.items()):
        if opened(i, u):
            solicited[i] += value
        if opened(u, i):
            cold[u] += value

    def keep(i: str, free: float) -> float:
        answers = solicited.get(i, 0.0)
        return min(max((answers - max(cold.get(i, 0.0) - free, 0)) / answers, 0.0), 1.0) if answers else 1.0

    met = {(u, i): min(first.get((u, i), math.inf), first.get((i, u), math.inf)) for u, i in rec}
    x, y = ({(u, i): value * (keep(i, free) if opened(i, u) else 1.0) for (u, i), value in rec.items()} for free in (2, 15))
    keys = {pair: -found[2] for pair, found in best.items()}
    contacts = {(u, i) for u, i in rec if opened(u, i)}
    return Responses(rec=rec, best=keys, x=x, y=y, solicited=dict(solicited), met=met, opened=contacts)


def choose_seeds(
    rows: Sequence[Row], t: int, window: int, half_life: float, chain: Collection[str], picked: Collection[str]
) -> tuple[frozenset[str], str]:
    """Section 4: the seeds and the case they came from."""
    middle = t - window // 2
    settled = within(rows, middle, window)
    chained = _leaders(settled, middle, half_life, chain)
    unchained = _leaders(settled, middle, half_life, None)
    active = {row.actor for row in within(rows, t, window)}
    left = {row.actor for row in settled} & set(chain)
    if chained:
        found, case = chained, "a"
    elif left:
        found, case = left, "b"
    elif unchained:
        found, case = unchained, "c"
    else:
        found, case = _leaders(within(rows, t, window), t, half_life, None), "d"
    chosen = set(picked) & active
    vouched = {row.target for row in within(rows, t, window) if row.kind == "vouch" and row.target and row.actor in chosen}
    return frozenset(found | chosen | vouched), case


def _leaders(rows: Sequence[Row], end: int, half_life: float, chain: Collection[str] | None) -> set[str]:
    """The first of those with two responders or more, of whom one is in the chain where there is one to be in."""
    by_target: dict[str, dict[str, float]] = defaultdict(dict)
    rec = responses(rows, end, half_life).rec
    for (u, i), value in rec.items():
        by_target[i][u] = value
    eligible = {
        i: float(f"{math.fsum(found.values()):.11e}")
        for i, found in by_target.items()
        if len(found) >= 2 and (chain is None or set(found) & set(chain))
    }
    seats = max(5, math.ceil(len({u for u, _ in rec}) / 4))
    return set(sorted(eligible, key=lambda i: (-eligible[i], i))[:seats])


def trust(found: Responses, seeds: Collection[str]) -> Responses:
    """Sections 5 and 6: fills in credibility, trusted, unknown and open of everybody who was answered."""
    rec, x, y = found.rec, found.x, found.y
    given: dict[str, float] = defaultdict(float)
    for (u, _), value in rec.items():
        given[u] += value
    start = {actor: 1 / len(seeds) for actor in seeds}
    r: Mapping[str, float] = dict(start)
    for _ in range(8):
        after = {actor: 0.3 * value for actor, value in start.items()}
        for (u, i), value in x.items():
            after[i] = after.get(i, 0.0) + 0.7 * r.get(u, 0.0) * value / given[u]
        r = after
    quarter = quantile_25(sorted(r[actor] for actor in seeds)) if seeds else 0.0
    for actor in {actor for pair in rec for actor in pair}:
        share = r.get(actor, 0.0)
        found.credibility[actor] = 1.0 if actor in seeds else share / (share + quarter / 10) if share else 0.0
    c = found.credibility
    heard = {i for _, i in rec}
    found.trusted = {i: math.fsum(c[u] * v for (u, j), v in y.items() if j == i) for i in heard}
    found.unknown = {i: math.fsum((1 - c[u]) * v for (u, j), v in rec.items() if j == i) for i in heard}
    kept = {i: math.fsum(c[u] * v for (u, j), v in x.items() if j == i) for i in heard}
    nothing = 1e-9 * max(math.fsum(kept.values()), 1.0)
    for i in heard:
        others = sorted((found.unknown[j] / kept[j], kept[j]) for j in heard if j != i and kept[j] > nothing)
        ratio = min(max(usual_ratio(others), 0.25), 10.0)
        found.open[i] = min(0.6 * found.unknown[i], 1.2 * ratio * kept[i] + TAU)
    return found


def usual_ratio(others: Sequence[tuple[float, float]]) -> float:
    """The ratio up to which three quarters of the credible responses go. `others`: (ratio, credible responses), in order."""
    wanted = 0.75 * math.fsum(weight for _, weight in others) * (1 - 1e-9)
    reached = 0.0
    for ratio, weight in others:
        reached += weight
        if reached >= wanted:
            return ratio
    return 0.0


def quantile_25(ordered: Sequence[float]) -> float:
    """The 25 % quantile by linear interpolation."""
    place = (len(ordered) - 1) / 4
    low = math.floor(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (place - low)
