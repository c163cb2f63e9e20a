"""Topics of a test's own on a real broker, the ways to write to them and to spoil them, and apps on them."""

import json
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

import msgspec
from confluent_kafka import KafkaException, Producer, TopicPartition
from confluent_kafka.admin import (  # type: ignore[attr-defined] # its stubs do not say that these are exported
    AdminClient,
    NewTopic,
)

from graph.publication import Tally, decode_publication
from streams.kafka_settings import KafkaSettings
from streams.lag import LagReader, total_lag
from streams.topic_layout import partition_counts
from tests.integration.app_process import Task, names_of
from tests.integration.test_apps_refusals import PROGRAM, ROOT

ReadTopic = Callable[[KafkaSettings, str], list[Any]]
MIB = 1 << 20


@dataclass(frozen=True, slots=True)
class Ground:
    """Topics of the test's own on the real broker, and apps on them."""

    kafka: KafkaSettings
    directory: Path
    admin: AdminClient
    running: "list[subprocess.Popen[str]]"

    def start(self, app: str, instance: str = "", names: Mapping[str, object] = MappingProxyType({})) -> "subprocess.Popen[str]":
        """`instance`: a lasting name; `names`: settings of Kafka other than the ground's."""
        task = Task(
            instance=instance,
            brokers=list(self.kafka.brokers),
            names=names_of(self.kafka) | dict(names),
            state_dir=str(self.directory / "state"),
            written=str(self.directory / "written.jsonl"),
        )
        settings = self.directory / f"{app}.json"
        settings.write_bytes(msgspec.json.encode(task))
        command = [sys.executable, str(PROGRAM), app, str(settings)]
        process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, cwd=ROOT, env={"PYTHONPATH": str(ROOT)})
        self.running.append(process)
        return process

    def drain(self, *apps: str, **names: object) -> None:
        """Run apps one after the other until each has committed all that its topics hold, and end them cleanly."""
        for app in apps:
            process = self.start(app, names=names)
            with LagReader(replace(self.kafka, **names), app) as reader:  # type: ignore[arg-type] # partition counts
                deadline = time.monotonic() + 60
                while total_lag(found := reader.read()):
                    assert process.poll() is None, process.communicate()[1]
                    assert time.monotonic() < deadline, found
                    time.sleep(0.1)
            process.terminate()
            said = process.communicate(timeout=40)[1]
            assert process.returncode == 0, said

    def await_read(self, app: str) -> None:
        """Until the group of an app that runs has committed all that its topics hold."""
        with LagReader(self.kafka, app) as reader:
            deadline = time.monotonic() + 60
            while total_lag(found := reader.read()):
                assert time.monotonic() < deadline, found
                time.sleep(0.1)

    def send(
        self,
        values: Sequence[bytes | None],
        partition: int = 0,
        *,
        topic: str = "",
        codec: str = "none",
        stamp: int = 0,
        key: bytes | None = None,
    ) -> None:
        """With acks from all. `stamp`: what the producer's own clock says, ms; 0 for the time it is."""
        producer = self.producer(**{"compression.type": codec})
        for value in values:
            producer.produce(topic or self.kafka.mentions, value, key, partition, timestamp=stamp)
        assert producer.flush(30) == 0

    def producer(self, **options: object) -> Producer:
        wide = {"message.max.bytes": 4 * MIB, "acks": "all", "log_level": 0}
        return Producer({"bootstrap.servers": self.kafka.brokers[0], **wide, **options})

    def forget(self, topic: str, partition: int, before: int) -> None:
        """As retention does: records before an offset are gone."""
        for asked in self.admin.delete_records([TopicPartition(topic, partition, before)]).values():
            asked.result(20)

    def make_anew(self, topic: str) -> None:
        for deleted in self.admin.delete_topics([topic]).values():
            deleted.result(20)
        deadline = time.monotonic() + 30
        while True:
            [made] = self.admin.create_topics([NewTopic(topic, partition_counts(self.kafka)[topic], 1)]).values()
            try:
                made.result(20)
            except KafkaException:  # the broker is still deleting the one before
                assert time.monotonic() < deadline
                time.sleep(0.2)
            else:
                return

    def tallied(self, read_topic: ReadTopic) -> tuple[int, int, int]:
        """State, late and duplicate over all themes."""
        last: dict[tuple[str, int], Tally] = {}
        for record in read_topic(self.kafka, self.kafka.rankings):
            found = decode_publication(record.value)
            if isinstance(found, Tally) and found.next_offset >= last.get((found.theme, found.partition), found).next_offset:
                last[found.theme, found.partition] = found
        counts = [(tally.state, tally.late, tally.duplicate) for tally in last.values()]
        return tuple(map(sum, zip(*counts, strict=True)))  # type: ignore[return-value] # three of them

    def letters(self, read_topic: ReadTopic) -> list[tuple[str, bytes]]:
        found = read_topic(self.kafka, self.kafka.dead)
        return sorted((dict(record.headers)["reason"].decode(), record.value or b"") for record in found)


def event(number: int, at: int, **fields: object) -> bytes:
    base = {"schema": "mention.v1", "event_id": f"e{number}", "source": "s", "kind": "post", "actor_id": "s:a", "themes": ["t"]}
    return json.dumps(base | {"occurred_at": at} | fields).encode()
