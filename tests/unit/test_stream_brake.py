"""The brake: bad feeds stop, scattered bad lines do not, and other people's subjects never count."""

import pytest

from streams.brake import Brake, BrakeError, BrakeLimits


def brake(**limits: float) -> Brake:
    return Brake("mentions[0]", BrakeLimits(**limits))  # type: ignore[arg-type]


def test_a_hundred_in_a_row_stop_it_and_ninety_nine_do_not() -> None:
    b = brake()
    for _ in range(99):
        b.refused("not_json")
    with pytest.raises(BrakeError, match=r"mentions\[0\]: 100 dead letters in a row, the last for bad_time"):
        b.refused("bad_time")


def test_a_good_record_ends_the_row() -> None:
    b = brake(in_row=3, share=0)
    for _ in range(10):
        b.refused("empty")
        b.refused("empty")
        b.accepted()


def test_more_than_the_share_of_the_last_records_stops_it() -> None:
    b = brake(share=0.01, window=1000, in_row=0)
    for _ in range(10):
        b.refused("empty")
        for _ in range(50):
            b.accepted()
    with pytest.raises(BrakeError, match="11 dead letters among the last 1000 records"):
        b.refused("empty")


def test_the_share_forgets_what_left_the_window() -> None:
    b = brake(share=0.01, window=100, in_row=0)
    for _ in range(50):
        b.refused("empty")
        for _ in range(100):
            b.accepted()


def test_a_short_file_of_bad_lines_does_not_trip_it() -> None:
    b = brake()
    for _ in range(20):
        b.refused("not_json")
        b.accepted()


def test_events_of_no_theme_are_not_counted() -> None:
    b = brake(in_row=1)
    for _ in range(500):
        b.refused("no_theme")


def test_zero_switches_a_limit_off() -> None:
    b = brake(in_row=0, share=0)
    for _ in range(20_000):
        b.refused("not_json")
