"""The servers of a chaos run as processes that can be killed, frozen and started again: a real broker, the stack's engine."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[2]
LOOPBACK = "127.0.0.1"
UP_S = 120.0


class ServerFailedError(RuntimeError):
    """A server did not come up; names its log."""


def free_ports(count: int) -> int:
    """The first of `count` neighbouring ports that are free now."""
    while True:
        with socket.create_server((LOOPBACK, 0)) as first:
            start = int(first.getsockname()[1])
        try:
            for port in range(start, start + count):
                socket.create_server((LOOPBACK, port)).close()
        except OSError:
            continue
        return start


class Server:
    """A command that says a line matching `ready` once it serves; its output goes to `log`. Ends with this process's group."""

    def __init__(self, command: Sequence[str], log: Path, ready: str) -> None:
        self._command = command
        self._log = log
        self._ready = re.compile(ready)
        self._process: subprocess.Popen[bytes] | None = None
        self._said = 0

    def start(self) -> None:
        """Start it, or start it again; returns at once."""
        self._said = self._log.stat().st_size if self._log.exists() else 0
        path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}"
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                self._command, stdout=log, stderr=log, cwd=ROOT, env=os.environ | {"PATH": path}, start_new_session=True
            )

    def await_up(self) -> None:
        """Until it serves; one that ended meanwhile is started again. Raises `ServerFailedError`."""
        deadline = time.monotonic() + UP_S
        while not self._ready.search(self._log.read_bytes()[self._said :].decode("utf-8", "replace")):
            if time.monotonic() > deadline:
                raise ServerFailedError(f"{self._command[0]} is not up after {UP_S:.0f} s; see {self._log}")
            self.tend()
            time.sleep(0.1)

    def tend(self) -> None:
        """Start it again where it has ended."""
        if self._process is not None and self._process.poll() is not None:
            self.start()

    def kill(self) -> None:
        """Kill -9 of everything that belongs to it."""
        if self._process is not None:
            self._signal(signal.SIGKILL)
            self._process.wait(30)

    def freeze(self) -> None:
        """SIGSTOP."""
        self._signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """SIGCONT."""
        self._signal(signal.SIGCONT)

    def stop(self) -> None:
        """SIGTERM, and SIGKILL where that does not help."""
        if self._process is None:
            return
        self.thaw()
        self._signal(signal.SIGTERM)
        try:
            self._process.wait(30)
        except subprocess.TimeoutExpired:
            self.kill()

    def _signal(self, number: signal.Signals) -> None:
        if self._process is not None and self._process.poll() is None:
            os.killpg(self._process.pid, number)


@contextmanager
def serving(*servers: Server) -> Iterator[None]:
    """Started together, and up; killed in the end, however it ends."""
    with ExitStack() as running:
        for server in servers:
            running.callback(server.kill)
            server.start()
        for server in servers:
            server.await_up()
        yield


def broker(directory: Path, port: int) -> Server:
    """Apache Kafka on `port`, its controller on the next one."""
    script = str(ROOT / "deploy/kafka-local/kafka.sh")
    command = (script, "start", "--port", str(port), "--dir", str(directory / "kafka"))
    return Server(command, directory / "kafka.log", rf"ready on {LOOPBACK}:{port}")


def engine(directory: Path, port: int) -> Server:
    """The local stack's ClickHouse engine on `port`."""
    module = "prescribers.stack.embedded_warehouse"
    command = (sys.executable, "-m", module, str(directory / "warehouse"), str(port))
    return Server(command, directory / "warehouse.log", rf"clickhouse://\S*:{port}")
