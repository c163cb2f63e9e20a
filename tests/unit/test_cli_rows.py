"""Rows and what surrounds them: one builder, the contract's fields, tables of 80 columns, times and durations."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from graph.event_time import LATEST_MS, event_ms
from graph.run import EVIDENCE_COLUMNS, ROW_COLUMNS
from graph.theme_settings import HOUR_MS, ThemeSettings
from prescribers.awaited import awaited
from prescribers.durations import duration_ms, duration_text, rough_duration
from prescribers.idleness import Idleness
from prescribers.moments import day_and_minute, moment_ms, rfc3339
from prescribers.plain_text import plain
from prescribers.planted_places import first_among, place_lines, planted_places
from prescribers.ranked_rows import EVIDENCE_FIELDS, FIELDS, ranked_row
from prescribers.ranking_table import ranking_table, ranks
from streams.kafka_failures import KafkaUnreachableError

CONTRACT = [
    "theme",
    "window_end",
    "score_version",
    "run_id",
    "rank",
    "rank_low",
    "rank_high",
    "actor_id",
    "actor_name",
    "score",
    "reach",
    "conversion",
    "trusted",
    "open",
    "regularity",
    "lift",
    "solicited_share",
    "responders",
    "messages",
    "role",
    "tier",
    "circle",
    "cold_start",
    "followers",
    "followers_rank",
]


def core_row(**changes: Any) -> dict[str, Any]:  # noqa: ANN401 - any field
    row: dict[str, Any] = dict.fromkeys(ROW_COLUMNS, 1.0) | {"rank": 1, "rank_low": 1, "rank_high": 1, "responders": 3}
    row |= {
        "theme": "lean",
        "window_end": 0,
        "score_version": "v",
        "run_id": "r",
        "actor_id": "a",
        "actor_name": "Ada",
        "source": "s",
    }
    return row | {"followers": None, "followers_rank": None, "cold_start": 1} | changes


def test_a_row_has_every_field_of_the_contract_in_its_order() -> None:
    built = list(ranked_row(core_row(), ()))
    assert [name for name in built if name in CONTRACT] == CONTRACT
    assert set(built) - set(CONTRACT) == {"source", "evidence"}


def test_nothing_that_the_core_gives_of_an_actor_is_lost() -> None:
    assert set(ROW_COLUMNS) <= set(FIELDS)
    assert set(EVIDENCE_COLUMNS) - set(EVIDENCE_FIELDS) == {"actor_id", "event_key"}


def test_evidence_is_in_order_and_times_are_rfc_3339() -> None:
    item = dict.fromkeys(EVIDENCE_FIELDS, "x") | {"occurred_at": 1500}
    built = ranked_row(core_row(window_end=HOUR_MS), [item | {"position": 2}, item | {"position": 1}])
    assert [one["position"] for one in built["evidence"]] == [1, 2]
    assert built["evidence"][0]["occurred_at"] == "1970-01-01T00:00:01.500Z"
    assert built["window_end"] == "1970-01-01T01:00:00Z"
    assert built["cold_start"] is True


def test_a_table_fits_80_columns_whatever_the_names() -> None:
    rows = [
        core_row(actor_name="N" * 300, score=123456.789, followers=98_765_432, followers_rank=12345, rank=10_000, rank_high=2)
    ]
    console = Console(width=80, record=True, file=None, force_terminal=False)
    with console.capture() as capture:
        console.print(ranking_table([*rows, core_row(actor_name="[red]\x1b[0m"), core_row(actor_name="", actor_id="s:nameless")]))
    text = capture.get()
    assert max(map(len, text.splitlines())) <= 80
    assert "123456.789" in text
    assert "98,765,432" in text
    assert "[red]" in text
    assert " nameless" in text
    assert "\x1b" not in text
    assert "?" in text


def test_a_shared_rank_is_marked_also_where_those_who_share_it_are_not_shown() -> None:
    rows = [{"rank": rank} for rank in (1, 2, 2, 4, 4)]
    assert ranks(rows) == ["1", "2=", "2=", "4=", "4="]
    assert ranks(rows[:3], 2) == ["1", "2="]
    assert ranks(rows[:4]) == ["1", "2=", "2=", "4"]


@given(st.text())
def test_plain_text_is_one_line_without_control(text: str) -> None:
    shown = plain(text)
    assert shown.isprintable()
    assert "\n" not in shown
    assert plain(shown) == shown


@given(st.integers(min_value=1, max_value=10**12))
def test_a_duration_reads_back(ms: int) -> None:
    assert duration_ms(duration_text(ms)) == ms


@pytest.mark.parametrize("text", ["", "28", "d", "0d", "-1d", "1.5h", "1 d 2 h", "1y"])
def test_what_is_no_duration_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="no duration"):
        duration_ms(text)


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(0, "0 s"), (-5, "0 s"), (45, "45 s"), (1200, "20 min"), (7200, "2 h"), (12_000, "3 h 20 min"), (345_600, "4 days")],
)
def test_a_rough_duration_is_easy_to_grasp(seconds: float, said: str) -> None:
    assert rough_duration(seconds) == said


@given(st.integers(min_value=0, max_value=LATEST_MS))
def test_a_moment_reads_back(ms: int) -> None:
    assert moment_ms(rfc3339(ms)) == ms
    assert event_ms(rfc3339(ms)) == ms


def test_a_date_is_its_first_instant() -> None:
    assert moment_ms("1970-01-02") == 24 * HOUR_MS
    assert day_and_minute(HOUR_MS) == "1970-01-01 01:00"


@pytest.mark.parametrize("text", ["tomorrow", "2020-13-01", "2020-01-01T00:00:00", "1960-01-01", ""])
def test_what_is_no_moment_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"no time|before 1970"):
        moment_ms(text)


def test_idle_means_that_every_app_is_drained_asked_in_order() -> None:
    asked: list[str] = []
    lags = {"normalise": 0, "rank": 1, "store": 0}

    def lag(app: str) -> int:
        asked.append(app)
        return lags[app]

    now = iter(range(0, 1000, 10))
    idle = Idleness(("store", "rank", "normalise"), lag, clock=lambda: next(now))
    assert not idle()
    assert asked == ["normalise", "rank"]
    lags["rank"] = 0
    assert idle()


def test_idleness_is_not_asked_too_often_and_survives_a_broker_that_is_away() -> None:
    calls: list[str] = []

    def away(app: str) -> int:
        calls.append(app)
        raise KafkaUnreachableError("host:1", "away", "wait")

    idle = Idleness(("rank",), away, clock=lambda: 1.0)
    assert not idle()
    assert not idle()
    assert calls == ["rank"]


def counts(**changes: int | None) -> dict[str, int | None]:
    return {"events": 312, "first_act_at": 0, "last_act_at": 30 * 60_000} | changes


def test_an_empty_state_says_what_is_awaited_and_since_when() -> None:
    theme = ThemeSettings(name="lean")
    assert "no event has come through" in awaited(theme, None, 0)
    assert "none of them an act" in awaited(theme, counts(first_act_at=None, last_act_at=None), 0)
    live = awaited(theme, counts(), 40 * 60_000)
    assert "received 312 events since 1970-01-01 00:00" in live
    assert "first ranking in about 30 min" in live
    assert "prescribers feed --close" in awaited(theme, counts(), 10**12)


def test_planted_accounts_are_found_where_they_came_out() -> None:
    def account(name: str) -> dict[str, str]:
        return {"actor_id": name, "actor_name": name.upper()}

    planted = {"prescribers": [account("p"), account("q")], "ring": [account(f"r{i}") for i in range(7)]}
    planted |= {"facilitators": [], "broadcasters": [account("b")], "staff": [account("s")], "brands": []}
    ranked = ["p", "b", "q", *(f"r{i}" for i in range(7))]
    rows = [{"actor_id": name, "rank": place, "followers_rank": 9} for place, name in enumerate(ranked, start=1)]
    places = planted_places(planted, rows)
    assert [place.rank for place in places["prescribers"]] == [1, 3]
    assert places["staff"][0].rank is None
    assert first_among(places).startswith("1 of 2 planted prescribers")
    assert "    and 2 more, further down" in place_lines(places)
