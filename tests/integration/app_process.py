"""One of the three apps as a process for tests: `python app_process.py APP SETTINGS.json`; `store` appends to a file."""

import base64
import sys
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import msgspec
import structlog

from graph.dead_letter import DeadLetter
from streams.kafka_settings import KafkaSettings
from streams.normalise_app import NormaliseOptions, run_normalise
from streams.rank_app import RankOptions, run_rank
from streams.run_settings import RunSettings
from streams.store_app import StoreOptions, Write, run_store
from streams.url_place import UrlPlace


class Task(msgspec.Struct, kw_only=True):
    """What the process is to do; names of topics and groups as in `KafkaSettings`."""

    brokers: list[str]
    names: dict[str, Any]
    state_dir: str
    written: str = ""
    checkpoint_s: float = 0.5
    ahead_bytes: int | None = None
    patience_s: float = 20.0
    snapshot_url: str = ""
    instance: str = ""


def kafka_of(task: Task) -> KafkaSettings:
    """The same cluster and names as the test's."""
    return replace(KafkaSettings(brokers=tuple(task.brokers)), **task.names)


def names_of(kafka: KafkaSettings) -> dict[str, str]:
    """What `kafka_of` needs beside the brokers."""
    return {
        name: str(getattr(kafka, name)) for name in ("mentions", "interactions", "rankings", "dead", "controls", "group_prefix")
    }


def append_to(path: Path) -> Write:
    """A warehouse that is a file: one JSON line per call, durable when the call returns."""

    def write(publications: Sequence[bytes], dead: Sequence[DeadLetter]) -> None:
        letters = [asdict(letter) | {"payload": base64.b64encode(letter.payload).decode()} for letter in dead]
        with path.open("ab") as file:
            file.write(msgspec.json.encode([[p.decode() for p in publications], letters]) + b"\n")

    return write


def main(app: str, settings: str) -> int:
    """The app's exit status."""
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))
    task = msgspec.json.decode(Path(settings).read_bytes(), type=Task)
    run = RunSettings(
        kafka=kafka_of(task),
        state_dir=Path(task.state_dir),
        checkpoint_s=task.checkpoint_s,
        ahead_bytes=task.ahead_bytes,
        patience_s=task.patience_s,
        instance=task.instance,
    )
    match app:
        case "normalise":
            return run_normalise(NormaliseOptions(run=run))
        case "rank":
            return run_rank(RankOptions(run=run, snapshots=UrlPlace(task.snapshot_url) if task.snapshot_url else None))
        case _:
            return run_store(StoreOptions(run=run, write=append_to(Path(task.written))))


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
