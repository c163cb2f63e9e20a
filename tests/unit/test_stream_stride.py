"""The stride of `rank`: the loop lives, whatever an act costs."""

from collections.abc import Iterator

from streams.stride import FEWEST, MOST, PATIENCE_S, Stride


def _clock(steps: list[float]) -> Iterator[float]:
    now = 0.0
    for step in steps:
        yield now
        now += step
        yield now


def _after(steps: list[float], *, taken: int | None = None) -> int:
    times = _clock(steps)
    stride = Stride(lambda: next(times))
    for _ in steps:
        with stride.of(stride.size if taken is None else taken):
            pass
    return stride.size


def test_it_grows_while_calls_are_short_and_stops_at_a_bound() -> None:
    assert _after([0.001]) == 2 * Stride().size
    assert _after([0.001] * 50) == MOST


def test_it_shrinks_while_calls_are_long_and_stops_at_a_bound() -> None:
    assert _after([PATIENCE_S * 2]) == Stride().size // 2
    assert _after([PATIENCE_S * 2] * 50) == FEWEST


def test_a_call_that_was_not_full_teaches_nothing() -> None:
    assert _after([0.001] * 5, taken=3) == Stride().size


def test_it_stops_at_the_first_record_that_fills_it_and_passes_at_least_one() -> None:
    stride = Stride()
    assert stride.reach([stride.size - 1, 1, 1], 0) == 2
    assert stride.reach([stride.size * 3, 1], 0) == 1
    assert stride.reach([1, 1, 1], 1) == 3
