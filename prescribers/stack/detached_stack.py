"""A local stack in a process of its own, which outlives whoever needed it.

Run as `python -m prescribers.stack.detached_stack DIRECTORY TOPICS`, topics as a JSON object of names and partitions.
"""

import json
import os
import select
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import click

from prescribers.failures import DONE, Failure
from prescribers.stack.stack_addresses import LOG, open_lock
from prescribers.stack.stack_process import serve_stack

_START_SECONDS = 60.0
_OUT, _ERR = 1, 2


def start_detached(directory: Path, partitions: Mapping[str, int]) -> str:
    """Start a stack and wait until it serves or has failed; gives the line it said, why it failed if it did.

    Raises StackFailure for a directory that cannot be written.
    """
    os.close(open_lock(directory))
    command = [sys.executable, "-m", __name__, str(directory), json.dumps(dict(partitions))]
    with (
        (directory / LOG).open("ab") as log,
        subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=log) as starter,  # noqa: S603 - our own program
    ):
        said = starter.stdout
        if said is None or not select.select([said], [], [], _START_SECONDS)[0]:
            return f"it says nothing for {_START_SECONDS:.0f} seconds"
        return said.readline().decode(errors="replace").strip()


def main(directory: str, topics: str) -> int:
    """Leave the starter's terminal and process group, then serve; the first line said ends the starter's wait."""
    if os.fork():
        return DONE
    os.setsid()

    def say(line: str) -> None:
        click.echo(line)
        os.dup2(_ERR, _OUT)

    try:
        return serve_stack(Path(directory), json.loads(topics), say=say)
    except Failure as failure:
        say(str(failure))
        return failure.exit_status


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
