"""The conversations of an evaluation: a theme each, from files on the command line or from a file that lists them."""

import tomllib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from graph.evaluation.cut_dates import Plan
from graph.interaction import EVERY_THEME, Interaction
from graph.normalise import Normaliser
from graph.refusal import Refusal
from graph.theme_settings import DAY_MS, HOUR_MS
from prescribers.durations import duration_ms
from prescribers.failures import ConfigurationFailure

WINDOW_MS = 28 * DAY_MS
DURATIONS = ("window", "half_life", "outcome", "every", "first")
NOTHING = "no event reached {theme}: an event names its themes, or --theme gives one"
EXAMPLE = 'Example: [sets.lean] files = ["lean.jsonl.gz"] window = "28d"'


@dataclass(frozen=True, slots=True)
class Entry:
    """Files that make one conversation, or several by theme, and the windows in which it is looked at."""

    name: str
    """"" where the themes name the sets."""
    paths: tuple[str, ...]
    plan: Plan


def plan_of(
    window: int | None,
    half_life: int | None,
    outcome: int | None,
    every: int | None,
    first: int | None,
    *,
    addressed: bool = False,
) -> Plan:
    """Durations in ms; the window is 28 days unless given.

    What else is not given follows from it: 5/14 of it in whole hours, half of it, the outcome period.
    """
    window = window or WINDOW_MS
    outcome = outcome or window // 2
    half_life = half_life or max(window * 5 // 14 // HOUR_MS, 1) * HOUR_MS
    return Plan(
        window_ms=window,
        half_life_ms=half_life,
        outcome_ms=outcome,
        every_ms=every or outcome,
        first_ms=first,
        addressed=addressed,
    )


def listed(path: Path, usual: Plan) -> list[Entry]:
    """The entries of a TOML file, a table `sets.NAME` each. Paths are relative to the file. Raises `ConfigurationFailure`."""
    try:
        tables = tomllib.loads(path.read_text("utf-8"))["sets"]
        return [_entry(path, name, dict(table), usual) for name, table in tables.items()]
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, KeyError, AttributeError, TypeError, ValueError) as error:
        raise ConfigurationFailure(f"{path}: {error!s} is wrong or missing. {EXAMPLE}") from error


def _entry(path: Path, name: str, table: dict[str, Any], usual: Plan) -> Entry:
    paths = tuple(str(path.parent / one) for one in table.pop("files"))
    missing = [one for one in paths if not Path(one).is_file()]
    if missing:
        raise ConfigurationFailure(f"{path}: sets.{name}: no such file: {missing[0]}")
    unknown = sorted(table.keys() - set(DURATIONS))
    if unknown:
        raise ConfigurationFailure(f"{path}: sets.{name}: unknown key {unknown[0]}; known: files, {', '.join(DURATIONS)}")
    given = {key: duration_ms(str(value)) for key, value in table.items()}
    window = given.get("window", usual.window_ms)
    half_life, outcome, every, first = map(given.get, DURATIONS[1:])
    return Entry(name, paths, plan_of(window, half_life, outcome, every, first, addressed=usual.addressed))


def by_theme(
    lines: Iterator[bytes], normaliser: Normaliser, received_at: int, theme: str, refused: Counter[str]
) -> dict[str, list[Interaction]]:
    """Acts by theme in order of time. `theme` goes to events that name none, and is then the only one kept."""
    found: list[Interaction] = []
    for offset, line in enumerate(lines):
        acts = normaliser.normalise(line, received_at, (0, offset), theme)
        if isinstance(acts, Refusal):
            refused.update([acts.reason])
        else:
            found += acts
    found.sort(key=lambda act: act.occurred_at)
    names = dict.fromkeys(act.theme for act in found if act.theme != EVERY_THEME)
    wanted = [name for name in names if not theme or name == theme]
    return {name: [act for act in found if act.theme in (name, EVERY_THEME)] for name in wanted}


def set_name(entry: Entry, theme: str, themes: Sequence[str]) -> str:
    """The entry's name, or the theme's, or both where an entry holds several themes."""
    if not entry.name:
        return theme
    return entry.name if len(themes) == 1 else f"{entry.name}/{theme}"
