"""The warehouse that writers are measured on: the embedded engine as a process of its own, migrated and empty."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from sinks.clickhouse.migrate import migrate
from sinks.clickhouse.warehouse import Warehouse
from sinks.clickhouse.warehouse_settings import WarehouseSettings, parse_warehouse_url

READY = "clickhouse://"
LEAVING_S = 15.0


@dataclass(frozen=True, slots=True)
class Server:
    """Where it answers, and the process whose CPU seconds are its own."""

    settings: WarehouseSettings
    pid: int


@contextmanager
def embedded_warehouse() -> Iterator[Server]:
    """Needs chdb. Raises `RuntimeError` with the server's words where it does not start."""
    with TemporaryDirectory() as directory:
        log = Path(directory) / "log"
        command = [sys.executable, "-m", "prescribers.stack.embedded_warehouse", str(Path(directory) / "data"), "0"]
        with log.open("wb") as errors:
            process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=errors, text=True)  # noqa: S603 - our own module
        try:
            line = process.stdout.readline().strip() if process.stdout is not None else ""
            if READY not in line:
                said = line or log.read_text(errors="replace").strip().rpartition("\n")[2]
                raise RuntimeError(f"the embedded warehouse did not start: {said or 'it said nothing'}")
            settings = replace(parse_warehouse_url(line.rpartition(" ")[2]), database="prescribers_bench")
            with Warehouse(settings) as warehouse:
                migrate(warehouse)
            yield Server(settings, process.pid)
        finally:
            _end(process)


def _end(process: subprocess.Popen[str]) -> None:
    process.terminate()
    try:
        process.wait(LEAVING_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    if process.stdout is not None:
        process.stdout.close()
