"""A ranking run: one ranking of one theme at one step boundary, as columns."""

from dataclasses import dataclass
from typing import Any

ROW_COLUMNS = (
    "rank",  # 1-based position; equal for actors the data cannot separate
    "rank_low",  # best position the data allow
    "rank_high",  # worst position the data allow
    "actor_id",
    "actor_name",
    "source",
    "score",  # reach * cbrt(lift): the headline
    "reach",  # (trusted + open) * regularity
    "conversion",  # responders per own message, shrunk
    "trusted",  # recency-weighted responders whose word is credible
    "open",  # recency-weighted responders not yet credible, under the quorum
    "regularity",  # in how many twelfths of the window it wrote and was answered, in (0, 1]
    "lift",  # share of reach that comes from people met of late, over the theme's
    "solicited_share",  # share of responses from people it had addressed first
    "responders",  # distinct people who responded in the window
    "messages",  # own messages in the window
    "role",
    "tier",
    "circle",
    "cold_start",
    "followers",  # shown, never an input; null when unknown
    "followers_rank",  # position by followers among the ranked; null when unknown
)
EVIDENCE_COLUMNS = (
    "actor_id",
    "position",  # 1..5, newest first
    "event_key",
    "object_id",  # the message of the responder
    "url",
    "responder_id",
    "responder_name",
    "kind",
    "occurred_at",  # ms
)
EVIDENCE_RANKS = 10_000
"""Evidence is published of the ranks up to this one, with all who share it."""
RECEIPT_COLUMNS = (
    "actor_id",
    "since",  # ms; the window_end of the run compared with
    "position",  # of the cause, in the order in which the parts were taken
    "cause",  # of graph.receipts.causes
    "points",  # what it adds to the score, a multiple of 2^-30
    "places",  # how many places it lifts the actor
    "people",  # responders concerned, negative where they were lost
    "score_before",  # to the nearest multiple of 2^-30; 0 where not ranked
    "score_after",
    "rank_before",  # one behind the last where not ranked
    "rank_after",
)


APART_COLUMNS = (
    "position",  # among the staff and brands of the theme, best first
    "place",  # where it would stand in the ranking
    "actor_id",
    "actor_name",
    "source",
    "role",  # staff or brand
    "score",
    "reach",
    "responders",
    "messages",
)


CENTRALITY_COLUMNS = (
    "actor_id",
    "rank",  # in this run, by the score
    "pagerank",  # share of the PageRank of its source
    "pagerank_rank",  # among the ranked
    "temporal_pagerank",  # share of the temporal PageRank of its source
    "temporal_pagerank_rank",
    "contacts",  # people of some circle with whom it exchanged; null beyond the first ranks, and where circles are not told apart
    "circles_joined",  # circles with two or more of them
    "brokered_pairs",  # pairs of contacts in different circles who exchanged nothing with one another
    "brokerage",  # share of these in all pairs of contacts
    "brokerage_rank",  # by brokered_pairs, among those of whom they are told
)


COVERING_COLUMNS = (
    "voices",  # whose responses count: all, or only credible ones
    "position",  # on the shortest covering list, from 1
    "actor_id",
    "rank",  # in this run
    "new_responders",  # people who responded to it and to nobody before it on the list
    "new_credible",  # those of them who are credible
    "reached",  # people who responded to anybody up to it
    "everybody",  # people who responded to anybody ranked
    "share",  # reached over everybody
    "at_most",  # people that no list of as many actors exceeds
    "fewest",  # no list of fewer actors reaches as many people
)


@dataclass(frozen=True, slots=True, kw_only=True)
class RankingRun:
    """One run. `rows` and the other tables hold plain Python lists of equal length by column name."""

    theme: str
    run_id: str
    window_end: int
    score_version: str
    config_hash: str
    watermark: int
    window_ms: int
    half_life_ms: int
    step_ms: int
    preset: str
    score_name: str
    """The score version in words: the preset, and the parameters in which it differs."""
    shadow: bool
    """Ranked beside the theme's own score, and never shown in its place."""
    cold_start: bool
    seeds: int
    conversion_mean: float
    origins: dict[str, int]
    coverage: dict[str, int]
    half_lives: dict[str, int]
    """By source: the half-life in use, ms, chosen by backtest."""
    plain_sources: list[str]
    """Sources where trust cost too much, so that every responder counts alike."""
    backtests: dict[str, int]
    """By source: how many elapsed backtests chose."""
    rows: dict[str, list[Any]]
    evidence: dict[str, list[Any]]
    apart: dict[str, list[Any]]
    """Staff and brands, who are never on the list."""
    receipts: dict[str, list[Any]]
    """What changed since an earlier run, where the two were compared."""
    centralities: dict[str, list[Any]]
    """Ranks by other measures, where they were computed; else those of an earlier run stand."""
    covering: dict[str, list[Any]]
    """The shortest covering list; the same."""

    def ranked(self) -> list[dict[str, Any]]:
        """One dict per ranked actor, best first, with the run's own fields: the shape of `top --json` and `replay --json`."""
        run = {"theme": self.theme, "window_end": self.window_end, "score_version": self.score_version, "run_id": self.run_id}
        return [run | dict(zip(self.rows, values, strict=True)) for values in zip(*self.rows.values(), strict=True)]
