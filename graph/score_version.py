"""A score version in words: a preset, and the parameters in which it differs, as `recommend,tau=0.5`."""

from dataclasses import dataclass, replace

import msgspec

from graph.kinds import PRESETS
from graph.score_parameters import DEFAULT, ScoreParameters
from graph.theme_settings import ThemeSettings


@dataclass(frozen=True, slots=True)
class ScoreVersion:
    """What is ranked by: equal versions have the same name in every run."""

    preset: str
    parameters: ScoreParameters = DEFAULT

    @property
    def name(self) -> str:
        """As `score_version` in a run."""
        return self.parameters.version(self.preset)


def parse_score(text: str) -> ScoreVersion:
    """Read `PRESET[,PARAMETER=NUMBER...]`. Raises ValueError saying what is wrong and what there is."""
    preset, *changes = (part.strip() for part in text.split(","))
    if preset not in PRESETS:
        raise ValueError(f'no preset "{preset}", there are: {", ".join(PRESETS)}')
    plain = msgspec.to_builtins(DEFAULT)
    numbers = {name for name, value in plain.items() if isinstance(value, int | float)}
    for change in changes:
        name, _, value = (part.strip() for part in change.partition("="))
        if name not in numbers:
            raise ValueError(f'no parameter "{name}", there are: {", ".join(sorted(numbers))}')
        plain[name] = _number(name, value, whole=isinstance(plain[name], int))
    return ScoreVersion(preset, msgspec.convert(plain, ScoreParameters))


def scored_by(score: ScoreVersion, settings: ThemeSettings) -> ThemeSettings:
    """The same theme under another score."""
    return replace(settings, preset=score.preset, parameters=score.parameters)


def _number(name: str, value: str, *, whole: bool) -> float:
    try:
        number = int(value) if whole else float(value)
    except ValueError:
        number = -1
    if not 0 <= number < float("inf"):
        raise ValueError(f'{name} = "{value}": a {"whole number" if whole else "number"} from 0 on is needed')
    return number
