"""A warehouse to test against: the embedded engine as a process of its own, or a server named in the environment."""

import importlib.util
import os
import signal
import subprocess
import sys
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

import pytest
from clickhouse_driver import Client

SERVER_VARIABLE = "PRESCRIBERS_TEST_CLICKHOUSE"
REQUIRE_VARIABLE = "REQUIRE_SERVICES"
_PROGRAM = "import sys, pathlib\nfrom prescribers.stack.embedded_warehouse import serve\n"


def need_embedded_engine() -> None:
    """Skip, or fail where services are required, unless chdb is installed."""
    if importlib.util.find_spec("chdb") is None:
        message = "the embedded engine is not installed: pip install 'prescribers[local]'"
        if os.environ.get(REQUIRE_VARIABLE) == "1":
            pytest.fail(message)
        pytest.skip(message)


def named_server() -> str:
    """The URL of the ClickHouse server to test against besides the embedded engine; empty when none is named."""
    return os.environ.get(SERVER_VARIABLE, "")


def client_of(url: str, **options: Any) -> Client:  # noqa: ANN401 - the driver's own options
    """A client for a URL; options win over it."""
    parts = urlsplit(url)
    found = {"port": parts.port or 9000, "user": parts.username or "default", "password": parts.password or ""}
    return Client(parts.hostname, **{**found, "connect_timeout": 5, "send_receive_timeout": 60, **options})


class WarehouseProcess:
    """The embedded warehouse on a directory; a context manager that ends it."""

    def __init__(self, directory: Path, *, password: str = "") -> None:
        options = f"say=lambda line: print(line, flush=True), password={password!r}"
        serving = f"sys.exit(serve(pathlib.Path({str(directory)!r}), 0, {options}))"
        self.process = subprocess.Popen(
            [sys.executable, "-c", _PROGRAM + serving], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )
        assert self.process.stdout is not None
        self.line = self.process.stdout.readline().strip()
        address = self.line.rpartition(" ")[2]
        self.url = address.replace("//", f"//default:{password}@") if password else address

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.end(signal.SIGTERM)

    def end(self, number: signal.Signals) -> int:
        """Send a signal and wait; gives the exit status."""
        self.process.send_signal(number)
        status = self.process.wait(timeout=30)
        if self.process.stdout is not None:
            self.process.stdout.close()
        return status
