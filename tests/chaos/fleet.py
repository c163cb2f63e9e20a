"""The workers of a chaos run: `prescribers app` as processes, killed, frozen, ended, added and taken away, and restarted."""

import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from prescribers.children import SUPERVISED
from prescribers.failures import REFUSED, USAGE
from prescribers.settings import bare_environment
from streams.lag import APPS

MOST = 3
"""Workers of one app."""
PAUSE_S = 0.5
STOP_S = 60.0
SAID = 600
"""How much of a worker's last words a complaint quotes."""


@dataclass(slots=True)
class Worker:
    """A post: an app's process, or None between two. Times are of `Fleet`'s clock."""

    app: str
    number: int
    log: Path
    process: "subprocess.Popen[bytes] | None" = None
    due_s: float = 0.0
    thaw_s: float | None = None
    wanted: bool = True
    hit: bool = False
    """Whether its next end is our doing."""


class Fleet:
    """`flags` of the program for all, `more` for the worker of an app and number. `tick` does what is due."""

    def __init__(
        self, directory: Path, flags: Sequence[str], more: Callable[[str, int], Sequence[str]], clock: Callable[[], float]
    ) -> None:
        self._directory = directory
        self._flags = flags
        self._more = more
        self._clock = clock
        self._workers: list[Worker] = []
        self.complaints: list[str] = []
        self.restarts = 0
        """Ends that nobody asked for: an app that gave up on a server that was away."""

    def add(self, app: str) -> None:
        """One more worker of an app."""
        number = sum(worker.app == app for worker in self._workers) + 1
        worker = Worker(app, number, self._directory / f"{app}-{number}.log")
        self._workers.append(worker)
        self._start(worker)

    def tick(self) -> None:
        """Wake those whose time has come, note how processes ended, and start again those that should run."""
        now = self._clock()
        for worker in self._workers:
            if worker.thaw_s is not None and now >= worker.thaw_s:
                self._thaw(worker)
            if worker.process is not None and (status := worker.process.poll()) is not None:
                _close(worker)
                worker.due_s = now + PAUSE_S
                self._ended(worker, status)
            if worker.process is None and worker.wanted and now >= worker.due_s:
                self._start(worker)

    def processes(self, app: str) -> list[int]:
        """Ids of the running processes of an app."""
        return [worker.process.pid for worker in self._running() if worker.app == app and worker.process is not None]

    def kill(self, pick: int) -> str:
        """Kill -9 of a running worker; its name, or "" where none runs."""
        return self._strike(pick, signal.SIGKILL)

    def end(self, pick: int) -> str:
        """SIGTERM of a running worker."""
        return self._strike(pick, signal.SIGTERM)

    def freeze(self, pick: int, lasts_s: float) -> str:
        """SIGSTOP of a running worker for some seconds."""
        worker = self._picked(pick)
        if worker is None or worker.process is None:
            return ""
        worker.process.send_signal(signal.SIGSTOP)
        worker.thaw_s = self._clock() + lasts_s
        return worker.log.stem

    def join(self, pick: int) -> str:
        """One worker more of an app that has fewer than `MOST`."""
        apps = [app for app in APPS if sum(worker.app == app and worker.wanted for worker in self._workers) < MOST]
        if not apps:
            return ""
        app = apps[pick % len(apps)]
        self.add(app)
        return self._workers[-1].log.stem

    def leave(self, pick: int) -> str:
        """SIGTERM of a worker for good, of an app that has others."""
        spare = [w for w in self._running() if sum(o.app == w.app and o.wanted for o in self._workers) > 1 and w.wanted]
        if not spare:
            return ""
        worker = spare[pick % len(spare)]
        worker.wanted = False
        return self._hit(worker, signal.SIGTERM)

    def thaw(self) -> None:
        """Wake everybody."""
        for worker in self._workers:
            self._thaw(worker)

    def stop(self, *apps: str) -> None:
        """SIGTERM of all workers of these apps, who must end cleanly."""
        running = [worker for worker in self._running() if worker.app in apps]
        for worker in self._workers:
            worker.wanted = worker.wanted and worker.app not in apps
        for worker in running:
            self._hit(worker, signal.SIGTERM)
        for worker in running:
            if worker.process is not None:
                try:
                    status = worker.process.wait(STOP_S)
                except subprocess.TimeoutExpired:
                    self.complaints.append(f"{worker.log.stem} did not end within {STOP_S:.0f} s of SIGTERM")
                    worker.process.kill()
                    worker.process.communicate()
                    status = -signal.SIGKILL
                _close(worker)
                if status not in (0, -signal.SIGTERM, -signal.SIGKILL):
                    self._complain(worker, f"ended with status {status} on SIGTERM")

    def kill_all(self) -> None:
        """Whatever happens, nothing stays behind."""
        for worker in self._workers:
            worker.wanted = False
            if worker.process is not None:
                worker.process.kill()
                _close(worker)

    def _start(self, worker: Worker) -> None:
        flags = [*self._flags, *self._more(worker.app, worker.number)]
        command = [sys.executable, "-m", "prescribers", *flags, "app", worker.app, SUPERVISED]
        with worker.log.open("ab") as log:
            worker.process = subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=log, stderr=log, env=bare_environment(), start_new_session=True
            )
        worker.hit, worker.thaw_s = False, None

    def _ended(self, worker: Worker, status: int) -> None:
        if status in (USAGE, REFUSED):
            self._complain(worker, f"ended with status {status}")
            worker.wanted = False
        elif not worker.hit or status not in (0, -signal.SIGTERM, -signal.SIGKILL):
            self.restarts += 1

    def _complain(self, worker: Worker, what: str) -> None:
        self.complaints.append(f"{worker.log.stem} {what}: {worker.log.read_text('utf-8', 'replace')[-SAID:]}")

    def _running(self) -> list[Worker]:
        return [worker for worker in self._workers if worker.process is not None and worker.process.poll() is None]

    def _picked(self, pick: int) -> Worker | None:
        running = [worker for worker in self._running() if worker.thaw_s is None and not worker.hit]
        return running[pick % len(running)] if running else None

    def _strike(self, pick: int, number: signal.Signals) -> str:
        worker = self._picked(pick)
        return "" if worker is None else self._hit(worker, number)

    def _hit(self, worker: Worker, number: signal.Signals) -> str:
        if worker.process is not None:
            worker.hit = True
            worker.process.send_signal(number)
            self._thaw(worker)
        return worker.log.stem

    def _thaw(self, worker: Worker) -> None:
        if worker.thaw_s is not None and worker.process is not None:
            worker.process.send_signal(signal.SIGCONT)
        worker.thaw_s = None


def _close(worker: Worker) -> None:
    """Forget a process that has ended or is about to; its standard input is the pipe that ties it to us."""
    if worker.process is not None:
        worker.process.communicate()
    worker.process = None
