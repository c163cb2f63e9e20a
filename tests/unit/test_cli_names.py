"""Whom a typed name means: exactly that one first, then without accents and case, and else the nearest are told."""

from typing import Any

import pytest

from prescribers.actor_names import called, folded, nearest
from prescribers.commands import explain
from prescribers.failures import NotFoundFailure
from prescribers.warehouse_ranking import WarehouseRanking


def row(identity: str, name: str = "") -> dict[str, Any]:
    return {"actor_id": f"zulip:lean:{identity}", "actor_name": name, "source": "zulip:lean"}


ROWS = [row("1", "Benoît"), row("2", "Benoit"), row("3", "Élodie Yvon"), row("4", "elodie yvon"), row("olive")]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("Benoît", ["1"]),
        ("Benoit", ["2"]),
        ("BENOÎT", ["1", "2"]),
        ("ELODIE YVON", ["3", "4"]),
        ("olive", ["olive"]),
        ("zulip:lean:olive", ["olive"]),
        ("Olive", ["olive"]),
        ("oliv", []),
        ("", []),
    ],
)
def test_accents_and_case_count_only_where_somebody_is_called_exactly_that(typed: str, found: list[str]) -> None:
    assert [one["actor_id"].removeprefix("zulip:lean:") for one in called(ROWS, typed)] == found


def test_the_nearest_are_told_as_they_are_written() -> None:
    assert nearest(ROWS, "elodi yvon") == ["Élodie Yvon"]
    assert nearest(ROWS, "olivia") == ["olive"]
    assert nearest(ROWS, "xyz") == nearest([], "olive") == []
    assert folded("Ærøskøbing Ñandú") == "ærøskøbing nandu"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, ["not among the 2 ranked", "Who is: prescribers top lean --all"]),
        ({"nearest": ("Ada",)}, ["Nearest: Ada. Who is"]),
        ({"apart": {"role": "staff", "place": 4}}, ["is staff in lean, and so never listed", "place 4"]),
        ({"apart": {"role": "brand", "place": 1}}, ["is a brand in lean"]),
    ],
)
def test_who_is_not_ranked_is_told_in_one_line(changes: dict[str, Any], words: list[str]) -> None:
    found = WarehouseRanking("2020-03-01T00:00:00Z", 1, "recommend", shadow=False, ranked=2, plain_sources=(), rows=[], **changes)
    with pytest.raises(NotFoundFailure) as caught:
        explain._only(found, "lean", "bob")
    assert "\n" not in str(caught.value)
    assert all(part in str(caught.value) for part in words)
