"""Dead letters from the brake to the replay, as people meet them: on the local stack and on a real broker."""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from graph.publication import Tally, decode_publication
from prescribers.stack.local_stack import find_stack, stop_stack
from streams.kafka_settings import KafkaSettings
from tests.contracts.warehouse_process import need_embedded_engine
from tests.e2e.test_program_whole import CONFIG, NAMES, Program

pytestmark = [pytest.mark.slow]
GOOD, PRIVATE = 20, 8
ALLOWED = ("--set", "input.allow_private=true")
DRAIN = ("worker", "--until-idle")


@pytest.fixture(params=["local stack", pytest.param("real Kafka", marks=pytest.mark.real_kafka)])
def program(
    request: pytest.FixtureRequest, tmp_path: Path, own_names: Callable[[KafkaSettings], KafkaSettings]
) -> Iterator[Program]:
    (tmp_path / "prescribers.toml").write_text(CONFIG, "utf-8")
    need_embedded_engine()
    if request.param == "local stack":
        yield Program(tmp_path)
        stop_stack(tmp_path)
        return
    kafka = own_names(request.getfixturevalue("real_kafka"))
    settings = {f"PRESCRIBERS_KAFKA__{name.upper()}": str(getattr(kafka, name)) for name in NAMES}
    program = Program(tmp_path, settings | {"PRESCRIBERS_KAFKA__BROKERS": ",".join(kafka.brokers)})
    program.run("topics")
    yield program
    stop_stack(tmp_path)


def event(number: int, visibility: str) -> bytes:
    fixed = {"schema": "mention.v1", "source": "s", "kind": "post", "actor_id": "s:a", "occurred_at": 1_700_000_000_000 + number}
    return json.dumps(fixed | {"event_id": f"e{number}", "visibility": visibility}).encode()


def test_the_brake_stops_with_status_4_and_replayed_letters_count_once(
    program: Program, read_topic: Callable[[KafkaSettings, str], list[Any]]
) -> None:
    lines = [event(n, "public" if n < GOOD else "private") for n in range(GOOD + PRIVATE)]
    (program.directory / "mentions.jsonl").write_bytes(b"\n".join(lines) + b"\n")
    program.run("feed", "--theme", "lean", "mentions.jsonl")
    said = program.run("--set", "worker.brake_run=5", *DRAIN, status=4).stderr
    assert re.search(r"mentions\[\d\]: 5 dead letters in a row, the last for private", said)
    assert "worker.brake_run" in said
    program.run("--set", "worker.brake_run=0", *DRAIN)

    letters = program.rows("dead", "list", "--json")
    assert [(one["reason"], one["theme"]) for one in letters] == [("private", "lean")] * PRIVATE
    assert program.rows("dead", "list", "--json", "--reason", "future") == []
    assert "private" in program.run("dead", "list", "-n", "2").stdout
    shown = json.loads(program.run("dead", "show", letters[0]["place"], "--json").stdout)
    assert shown["payload"].encode() == lines[GOOD] == program.run("dead", "show", letters[0]["place"], "--raw").stdout.encode()
    assert "Which there are" in program.run("dead", "show", "0:9999", status=5).stderr
    program.run("dead", "show", "twelve", status=2)

    still = json.loads(program.run("dead", "replay", "--dry-run", "--json").stdout)
    assert still == {"sent": 0, "still_refused": {"private": PRIVATE}, "foreign": 0, "dry_run": True}
    assert "left where they are" in program.run("dead", "replay").stderr
    for _ in range(2):
        assert f"Sent {PRIVATE} dead letters again" in program.run(*ALLOWED, "dead", "replay", "--reason", "private").stdout
    assert json.loads(program.run(*ALLOWED, "dead", "replay", letters[0]["place"], "--json").stdout)["sent"] == 1
    program.run(*ALLOWED, *DRAIN)
    tallies = [decode_publication(r.value) for r in read_topic(kafka_of(program), kafka_of(program).rankings)]
    last = max((tally for tally in tallies if isinstance(tally, Tally)), key=lambda tally: tally.next_offset)
    assert (last.state, last.late, last.duplicate) == (GOOD + PRIVATE, 0, PRIVATE + 1)


def kafka_of(program: Program) -> KafkaSettings:
    if program.settings:
        brokers = program.settings["PRESCRIBERS_KAFKA__BROKERS"]
        named = {name: program.settings[f"PRESCRIBERS_KAFKA__{name.upper()}"] for name in NAMES}
        return replace(KafkaSettings(brokers=(brokers,)), **named)  # type: ignore[arg-type] # all of them texts
    stack = find_stack(program.directory)
    assert stack is not None
    return KafkaSettings(brokers=tuple(stack.brokers))
