"""Times, durations and input files on the command line, as click types."""

import re
from collections.abc import Callable

import click

from graph.score_version import ScoreVersion, parse_score
from prescribers.durations import duration_ms
from prescribers.moments import moment_ms


class Milliseconds(click.ParamType):
    """Text to milliseconds; what the reader refuses is wrong usage."""

    def __init__(self, name: str, read: Callable[[str], int]) -> None:
        self.name = name
        self._read = read

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """Read what was typed."""
        try:
            return self._read(str(value))
        except ValueError as error:
            self.fail(str(error), param, ctx)


class Place(click.ParamType):
    """`3:1207`: partition and offset."""

    name = "place"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> tuple[int, int]:
        """Read what was typed; a place once read stays as it is."""
        if isinstance(value, tuple):
            return value
        found = re.fullmatch(r"(\d{1,9}):(\d{1,18})", str(value), re.ASCII)
        if found is None:
            self.fail(f"{value} is no place: write partition:offset as `prescribers dead list` shows it, like 0:12", param, ctx)
        return int(found[1]), int(found[2])


class Score(click.ParamType):
    """`help` or `recommend,tau=0.5`: a preset, and the parameters in which a score differs."""

    name = "score"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> ScoreVersion:
        """Read what was typed; a version once read stays as it is."""
        if isinstance(value, ScoreVersion):
            return value
        try:
            return parse_score(str(value))
        except ValueError as error:
            self.fail(str(error), param, ctx)


class AnyScore(click.ParamType):
    """A score in words, as `Score` reads it, or a `score_version` as runs bear it: twelve hex digits."""

    name = "score"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The `score_version`."""
        if re.fullmatch("[0-9a-f]{12}", str(value)):
            return str(value)
        return Score().convert(value, param, ctx).name


TIME = Milliseconds("time", moment_ms)
DURATION = Milliseconds("duration", duration_ms)
PLACE: click.ParamType = Place()
"""A place on the dead-letter topic, `partition:offset`, as two numbers."""
SCORE: click.ParamType = Score()
"""A score version, as `graph.score_version.ScoreVersion`."""
ANY_SCORE: click.ParamType = AnyScore()
"""A score version by its name in runs, from either way of saying it."""
FILE: click.ParamType = click.Path(exists=True, dir_okay=False, allow_dash=True)
"""A file that can be read, or - for standard input."""
