"""The local stack as others meet it: found, started, stopped, and never mistaken for one that has died."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from confluent_kafka.admin import AdminClient

from prescribers.stack.local_stack import StackRunningFailure, ensure_stack, find_stack, run_stack, stop_stack
from prescribers.stack.stack_addresses import ADDRESSES, STATE, is_held
from streams.kafka_settings import KafkaSettings
from tests.contracts.warehouse_process import client_of, need_embedded_engine

KAFKA = KafkaSettings(mentions="words", mentions_partitions=3)


def kill(directory: Path, pid: int) -> None:
    """Kill a stack and wait until the kernel has taken it away."""
    os.kill(pid, signal.SIGKILL)
    while is_held(directory):
        os.sched_yield()


def states(directory: Path) -> list[str]:
    """The names of the state directories there are."""
    return [found.name for found in directory.glob(f"{STATE}*")]


@pytest.fixture
def directory(tmp_path: Path) -> Iterator[Path]:
    need_embedded_engine()
    yield tmp_path / "stack"
    stop_stack(tmp_path / "stack")


def test_where_none_runs_none_is_found_and_none_is_stopped(directory: Path) -> None:
    assert find_stack(directory) is None
    assert stop_stack(directory) is False


def test_a_stack_is_started_once_and_then_found(directory: Path) -> None:
    said: list[str] = []
    stack = ensure_stack(directory, KAFKA, say=said.append)
    assert ensure_stack(directory, KAFKA, say=said.append) == stack == find_stack(directory)
    assert [line.split()[0] for line in said] == ["Started", "Using"]
    assert stack.state_dir.is_dir()
    with pytest.raises(StackRunningFailure, match=str(stack.pid)):
        run_stack(directory, KAFKA, say=said.append)
    topics = AdminClient({"bootstrap.servers": ",".join(stack.brokers)}).list_topics(timeout=10).topics
    assert {name: len(topics[name].partitions) for name in ("words", "controls")} == {"words": 3, "controls": 1}
    with client_of(stack.clickhouse_url, database="prescribers") as client:
        assert client.execute("SELECT currentDatabase()") == [("prescribers",)]
    assert stop_stack(directory) is True
    assert find_stack(directory) is None
    assert not (directory / ADDRESSES).exists()


def test_data_outlives_a_stack_and_its_state_directory_does_not(directory: Path) -> None:
    first = ensure_stack(directory, KAFKA, say=lambda _line: None)
    with client_of(first.clickhouse_url) as client:
        client.execute("CREATE TABLE kept ENGINE = MergeTree ORDER BY n AS SELECT 7 AS n")
    (first.state_dir / "snapshot").write_bytes(b"of a log that ends with its stack")
    kill(directory, first.pid)
    second = ensure_stack(directory, KAFKA, say=lambda _line: None)
    assert second.pid != first.pid
    assert states(directory) == [second.state_dir.name] != [first.state_dir.name]
    with client_of(second.clickhouse_url) as client:
        assert client.execute("SELECT n FROM kept") == [(7,)]


def test_a_killed_stack_is_not_found_though_its_file_is_there(directory: Path) -> None:
    stack = ensure_stack(directory, KAFKA, say=lambda _line: None)
    kill(directory, stack.pid)
    assert find_stack(directory) is None
    assert (directory / ADDRESSES).exists()
    assert stop_stack(directory) is False
