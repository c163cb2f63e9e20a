"""Times, durations and input files on the command line, as click types."""

from collections.abc import Callable

import click

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


TIME = Milliseconds("time", moment_ms)
DURATION = Milliseconds("duration", duration_ms)
FILE: click.ParamType = click.Path(exists=True, dir_okay=False, allow_dash=True)
"""A file that can be read, or - for standard input."""
