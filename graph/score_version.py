"""A score version in words: a preset, and the parameters in which it differs, as `recommend,tau=0.5`."""

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec

from graph.kinds import PRESETS
from graph.score_parameters import DEFAULT, ScoreParameters

MOST_SHADOWS = 4
"""Beside a theme's own score: each costs its ranking once more."""


@dataclass(frozen=True, slots=True)
class ScoreVersion:
    """What is ranked by: equal versions have the same name in every run."""

    preset: str
    parameters: ScoreParameters = DEFAULT

    @property
    def name(self) -> str:
        """As `score_version` in a run."""
        return self.parameters.version(self.preset)

    @property
    def words(self) -> str:
        """As `parse_score` reads it: the preset, and the numbers in which it differs, in the order of the parameters."""
        usual, plain = msgspec.to_builtins(DEFAULT), msgspec.to_builtins(self.parameters)
        changed = (f"{name}={_shortest(plain[name])}" for name in _numbers(usual) if plain[name] != usual[name])
        return ",".join([self.preset, *changed])


def parse_score(text: str) -> ScoreVersion:
    """Read `PRESET[,PARAMETER=NUMBER...]`. Raises ValueError saying what is wrong and what there is."""
    preset, *changes = (part.strip() for part in text.split(","))
    if preset not in PRESETS:
        raise ValueError(f'no preset "{preset}", there are: {", ".join(PRESETS)}')
    plain = msgspec.to_builtins(DEFAULT)
    numbers = _numbers(plain)
    for change in changes:
        name, _, value = (part.strip() for part in change.partition("="))
        if name not in numbers:
            raise ValueError(f'no parameter "{name}", there are: {", ".join(sorted(numbers))}')
        plain[name] = _number(name, value, whole=isinstance(plain[name], int))
    return ScoreVersion(preset, msgspec.convert(plain, ScoreParameters))


def parse_shadows(texts: Sequence[str], own: ScoreVersion) -> tuple[ScoreVersion, ...]:
    """The shadows of a theme ranked by `own`. Raises ValueError where one is no score, or is there already, or too many are."""
    known = {own.name: "the theme's own score"}
    found = []
    for text in texts:
        score = parse_score(text)
        if score.name in known:
            raise ValueError(f'"{text}" is {known[score.name]}: a shadow is another one')
        known[score.name] = f'the same score as "{text}"'
        found.append(score)
    if len(found) > MOST_SHADOWS:
        raise ValueError(f"{len(found)} shadows are more than the {MOST_SHADOWS} that a theme may have: each ranks it once more")
    return tuple(found)


def split_scores(text: str) -> list[str]:
    """Scores parted by commas, as `help,recommend,tau=0.5`: what sets a parameter belongs to the score before it."""
    scores: list[str] = []
    for part in filter(None, map(str.strip, text.split(","))):
        if "=" in part and scores:
            scores[-1] += f",{part}"
        else:
            scores.append(part)
    return scores


def _numbers(plain: dict[str, object]) -> list[str]:
    return [name for name, value in plain.items() if isinstance(value, int | float)]


def _shortest(number: float) -> str:
    short = f"{number:g}"
    return short if float(short) == number else repr(number)


def _number(name: str, value: str, *, whole: bool) -> float:
    try:
        number = int(value) if whole else float(value)
    except ValueError:
        number = -1
    if not 0 <= number < float("inf"):
        raise ValueError(f'{name} = "{value}": a {"whole number" if whole else "number"} from 0 on is needed')
    return number
