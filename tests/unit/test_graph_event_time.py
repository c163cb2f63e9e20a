"""Event time on the wire: RFC 3339 or integer milliseconds."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.event_time import LATEST_MS, event_ms


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1970-01-01T00:00:00Z", 0),
        ("2026-01-01T00:00:00Z", 1_767_225_600_000),
        ("2026-01-01t00:00:00z", 1_767_225_600_000),
        ("2026-01-01 00:00:00Z", 1_767_225_600_000),
        ("2026-01-01T01:00:00+01:00", 1_767_225_600_000),
        ("2025-12-31T18:30:00-05:30", 1_767_225_600_000),
        ("2026-01-01T00:00:00.5Z", 1_767_225_600_500),
        ("2026-01-01T00:00:00.123999999Z", 1_767_225_600_123),
        ("9999-12-31T23:59:59.999Z", LATEST_MS),
    ],
)
def test_rfc_3339_is_read(text: str, expected: int) -> None:
    assert event_ms(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "yesterday",
        "2026-01-01",
        "20260101T000000Z",
        "20260101T000000+0000",
        "2026-01-01T00:00:00",
        "2026-01-01X00:00:00Z",
        "2026-13-01T00:00:00Z",
        "2026-02-30T00:00:00Z",
        "2026-01-01T25:00:00Z",
        "2026-01-01T00:00:00+25:00",
        "1969-12-31T23:59:59.999Z",
        "0001-01-01T00:00:00+23:59",
        "9999-12-31T23:59:59-23:59",
        "2026-01-01T00:00:00Z\n",
        "1767225600000",
    ],
)
def test_what_is_no_rfc_3339_time_of_its_range_is_no_time(text: str) -> None:
    assert event_ms(text) is None


@pytest.mark.parametrize(
    ("value", "expected"), [(0, 0), (LATEST_MS, LATEST_MS), (-1, None), (LATEST_MS + 1, None), (10**30, None)]
)
def test_milliseconds_are_taken_in_the_same_range(value: int, expected: int | None) -> None:
    assert event_ms(value) == expected


@given(
    moment=st.datetimes(min_value=datetime(1970, 1, 2), max_value=datetime(9999, 12, 30)),  # noqa: DTZ001 - zoned below
    minutes=st.integers(-23 * 60, 23 * 60),
)
def test_any_zoned_time_is_its_utc_millisecond(moment: datetime, minutes: int) -> None:
    zoned = moment.replace(tzinfo=timezone(timedelta(minutes=minutes)))
    elapsed = zoned - datetime(1970, 1, 1, tzinfo=UTC)
    assert event_ms(zoned.isoformat()) == elapsed // timedelta(milliseconds=1)
