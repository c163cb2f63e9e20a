"""Where reading starts: what is durable, the log's beginning at first, and never a silent jump."""

import pytest
from faust.types import TP
from hypothesis import given
from hypothesis import strategies as st

from streams.halt import OutOfLogError
from streams.positions import decide_positions

T = TP("interactions", 2)


def decide(wanted: int | None, start: int, end: int) -> int:
    return decide_positions({T: wanted}, {T: start}, {T: end}, keeper="snapshot")[T]


@given(st.integers(0, 100), st.integers(0, 100), st.none() | st.integers(0, 300))
def test_a_position_inside_the_log_or_an_error(start: int, length: int, wanted: int | None) -> None:
    end = start + length
    if wanted is None:
        assert decide(wanted, start, end) == start
    elif start <= wanted <= end:
        assert decide(wanted, start, end) == wanted
    else:
        with pytest.raises(OutOfLogError):
            decide(wanted, start, end)


def test_expired_records_stop_it_with_their_number() -> None:
    with pytest.raises(OutOfLogError, match=r"interactions\[2\].*offset 10.*starts at 15: 5 offsets expired"):
        decide(10, 15, 20)


def test_a_truncated_log_stops_it() -> None:
    with pytest.raises(OutOfLogError, match=r"interactions\[2\].*offset 30.*ends at 20"):
        decide(30, 15, 20)
