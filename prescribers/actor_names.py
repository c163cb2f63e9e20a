"""Whom somebody means who types a name: the very same first, else without regard to accents and case, else the nearest."""

import unicodedata
from collections.abc import Sequence
from typing import Any

NEAREST = 3
LOOKED_AT = 10_000
"""How many rows, best first, are compared for the nearest: enough for a slip of the pen, and quick."""

Row = dict[str, Any]


def called(rows: Sequence[Row], actor: str) -> list[Row]:
    """Those of that name or that id, with or without its source; where there are none, those it fits but for accents and case."""
    exact = [row for row in rows if actor in _names(row)]
    meant = folded(actor)
    return exact or [row for row in rows if meant in map(folded, _names(row))]


def nearest(rows: Sequence[Row], actor: str) -> list[str]:
    """Up to three names, or ids of those without one, that look most like what was typed."""
    from difflib import get_close_matches

    shown = {folded(row["actor_name"] or _inside(row)): row["actor_name"] or _inside(row) for row in reversed(rows[:LOOKED_AT])}
    return [shown[name] for name in get_close_matches(folded(actor), shown, NEAREST)]


def folded(text: str) -> str:
    """Without accents and case: "Benoît" as "benoit"."""
    return "".join(letter for letter in unicodedata.normalize("NFKD", text) if not unicodedata.combining(letter)).casefold()


def _names(row: Row) -> set[str]:
    return {row["actor_name"], row["actor_id"], _inside(row)} - {""}


def _inside(row: Row) -> str:
    inside: str = row["actor_id"].removeprefix(f"{row['source']}:")
    return inside
