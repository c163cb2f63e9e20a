"""One ranking run of one theme: the window at a boundary, source by source, merged."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from graph.apart import apart_columns
from graph.backtest import Backtests
from graph.boundaries import BEGINNING
from graph.centralities.beside import centrality_columns, empty_centralities
from graph.circles import Circles
from graph.covering import covering_columns, empty_covering
from graph.evidence import evidence_columns, evidence_of
from graph.growing import grown
from graph.keys import digest_hex
from graph.kinds import preset_weights
from graph.ranking import SourceRanking, merge, officials, percentiles, rankable, row_columns
from graph.receipts.ledger import Ledger, ledger_of
from graph.receipts.periods import period_of
from graph.receipts.receipt import Published, empty_receipts, receipts_of
from graph.received import received_of
from graph.roles import roles_of
from graph.run import EVIDENCE_RANKS, RankingRun
from graph.score import Score, score_of
from graph.score_version import ScoreVersion
from graph.sealing import open_sealed, sealed_lists
from graph.stretches import stretches
from graph.theme_graph import ThemeGraph
from graph.theme_settings import ThemeSettings
from graph.trust import SeedChoice, Seeds, TrustChain, choose_seeds
from graph.window import Window, window_at


@dataclass(frozen=True, slots=True)
class Seen:
    """How far the log was read when a run was made: the watermark (ms), and the last offset of each `mentions` partition."""

    watermark: int
    origins: dict[int, int]


@dataclass(slots=True)
class Ranker:
    """The part of a theme that ranks: its chain of trust, and what evidence was published last."""

    settings: ThemeSettings
    chain: TrustChain
    published: NDArray[np.uint64]
    """Fingerprint of the evidence last published of each actor, by its number; 0 where none was."""
    backtests: Backtests = field(default_factory=Backtests)
    whole: bool = False
    """Give each run all of its evidence, and a receipt against the run before; else what changed, and one a period."""
    evidence_ranks: int = EVIDENCE_RANKS
    """Evidence is published of the ranks up to this one."""
    circles: Circles = field(default_factory=Circles)
    ledger: Ledger | None = None
    """The run that the next receipts compare with."""
    shadow: bool = False
    """Whether it ranks beside the theme's own score."""
    begun: int = BEGINNING
    """The last boundary that was passed before it began, ms: one that began later has another past, and so other runs."""

    def epoch_of(self, end_ms: int) -> int:
        """Trust moves one handshake an epoch, half a window long."""
        return end_ms // (self.settings.window_ms // 2)

    def forget(self, rows: int) -> None:
        """The log has dropped its oldest rows."""
        if self.ledger is not None:
            self.ledger.forget(rows)

    def run(self, graph: ThemeGraph, end_ms: int, seen: Seen, *, wanted: bool = True) -> RankingRun | None:
        """Rank at a boundary; where it is not `wanted`, only trust, backtests and circles move on, if an epoch begins."""
        epoch_begins = self.epoch_of(end_ms) > self.chain.epoch
        actors = graph.actors
        known = int(actors.known().sum())
        renew = epoch_begins or self.circles.outgrown(known)
        if not (wanted or renew):
            return None
        window = window_at(graph.log, actors, end_ms, self.settings.horizon_ms)
        ids = list(map(actors.ids.__getitem__, window.numbers.tolist()))
        names = actors.source_names
        if epoch_begins:
            listable, codes = actors.profiles.listable(window.numbers), {name: code for code, name in enumerate(names)}
            open_sealed(self.backtests, window, listable, codes, self.settings)
        seeds = {code: self._seeds(window, ids, names[code], code) for code in _codes(window, names)}
        inside = window.age < self.settings.window_ms
        present, earlier = window.part(inside), window.part(~inside)
        scores = {code: self._score(present, earlier, names[code], code, chosen) for code, chosen in seeds.items()}
        if renew:
            self.circles.renew(window.numbers, [score.pairs for score in scores.values()], known)
        parts = [self._source_ranking(names[code], code, score, seeds[code], window, graph) for code, score in scores.items()]
        if epoch_begins:
            for code, part in zip(scores, parts, strict=True):
                lists = sealed_lists(part.score, present, code, part.actors, ids, self.settings)
                self.backtests.sealed[part.source] = lists
            self._grow(window, names, seeds)
        if not wanted:
            return None
        count = sum(int(chosen.chosen.sum()) for chosen in seeds.values())
        return self._rank(graph, present, ids, parts, count, seen, renewed=renew)

    def _source_ranking(
        self, name: str, code: int, score: Score, seeds: Seeds, window: Window, graph: ThemeGraph
    ) -> SourceRanking:
        settings, profiles = self.settings, graph.actors.profiles
        circles = self.circles.of(window.numbers)
        received, of_source, settled = received_of(score), window.of_source(code), not seeds.cold_start
        return SourceRanking(
            source=name,
            code=code,
            score=score,
            received=received,
            actors=rankable(received, window, profiles, code),
            cold_start=seeds.cold_start,
            spread=self.backtests.spread(name, settings.parameters),
            roles=roles_of(
                score, received, of_source, circles, parted=self.circles.parted, settled=settled, window_ms=settings.window_ms
            ),
            circles=circles,
            official=officials(score, received, window, profiles, code),
        )

    def _seeds(self, window: Window, ids: list[str], source: str, code: int) -> Seeds:
        of_source = window.source == code
        picked, size = frozenset(self.settings.seeds), len(ids)
        return choose_seeds(
            window.of_source(code),
            SeedChoice(
                window_ms=self.settings.window_ms,
                half_life_ms=self.settings.half_life_ms,
                weights=preset_weights(self.settings.preset),
                ids=ids,
                chained=self.chain.holds(window.numbers) & of_source,
                elapsed=self.chain.elapsed.get(source, 0),
                picked=of_source & (np.fromiter(map(picked.__contains__, ids), dtype=np.bool_, count=size) if picked else False),
                parameters=self.settings.parameters,
            ),
        )

    def _grow(self, window: Window, names: list[str], seeds: dict[int, Seeds]) -> None:
        self.chain.epoch = self.epoch_of(window.end_ms)
        for code, chosen in seeds.items():
            if chosen.settled:
                self.chain.grow(names[code], window.numbers[chosen.chosen])

    def _score(self, present: Window, earlier: Window, source: str, code: int, seeds: Seeds) -> Score:
        settings = self.settings
        return score_of(
            present.of_source(code),
            earlier.of_source(code),
            seeds,
            self.backtests.choice(source, settings.parameters, plain=source in settings.plain),
            preset_weights(settings.preset),
            window_ms=settings.window_ms,
            half_life_ms=settings.half_life_ms,
            parameters=settings.parameters,
        )

    def _rank(
        self,
        graph: ThemeGraph,
        present: Window,
        ids: list[str],
        parts: list[SourceRanking],
        seeds: int,
        seen: Seen,
        *,
        renewed: bool,
    ) -> RankingRun:
        actors, settings, end_ms = graph.actors, self.settings, present.end_ms
        score = ScoreVersion(settings.preset, settings.parameters)
        version, config_hash = score.name, settings.config_hash
        begun = "" if self.begun == BEGINNING else f"\0{self.begun}"
        choices = {part.source: part.score.choice for part in parts}
        shares = percentiles(parts)
        places = merge(parts, shares, ids)
        rows = row_columns(parts, places, ids, present.numbers, actors.profiles)
        told = self.whole or (self.ledger is not None and (renewed or self._begins(end_ms)))
        return RankingRun(
            theme=settings.name,
            run_id=digest_hex(f"{settings.name}\0{version}\0{config_hash}\0{end_ms}{begun}".encode(), size=8),
            window_end=end_ms,
            score_version=version,
            config_hash=config_hash,
            watermark=seen.watermark,
            window_ms=settings.window_ms,
            half_life_ms=settings.half_life_ms,
            step_ms=settings.step_ms,
            preset=settings.preset,
            score_name=score.words,
            shadow=self.shadow,
            cold_start=any(part.cold_start for part in parts),
            seeds=seeds,
            conversion_mean=parts[0].score.conversion.mean if len(parts) == 1 else 0.0,
            origins={str(partition): seen.origins[partition] for partition in sorted(seen.origins)},
            coverage=_coverage(present, actors.source_names),
            half_lives={name: round(choice.multiple * settings.half_life_ms) for name, choice in choices.items()},
            plain_sources=[name for name, choice in choices.items() if choice.plain],
            backtests={name: choice.elapsed for name, choice in choices.items()},
            rows=rows,
            apart=apart_columns(parts, ids, present.numbers, actors.profiles),
            evidence=self._evidence(parts, places.upto(self.evidence_ranks), present, ids, graph),
            centralities=centrality_columns(parts, present, ids, rows, self.circles) if told else empty_centralities(),
            covering=covering_columns(parts, ids, rows) if told else empty_covering(),
            receipts=self._receipts(Published(parts, shares, present), graph),
        )

    def _begins(self, end_ms: int) -> bool:
        """Whether a period begins with this run."""
        return self.ledger is None or period_of(end_ms, self.settings) > period_of(self.ledger.end_ms, self.settings)

    def _receipts(self, run: Published, graph: ThemeGraph) -> dict[str, list[Any]]:
        """Where a period begins, what changed since the last one did."""
        if not (self.whole or self._begins(run.present.end_ms)):
            return empty_receipts()
        found = receipts_of(self.ledger, run, graph.log, graph.actors, self.settings) if self.ledger else empty_receipts()
        self.ledger = ledger_of(run.parts, run.percentiles, run.present, graph.log.first)
        return found

    def _evidence(
        self, parts: list[SourceRanking], covered: NDArray[np.int64], present: Window, ids: list[str], graph: ThemeGraph
    ) -> dict[str, list[Any]]:
        """Of the `covered` whose evidence is another than was published last; all others are forgotten, and told anew later."""
        log, actors = graph.log, graph.actors
        evidence = evidence_of(parts, covered, ids, log.keys)
        actor, prints = evidence.prints(log, actors)
        numbers = present.numbers[actor]
        before = grown(self.published, len(actors))
        changed = actor[(before[numbers] != prints) | self.whole]
        self.published = np.zeros(len(actors), dtype=np.uint64)
        self.published[numbers] = prints
        return evidence_columns(evidence.of(changed), ids, log, actors)


def _codes(window: Window, names: list[str]) -> list[int]:
    """Codes of the sources in a window, by name: their order must not depend on arrival."""
    return sorted(set(window.source.tolist()), key=lambda code: names[code])


def _coverage(present: Window, names: list[str]) -> dict[str, int]:
    counts = np.zeros(len(names), dtype=np.int64)
    for part in stretches(present.src.size):
        counts += np.bincount(present.source[present.src[part][present.primary[part]]], minlength=len(names))
    return {name: int(counts[code]) for name, code in sorted((n, c) for c, n in enumerate(names)) if counts[code]}
