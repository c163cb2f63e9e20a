"""From what a file or a variable says to a value of the right kind, or a `ValueError` that says what is wanted."""

import math

import orjson

from graph.score_version import parse_score, split_scores
from prescribers.durations import duration_ms
from prescribers.setting_keys import Key


def read_value(key: Key, raw: object, *, written: bool) -> object:
    """The value of a setting. `written`: it comes as text (variable, flag) where a file has types of its own."""
    if key.kind in {"text", "choice", "duration"}:
        text = _text(raw)
        return duration_ms(text) if key.kind == "duration" else _choice(key, text)
    if key.kind == "whole":
        return _whole(key, raw, written=written)
    if key.kind == "flag":
        return _flag(raw, written=written)
    if key.kind == "scores":
        return _scores(raw, written=written)
    return _texts(raw, written=written) if key.kind == "texts" else _share(raw, written=written)


def _text(raw: object) -> str:
    if not isinstance(raw, str):
        raise ValueError(f"{raw!r} is no text")  # noqa: TRY004 - one kind of error for every wrong value
    return raw.strip()


def _choice(key: Key, text: str) -> str:
    if key.choices and text not in key.choices:
        raise ValueError(f'"{text}" is none of {", ".join(key.choices)}')
    return text


def _texts(raw: object, *, written: bool) -> tuple[str, ...]:
    if written and isinstance(raw, str):
        raw = _listed(raw)
    if not isinstance(raw, list) or not all(isinstance(part, str) and part.strip() for part in raw):
        raise ValueError(f"{raw!r} is no list of texts")
    return tuple(dict.fromkeys(part.strip() for part in raw))


def _scores(raw: object, *, written: bool) -> tuple[str, ...]:
    if written and isinstance(raw, str) and not raw.lstrip().startswith("["):
        raw = split_scores(raw)
    texts = _texts(raw, written=written)
    for text in texts:
        parse_score(text)
    return texts


def _listed(text: str) -> object:
    """A JSON array, or texts parted by commas."""
    if not text.lstrip().startswith("["):
        return [part for part in text.split(",") if part.strip()]
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise ValueError(f"{text!r} is no JSON array of texts") from error


def _flag(raw: object, *, written: bool) -> bool:
    if written and isinstance(raw, str):
        raw = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}.get(raw.strip().lower(), raw)
    if not isinstance(raw, bool):
        raise ValueError(f"{raw!r} is neither true nor false")  # noqa: TRY004 - as above
    return raw


def _whole(key: Key, raw: object, *, written: bool) -> int:
    if written and isinstance(raw, str):
        raw = int(raw) if raw.strip().isdecimal() else raw
    if not isinstance(raw, int) or isinstance(raw, bool) or raw < key.least:
        raise ValueError(f"{raw!r} is no whole number of at least {key.least}")
    return raw


def _share(raw: object, *, written: bool) -> float:
    if written and isinstance(raw, str):
        try:
            raw = float(raw)
        except ValueError:
            raise ValueError(f"{raw!r} is no number") from None
    if not isinstance(raw, int | float) or isinstance(raw, bool) or not (math.isfinite(raw) and 0 <= raw <= 1):
        raise ValueError(f"{raw!r} is no share from 0 to 1")
    return float(raw)
