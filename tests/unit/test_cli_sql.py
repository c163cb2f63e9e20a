"""`prescribers sql`: values for people and for programs, and columns that are never cut."""

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from uuid import UUID

import orjson
import pytest

from prescribers.commands.sql import lines
from prescribers.main import run
from prescribers.sql_values import plain_json, shown

MOMENT = datetime(2025, 11, 1, 12, 30, 1, 250_000, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        (1 / 3, "0.333333"),
        (2**64 - 1, "18446744073709551615"),
        (MOMENT, "2025-11-01 12:30:01.250"),
        (MOMENT.replace(microsecond=0), "2025-11-01 12:30:01"),
        (date(2025, 11, 1), "2025-11-01"),
        ("a\x1b[2J\nb", "a[2J b"),
        (b"\xff!", "\\xff!"),
        (["a", 1], "['a', 1]"),
    ],
)
def test_a_value_is_shown_on_one_line(value: object, text: str) -> None:
    assert shown(value) == text


@pytest.mark.parametrize(
    ("value", "plain"),
    [
        (MOMENT, "2025-11-01T12:30:01.250Z"),
        (MOMENT.replace(tzinfo=None, microsecond=0), "2025-11-01T12:30:01Z"),
        (MOMENT.astimezone(timezone(timedelta(hours=2))), "2025-11-01T12:30:01.250Z"),
        (date(2025, 11, 1), "2025-11-01"),
        ({1: (MOMENT, None)}, {"1": ["2025-11-01T12:30:01.250Z", None]}),
        (Decimal("1.50"), "1.50"),
        (UUID(int=1), "00000000-0000-0000-0000-000000000001"),
        (b"\xff!", "\\xff!"),
        (True, True),
        (0.1 + 0.2, 0.1 + 0.2),
    ],
)
def test_a_value_is_json_without_loss(value: object, plain: object) -> None:
    assert plain_json(value) == plain
    orjson.dumps(plain_json(value))


def test_numbers_stand_to_the_right_and_nothing_is_cut() -> None:
    rows = [(1, "Ada", None), (1234, "a name longer than its header", 0.5)]
    assert list(lines(["rank", "name", "share"], rows)) == [
        "rank  name                           share",
        "   1  Ada",
        "1234  a name longer than its header    0.5",
    ]
    assert list(lines(["rank"], [])) == ["rank"]


def test_without_a_statement_nothing_is_asked(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["sql", " ; "]) == 2
    assert "no statement. Example: prescribers sql" in capsys.readouterr().err
