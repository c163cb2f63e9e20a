"""The apps as child processes of the same program, which end when their parent does."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from types import FrameType
from typing import Self

SUPERVISED = "--supervised"


def spawn_app(app: str, flags: Sequence[str], environ: Mapping[str, str] | None = None) -> "subprocess.Popen[bytes]":
    """Start `prescribers app NAME`. Its standard input is a pipe that breaks when this process dies, however it dies.

    It has a session of its own, so that Ctrl-C in a terminal reaches it once, from here, and not twice.
    """
    return subprocess.Popen(  # noqa: S603 - our own program
        [sys.executable, "-m", "prescribers", *flags, "app", app, SUPERVISED],
        stdin=subprocess.PIPE,
        stdout=sys.stderr,
        env=environ,
        start_new_session=True,
    )


def end_with_parent() -> None:
    """In the child: watch the pipe, and ask this process to end cleanly when the parent is gone."""

    def watch() -> None:
        while os.read(sys.stdin.fileno(), 1):
            pass
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=watch, name="parent-watch", daemon=True).start()


class StopRequest:
    """Whether SIGTERM or SIGINT has come; installed for the time of a `with` block."""

    def __init__(self) -> None:
        self.came = False
        self._before: dict[int, object] = {}

    def __call__(self) -> bool:
        """True from the first signal on."""
        return self.came

    def __enter__(self) -> Self:
        for number in (signal.SIGTERM, signal.SIGINT):
            self._before[number] = signal.signal(number, self._note)
        return self

    def __exit__(self, *_: object) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)  # type: ignore[arg-type]

    def _note(self, _number: int, _frame: FrameType | None) -> None:
        self.came = True
