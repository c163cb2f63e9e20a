"""An app or its peer in a process of its own, fed in rounds: CPU seconds from a full backlog to a committed end."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import msgspec

from bench.ground import PARTITIONS, produce
from bench.measure import cpu_seconds_of
from streams.kafka_settings import KafkaSettings
from streams.lag import LagReader, topics_of, total_lag

PAUSE_S = 0.05
PATIENCE_S = 90.0
LEAVING_S = 10.0


class Task(msgspec.Struct, frozen=True):
    """What a child is told on its command line: `role` is one of `bench.child`'s."""

    role: str
    brokers: tuple[str, ...]
    prefix: str
    directory: str


class Runner:
    """One child. The broker stays in this process, so its CPU seconds are not the child's."""

    def __init__(self, role: str, app: str, settings: KafkaSettings, directory: Path) -> None:
        self.role = role
        self._app, self._settings = app, settings
        self._lag = LagReader(settings, app)
        task = Task(role, settings.brokers, settings.group_prefix, str(directory))
        self._log = (directory / f"{role}.log").open("wb")
        command = [sys.executable, "-m", "bench.child", msgspec.json.encode(task).decode()]
        self._process = subprocess.Popen(command, stdout=self._log, stderr=self._log)  # noqa: S603 - our own module

    def feed(self, values: Sequence[bytes]) -> float:
        """Pause the child, fill its topic, let it go: its CPU seconds until everything is committed. Raises `RuntimeError`."""
        self._signal(signal.SIGSTOP)
        try:
            self.give(values)
            before = cpu_seconds_of(self._process.pid)
        finally:
            self._signal(signal.SIGCONT)
        self.drain()
        return cpu_seconds_of(self._process.pid) - before

    def spent_s(self) -> float:
        """CPU seconds of the child since it began."""
        return cpu_seconds_of(self._process.pid)

    def give(self, values: Sequence[bytes]) -> None:
        """Fill its topic, the first values to the first partition and so on."""
        (topic,) = topics_of(self._settings, self._app)
        produce(self._settings, topic, ((k * PARTITIONS // len(values), value) for k, value in enumerate(values)))

    def stop(self) -> None:
        """End the child, gently first."""
        self._lag.close()
        self._signal(signal.SIGTERM)
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(LEAVING_S)
        self._process.kill()
        self._process.wait()
        self._log.close()

    def drain(self) -> None:
        """Wait until everything given is committed. Raises `RuntimeError` where the child ends or takes too long."""
        deadline = time.monotonic() + PATIENCE_S
        while total_lag(self._lag.read()):
            if self._process.poll() is not None:
                raise RuntimeError(f"{self.role} ended with status {self._process.returncode}: {self._said()}")
            if time.monotonic() > deadline:
                raise RuntimeError(f"{self.role} did not finish within {PATIENCE_S:.0f} s: {self._said()}")
            time.sleep(PAUSE_S)

    def _said(self) -> str:
        text = Path(str(self._log.name)).read_text(errors="replace").strip()
        return text.splitlines()[-1] if text else "it said nothing"

    def _signal(self, number: signal.Signals) -> None:
        if self._process.poll() is None:
            os.kill(self._process.pid, number)
