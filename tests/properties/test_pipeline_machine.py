"""The pipeline under everything at once: whatever crashes, fails, moves or comes twice, the end is the batch recomputation."""

import asyncio
import json
import uuid
from typing import Any

import pytest
from faust.types import TP
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from graph.theme_settings import HOUR_MS, MINUTE_MS
from streams.delivery import Delivery
from streams.normalise_app import Normalise
from streams.snapshot_store import SUFFIX, VOLUME_SUFFIX
from streams.url_place import UrlPlace
from tests.properties.conversations import START
from tests.properties.pipeline_world import (
    INTERACTIONS,
    MENTIONS,
    RANKINGS,
    AwayError,
    Broker,
    Content,
    buried,
    damage,
    event_of,
    new_normalise,
    new_rank,
    recomputed,
)

KINDS = ("post", "reply", "reply", "mention", "quote", "reaction", "edit", "delete", "vouch")
GAPS = st.sampled_from((0, 0, 1, 5, 25, 55, 90, -5, -200, 400, 760))
SOME = st.integers(1, 6)
PART = st.integers(0, 1)
BURST = st.lists(
    st.tuples(st.integers(0, 5), st.integers(0, 5), st.sampled_from(KINDS), GAPS, st.integers(0, 6)), min_size=1, max_size=8
)


class Pipeline(RuleBasedStateMachine):
    """Two partitions of everything, one `normalise`, two owners of `rank`, of whom one may be a zombie."""

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.broker = Broker()
        self.warehouse = Content()
        self.place = UrlPlace(f"memory://{uuid.uuid4().hex}")
        self.produced: list[tuple[int, bytes]] = []
        self.events = 0
        self.now = START

    @initialize()
    def begin(self) -> None:
        self.normalise = self._new_normalise()
        self.ranks = [new_rank(self.broker, self.place), new_rank(self.broker, self.place)]
        self.at: dict[tuple[int, TP], int] = {}
        self.owner = dict.fromkeys(INTERACTIONS, 0)
        for tp in INTERACTIONS:
            self._take_over(0, tp)

    @rule(burst=BURST, theme=st.sampled_from(("t", "u", "v", "tu")), partition=PART)
    def produce(self, burst: list[tuple[int, int, str, int, int]], theme: str, partition: int) -> None:
        for who, whom, kind, gap, back in burst:
            at = self.now + gap * MINUTE_MS
            self.now = max(self.now, at)
            self._produce(partition, json.dumps(self._event(who, whom, kind, at, back, theme)).encode())

    @rule(which=st.integers(0, 50))
    def produce_again(self, which: int) -> None:
        if self.produced:
            self._produce(*self.produced[which % len(self.produced)])

    @rule(partition=PART, value=st.sampled_from((b"", b"{broken", b'{"schema":"mention.v1"}', b"\xff")))
    def produce_rubbish(self, partition: int, value: bytes) -> None:
        self._produce(partition, value)

    @rule(partition=PART)
    def produce_from_the_future(self, partition: int) -> None:
        self._produce(partition, json.dumps(self._event(0, 1, "reply", self.now + HOUR_MS, 0, "t")).encode(), ahead=False)

    @rule(minutes=st.integers(1, 90))
    def time_passes(self, minutes: int) -> None:
        self.now += minutes * MINUTE_MS
        self._do(self.normalise.beat())

    @rule(partition=PART, count=SOME, commits=st.booleans())
    def normalise_some(self, partition: int, count: int, *, commits: bool) -> None:
        self._normalise(partition, count, commits=commits)

    @rule(partition=PART, count=SOME, arrive=st.integers(0, 8))
    def normalise_while_the_broker_fails(self, partition: int, count: int, arrive: int) -> None:
        self.normalise._out.fails_after = arrive  # type: ignore[attr-defined] # the fake's
        try:
            self._normalise(partition, count, commits=True)
        except AwayError:
            self.normalise = self._new_normalise()
        else:
            self.normalise._out.fails_after = None  # type: ignore[attr-defined] # the fake's

    @rule(partition=PART, count=st.integers(1, 30), who=PART)
    def rank_some(self, partition: int, count: int, who: int) -> None:
        """Whoever holds the partition: the owner, and a zombie that has not heard of its end."""
        self._rank(who, INTERACTIONS[partition], count)

    @rule(who=PART, commits=st.booleans())
    def rank_saves(self, who: int, *, commits: bool) -> None:
        durable = self._do(self.ranks[who].make_durable())
        if commits:
            self.broker.committed |= {("rank", tp): offset for tp, offset in durable.items() if self.owner[tp] == who}

    @rule(who=PART, arrive=st.integers(0, 3))
    def rank_fails_while_it_saves(self, who: int, arrive: int) -> None:
        self.ranks[who]._out.fails_after = arrive  # type: ignore[attr-defined] # the fake's
        try:
            self._do(self.ranks[who].make_durable())
        except AwayError:
            self._restart(who)
        else:
            self.ranks[who]._out.fails_after = None  # type: ignore[attr-defined] # the fake's

    @rule(who=PART)
    def rank_is_killed(self, who: int) -> None:
        self._restart(who)

    @rule(partition=PART, clean=st.booleans())
    def rebalance(self, partition: int, *, clean: bool) -> None:
        """The other one takes the partition over; where the old owner does not hear of it, it goes on as a zombie."""
        tp = INTERACTIONS[partition]
        old = self.owner[tp]
        if clean:
            self.broker.committed |= {
                ("rank", tp): at for tp, at in self._do(self.ranks[old].make_durable(frozenset({tp}))).items()
            }
            self._let_go(old, tp)
        self._let_go(1 - old, tp)
        self._take_over(1 - old, tp)

    @rule(partition=PART, suffix=st.sampled_from((SUFFIX, VOLUME_SUFFIX)), last=st.integers(1, 3), cut=st.integers(0, 60))
    def files_are_damaged_or_gone(self, partition: int, suffix: str, last: int, cut: int) -> None:
        damage(self.place, partition, suffix, last, cut)

    @rule(partition=PART, count=st.integers(1, 20), fails_after=st.integers(0, 20))
    def store_some(self, partition: int, count: int, fails_after: int) -> None:
        """The warehouse may take a part and fail: then the same comes again."""
        tp = RANKINGS[partition]
        start = self.broker.committed.get(("store", tp), 0)
        records = self.broker.logs[tp][start : start + count]
        self.warehouse.write(record.value or b"" for record in records[:fails_after])
        if fails_after >= len(records):
            self.broker.committed["store", tp] = start + len(records)

    @invariant()
    def no_commit_is_ahead_of_what_is_durable(self) -> None:
        for tp in INTERACTIONS:
            assert self.broker.committed.get(("rank", tp), 0) <= len(self.broker.logs[tp])

    def teardown(self) -> None:
        try:
            if hasattr(self, "ranks"):
                self._drain()
                assert self.warehouse.shown() == recomputed(self.broker).shown()
                fates = [sum(counts[:3]) for counts in self.warehouse.tallies.values()]
                assert sum(fates) + len(buried(self.broker)) == sum(len(self.broker.logs[tp]) for tp in MENTIONS)
        finally:
            self.runner.close()

    def _drain(self) -> None:
        for tp in MENTIONS:
            self._normalise(tp.partition, len(self.broker.logs[tp]), commits=True)
        for tp in INTERACTIONS:
            self._rank(self.owner[tp], tp, len(self.broker.logs[tp]))
        for who in (0, 1):
            self._do(self.ranks[who].make_durable(frozenset(tp for tp in INTERACTIONS if self.owner[tp] == who)))
        for tp in RANKINGS:
            self.warehouse.write(
                record.value or b"" for record in self.broker.logs[tp][self.broker.committed.get(("store", tp), 0) :]
            )

    def _event(self, who: int, whom: int, kind: str, at: int, back: int, theme: str) -> dict[str, object]:
        self.events += 1
        return event_of(self.events, (who, whom, kind, back), at, theme)

    def _produce(self, partition: int, value: bytes, *, ahead: bool = True) -> None:
        self.broker.now_ms = self.now
        self.broker.append(MENTIONS[partition], None, value)
        if ahead:
            self.produced.append((partition, value))

    def _normalise(self, partition: int, count: int, *, commits: bool) -> None:
        tp = MENTIONS[partition]
        start = self.broker.committed.get(("normalise", tp), 0)
        records = self.broker.logs[tp][start : start + count]
        if not records:
            return
        self._do(self.normalise.take_in(Delivery(tp, 1, 0, records)))
        if commits:
            self.broker.committed |= {("normalise", tp): at for tp, at in self._do(self.normalise.make_durable()).items()}
        else:
            self.normalise = self._new_normalise()

    def _rank(self, who: int, tp: TP, count: int) -> None:
        at = self.at.get((who, tp))
        if at is None:
            return
        records = self.broker.logs[tp][at : at + count]
        if records:
            self._do(self.ranks[who].take_in(Delivery(tp, 1, 0, records)))
            self.at[who, tp] = at + len(records)

    def _restart(self, who: int) -> None:
        self.ranks[who] = new_rank(self.broker, self.place)
        for tp in INTERACTIONS:
            self.at.pop((who, tp), None)
            if self.owner[tp] == who:
                self._take_over(who, tp)

    def _let_go(self, who: int, tp: TP) -> None:
        self.ranks[who].drop(frozenset({tp}))
        self.at.pop((who, tp), None)

    def _take_over(self, who: int, tp: TP) -> None:
        self.owner[tp] = who
        wanted = self._do(self.ranks[who].restore({tp: self.broker.committed.get(("rank", tp))}))
        self.at[who, tp] = wanted[tp] or 0

    def _new_normalise(self) -> Normalise:
        normalise = new_normalise(self.broker, lambda: self.now)
        self._do(normalise.restore({tp: self.broker.committed.get(("normalise", tp)) for tp in MENTIONS}))
        return normalise

    def _do(self, work: Any) -> Any:  # noqa: ANN401 - whatever the app gives back
        return self.runner.run(work)


@pytest.mark.usefixtures("small_volumes")
class TestPipeline(Pipeline.TestCase):  # type: ignore[misc,valid-type] # made by hypothesis
    """Run with volumes so small that the few rows of an example fill some."""


TestPipeline.settings = settings(
    max_examples=500,
    stateful_step_count=30,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
