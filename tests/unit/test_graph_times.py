"""Times by row, in four bytes where they fit."""

import numpy as np
import pytest

from graph.theme_settings import DAY_MS
from graph.times import Times

NOW = 1_760_000_000_000


def _filled(*times: int) -> Times:
    column = Times()
    column.put(0, np.array(times, dtype=np.int64))
    return column


def test_times_come_back_as_they_were() -> None:
    times = _filled(NOW, NOW + 5, NOW + 40 * DAY_MS)
    assert times.at(slice(0, 3)).tolist() == [NOW, NOW + 5, NOW + 40 * DAY_MS]
    assert times.at(np.array([2, 0])).tolist() == [NOW + 40 * DAY_MS, NOW]


def test_a_later_base_changes_no_time_after_it_and_lifts_those_before() -> None:
    times = _filled(NOW, NOW + 2 * DAY_MS)
    times.rebase(NOW + DAY_MS)
    assert times.at(slice(0, 2)).tolist() == [NOW + DAY_MS, NOW + 2 * DAY_MS]
    times.rebase(NOW)
    assert times.base_ms == NOW + DAY_MS, "a base never goes back"


def test_what_does_not_fit_in_four_bytes_widens_the_column() -> None:
    times = _filled(NOW)
    times.put(1, np.array([NOW + 400 * DAY_MS]))
    times.rebase(NOW + DAY_MS)
    assert times.at(slice(0, 2)).tolist() == [NOW + DAY_MS, NOW + 400 * DAY_MS]


def test_a_base_may_be_set_before_the_first_row() -> None:
    times = Times()
    times.rebase(NOW)
    times.put(0, np.array([NOW - 1, NOW + 1]))
    assert times.at(slice(0, 2)).tolist() == [NOW, NOW + 1]


def test_rows_that_are_not_kept_are_gone() -> None:
    times = _filled(NOW, NOW + 1, NOW + 2)
    times.keep(slice(1, 3))
    assert times.at(slice(0, 2)).tolist() == [NOW + 1, NOW + 2]


@pytest.mark.parametrize("span", [20 * DAY_MS, 400 * DAY_MS])
def test_rows_inside_a_stretch_of_time_and_their_ages_are_those_of_plain_numbers(span: int) -> None:
    """Whatever the width of the column, and of what is asked for."""
    said = [NOW, NOW + span, NOW + DAY_MS, NOW + 3 * DAY_MS]
    times = _filled(*said)
    everything, end = slice(0, 4), NOW + 2 * DAY_MS
    for after in (NOW - 900 * DAY_MS, NOW - 1, NOW, NOW + DAY_MS):
        inside = times.within(everything, after, end)
        assert inside.tolist() == [after < time <= end for time in said]
        rows = np.flatnonzero(inside).astype(np.int32)
        ages = times.ages(rows, end, end - after)
        assert ages.tolist() == [end - said[row] for row in rows.tolist()]
        assert ages.itemsize == (4 if end - after < 49 * DAY_MS else 8)


@pytest.mark.parametrize("base", [NOW - DAY_MS, NOW])
def test_the_first_time_after_one_is_that_of_plain_numbers(base: int) -> None:
    """Beyond one stretch, and where the time asked for lies before the base."""
    said = [NOW + (k * 7919) % 50_000 for k in range(40_000)]
    times = Times()
    times.rebase(base)
    times.put(0, np.array(said, dtype=np.int64))
    for after in (NOW - 2 * DAY_MS, NOW - 1, NOW, NOW + 33_333, NOW + 49_998):
        assert times.first_after(slice(0, 40_000), after) == min(time for time in said if time > after)
        assert times.first_after(slice(9, 20), after) == min((time for time in said[9:20] if time > after), default=None)
    assert times.first_after(slice(0, 40_000), max(said)) is None
    assert times.first_after(slice(0, 0), NOW) is None
