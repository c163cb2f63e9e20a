"""Ranks by other measures, as `--centralities` prints them and `explain` tells them: one builder, and a table of 80 columns."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from rich.table import Table

from graph.run import CENTRALITY_COLUMNS, RankingRun
from prescribers.explanation_words import WORDS, Lang, number, percent
from prescribers.fitted_table import fitted_table
from prescribers.moments import rfc3339
from prescribers.ranking_table import ranks, who

FIELDS = tuple(name for name in CENTRALITY_COLUMNS if name not in ("actor_id", "rank"))
HEADERS = ("rank", "who", "score", "PageR.", "temp.", "foll.", "circles", "pairs", "share")
LEGEND = (
    "PageR., temp., foll.: the ranks by PageRank, temporal PageRank and followers; never counted. circles: how many it joins; "
    "pairs, share: people with whom it exchanged, of different circles, who exchanged nothing with one another. ?: not known; of "
    "circles, beyond rank 80 and where none stand out clearly."
)

Row = dict[str, Any]


def centralities_of(row: Mapping[str, Any] | None) -> Row | None:
    """Of one actor: `as_of`, the run that told them, and every measure; None where none is told yet."""
    if row is None:
        return None
    return {"as_of": rfc3339(row["window_end"]), "rank_then": row["rank"], **{name: row[name] for name in FIELDS}}


def centralities_of_run(run: RankingRun) -> dict[str, Row]:
    """By actor, as the warehouse gives them."""
    rows = (dict(zip(run.centralities, values, strict=True)) for values in zip(*run.centralities.values(), strict=True))
    return {row["actor_id"]: row | {"window_end": run.window_end} for row in rows}


def centralities_table(rows: Sequence[Mapping[str, Any]], first: int | None = None, *, title: str = "") -> Table:
    """As `ranking_table`, of rows that have a field `centralities`; ? where nothing is told."""
    cells = [_cells(row, rank) for row, rank in zip(rows, ranks(rows, first), strict=False)]
    return fitted_table(HEADERS, cells, name=HEADERS.index("who"), title=title)


def centrality_sentences(centralities: Mapping[str, Any], lang: Lang) -> Iterator[str]:
    """What `centralities_of` gives, in words."""
    words, names = WORDS[lang], ("pagerank_rank", "temporal_pagerank_rank", "rank_then")
    yield words["beside_ranks"].format(**{name: number(centralities[name], lang) for name in names})
    if centralities["circles_joined"] is None:
        return
    contacts = centralities["contacts"]
    people = words["person"] if contacts == 1 else words["persons"].format(count=number(contacts, lang))
    said = words["joins" if centralities["circles_joined"] > 1 else "joins_none"]
    share = percent(centralities["brokerage"], lang)
    yield said.format(circles=centralities["circles_joined"], people=people, percent=share)


def _cells(row: Mapping[str, Any], rank: str) -> list[str]:
    beside: Mapping[str, Any] = row["centralities"] or dict.fromkeys(FIELDS)
    others = [beside["pagerank_rank"], beside["temporal_pagerank_rank"], row["followers_rank"]]
    counts = [*others, beside["circles_joined"], beside["brokered_pairs"]]
    share = beside["brokerage"]
    told = ["?" if count is None else f"{count:,}" for count in counts]
    return [rank, who(row), f"{row['score']:.3f}", *told, "?" if share is None else f"{share:.2f}"]
