"""How soon a killed rank is exact again: `python -m tests.chaos.recovery --interactions 10000000 --broker 127.0.0.1:9092`.

The log, and a snapshot of all but its last record, are written first. Then a process of rank is started, killed -9 once it has
committed, and started again, a few times; of each, the seconds until it has loaded the state, taken in what came meanwhile,
saved and committed. In the end its last snapshot must be that of a state that was never restarted, to the byte.
"""

import subprocess
import sys
import tempfile
import time
from itertools import islice
from pathlib import Path

import click
import msgspec
from confluent_kafka import Producer

from bench.conversation import START_MS, Shape, interactions
from graph.interaction import Interaction
from graph.log_record import encode_interactions
from graph.partition_state import PartitionState
from graph.theme_settings import DAY_MS
from graph.volumes import Shelf
from streams.kafka_settings import KafkaSettings
from streams.lag import LagReader, total_lag
from streams.local_place import LocalPlace
from streams.log_identity import log_identity
from streams.snapshot_store import SnapshotStore
from tests.chaos.ground import create_topics, delete_topics, named_topics
from tests.chaos.servers import ROOT
from tests.integration.app_process import Task, names_of

SPAN_MS = 20 * DAY_MS
ACTS_A_RECORD = 1000
ACTS_AN_ACTOR = 30
RESTARTS = 3
PARTITION = 0
PATIENCE_S = 120.0


@click.command()
@click.option("--interactions", "count", type=click.IntRange(min=ACTS_A_RECORD), default=10_000_000, help="In the window.")
@click.option("--broker", required=True, help="A real Kafka, host:port.")
def main(*, count: int, broker: str) -> None:
    """Measures restarts of rank with a full window."""
    kafka = named_topics(broker, "recovery")
    create_topics(kafka)
    try:
        with tempfile.TemporaryDirectory(prefix="recovery-") as directory:
            exact = _measure(kafka, Path(directory), count)
    finally:
        delete_topics(kafka)
    click.echo("exact" if exact else "the last snapshot differs")
    sys.exit(not exact)


def _measure(kafka: KafkaSettings, directory: Path, count: int) -> bool:
    producer = Producer({"bootstrap.servers": kafka.brokers[0], "acks": "all", "compression.type": "zstd", "log_level": 0})
    state = PartitionState(PARTITION, None, wanted=lambda _theme, _boundary: False)
    acts = interactions(Shape(events=count, theme="t", span_ms=SPAN_MS, actors=count // ACTS_AN_ACTOR))
    while part := list(islice(acts, ACTS_A_RECORD)):
        _extend(producer, kafka, state, part)
    store = SnapshotStore(LocalPlace(directory / "rank"), kafka.interactions, log_identity(kafka, kafka.interactions))
    _save(store, state, "first")
    task = Task(brokers=list(kafka.brokers), names=names_of(kafka) | _counts(kafka), state_dir=str(directory), instance="one")
    (directory / "task.json").write_bytes(msgspec.json.encode(task))
    for number in range(RESTARTS):
        tick = Interaction(theme="", kind="tick", occurred_at=START_MS, key=1, origin=(0, number))
        _extend(producer, kafka, state, [tick])
        _restart(kafka, directory)
    return _same(store, state)


def _extend(producer: Producer, kafka: KafkaSettings, state: PartitionState, acts: list[Interaction]) -> None:
    """One record more, in the log and in the state."""
    value = encode_interactions(acts)
    producer.produce(kafka.interactions, value, partition=PARTITION)
    producer.poll(0)
    if len(producer) > 10_000 // ACTS_A_RECORD or acts[0].kind == "tick":
        producer.flush()
    state.apply([state.next_offset], [value])


def _save(store: SnapshotStore, state: PartitionState, name: str) -> None:
    shelf = Shelf(store.volumes(PARTITION))
    start_s = time.perf_counter()
    body = state.dump(shelf)
    paused_s = time.perf_counter() - start_s
    store.save(PARTITION, state.next_offset, state.config_hash, body, shelf)
    saved_s, written = time.perf_counter() - start_s - paused_s, len(body) + sum(map(len, shelf.new.values()))
    click.echo(f"{name} snapshot: {written / 1e6:.1f} MB, state held for {paused_s * 1000:.0f} ms, written in {saved_s:.2f} s")


def _restart(kafka: KafkaSettings, directory: Path) -> None:
    """From the start of the process to the commit of all there is; then kill -9."""
    program = ROOT / "tests/integration/app_process.py"
    start_s = time.monotonic()
    with (
        LagReader(kafka, "rank") as reader,
        subprocess.Popen(
            [sys.executable, str(program), "rank", str(directory / "task.json")], cwd=ROOT, env={"PYTHONPATH": str(ROOT)}
        ) as process,
    ):
        try:
            while total_lag(reader.read()):
                if process.poll() is not None or time.monotonic() - start_s > PATIENCE_S:
                    raise click.ClickException("rank does not come back")
                time.sleep(0.05)
            took_s, held = time.monotonic() - start_s, Path(f"/proc/{process.pid}/status").read_text("utf-8")
            peak_mb = int(held.partition("VmHWM:")[2].split()[0]) // 1024
            click.echo(f"caught up, saved and committed {took_s:.1f} s after its start; {peak_mb} MB at most")
        finally:
            process.kill()


def _same(store: SnapshotStore, state: PartitionState) -> bool:
    held = store.load(PARTITION, state.config_hash)
    if held is None:
        return False
    state.tallies(store.log_id)
    shelf = Shelf(store.volumes(PARTITION))
    _save(store, state, "last")
    return (held.next_offset, held.body, list(held.volumes)) == (state.next_offset, state.dump(shelf), list(shelf.named))


def _counts(kafka: KafkaSettings) -> dict[str, int]:
    names = ("mentions_partitions", "interactions_partitions", "rankings_partitions")
    return {name: getattr(kafka, name) for name in names}


if __name__ == "__main__":
    main()
