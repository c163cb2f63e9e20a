import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.feed_pace import CHUNK_LINES, LagGate, Pace, Timing


class FakeTime:
    """A clock that only sleeping moves."""

    def __init__(self) -> None:
        self.now = 100.0
        self.timing = Timing(clock=lambda: self.now, sleep=self.sleep)

    def sleep(self, seconds: float) -> None:
        self.now += seconds


@given(st.floats(0.5, 50_000), st.integers(1, 2000))
def test_a_rate_holds_on_average(rate: float, lines: int) -> None:
    time = FakeTime()
    pace = Pace(rate, time.timing)
    left = lines
    while left:
        chunk = min(left, pace.chunk)
        left -= chunk
        pace.wait(chunk)
    assert time.now - 100 == pytest.approx(lines / rate, rel=1e-6)


def test_without_a_rate_nothing_waits() -> None:
    time = FakeTime()
    pace = Pace(None, time.timing)
    pace.wait(10**9)
    assert (time.now, pace.chunk) == (100.0, CHUNK_LINES)


def test_a_rate_below_a_line_a_chunk_sends_line_by_line() -> None:
    assert Pace(2, FakeTime().timing).chunk == 1


@pytest.mark.parametrize("rate", [0, -1])
def test_a_rate_that_is_none_is_refused(rate: float) -> None:
    with pytest.raises(ValueError, match="above 0"):
        Pace(rate, FakeTime().timing)


@given(st.integers(1, 3000), st.lists(st.integers(1, 700), max_size=60), st.integers(1, 400))
def test_the_pipeline_is_never_further_behind_than_the_limit_and_one_chunk(limit: int, chunks: list[int], drained: int) -> None:
    behind = 0

    def sleep(_seconds: float) -> None:
        nonlocal behind
        behind = max(0, behind - drained)

    gate = LagGate(limit, lag=lambda: behind, in_flight=lambda: 0, timing=Timing(clock=lambda: 0.0, sleep=sleep))
    for chunk in chunks:
        gate.admit([b""] * chunk)
        behind += chunk
        assert behind <= max(limit, chunk)


def test_a_pipeline_that_keeps_up_is_seldom_asked() -> None:
    asked = 0

    def lag() -> int:
        nonlocal asked
        asked += 1
        return 0

    gate = LagGate(10_000, lag=lag, in_flight=lambda: 0, timing=FakeTime().timing)
    for _ in range(100):
        gate.admit([b""] * 500)
    assert asked == 5


def test_bytes_are_bounded_where_the_log_is_short() -> None:
    unread: list[int] = []
    most = 0

    def sleep(_seconds: float) -> None:
        unread.pop(0)

    timing = Timing(clock=lambda: 0.0, sleep=sleep)
    gate = LagGate(10**9, lag=lambda: len(unread), in_flight=lambda: 0, timing=timing, limit_bytes=50_000)
    chance = random.Random(1)
    for _ in range(200):
        line = chance.randbytes(chance.randrange(1, 30_000))
        gate.admit([line])
        unread.append(len(line))
        most = max(most, sum(unread))
    assert 30_000 < most <= 50_000


def test_a_line_above_every_limit_passes_alone() -> None:
    unread = [1]
    timing = Timing(clock=lambda: 0.0, sleep=lambda _seconds: unread.clear())
    gate = LagGate(1, lag=lambda: len(unread), in_flight=lambda: 0, timing=timing, limit_bytes=1)
    gate.admit([b"x" * 1000] * 10)
    assert unread == []


def test_what_is_in_flight_counts_as_lag() -> None:
    flight = [900, 900, 0]
    time = FakeTime()
    LagGate(1000, lag=lambda: 0, in_flight=lambda: flight.pop(0), timing=time.timing).admit([b""] * 500)
    assert time.now == 101.0
    assert flight == []


def test_a_limit_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="below 1"):
        LagGate(0, lag=lambda: 0, in_flight=lambda: 0, timing=FakeTime().timing)
