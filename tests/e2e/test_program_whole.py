"""The whole program as people use it, undisturbed and with every app killed: feed, worker, top, replay, explain, doctor."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

import pytest

from prescribers.idleness import ORDER
from prescribers.simulation import SimulationSettings, simulate
from prescribers.stack.local_stack import stop_stack
from streams.kafka_settings import KafkaSettings
from tests.contracts.warehouse_process import need_embedded_engine

pytestmark = [pytest.mark.slow]
EVENTS = 4000
CONFIG = """
data_dir = "."
[worker]
normalise_port = 0
rank_port = 0
store_port = 0
checkpoint = "1s"
[themes.demo]
step = "1d"
shadow = ["help", "recommend,tau=0.5"]
"""
DATES = ("2025-09-20", "2025-10-15T12:30:00Z", "2025-11-14")
NAMES = ("group_prefix", "mentions", "interactions", "rankings", "dead", "controls")
BAD = (b"not json", b'{"schema":"mention.v1"}', b"")


@dataclass(frozen=True, slots=True)
class Program:
    """The program in a directory of its own, with nothing of ours in its environment but `settings`."""

    directory: Path
    settings: dict[str, str] = field(default_factory=dict)

    def run(self, *words: str, status: int = 0) -> "subprocess.CompletedProcess[str]":
        done = subprocess.run(
            [sys.executable, "-m", "prescribers", *words],
            cwd=self.directory,
            env=self.environ(),
            capture_output=True,
            text=True,
            timeout=170,
            check=False,
            stdin=subprocess.DEVNULL,
        )
        assert done.returncode == status, f"{words}: {done.returncode}\n{done.stdout}\n{done.stderr}"
        assert "Traceback" not in done.stderr
        return done

    def rows(self, *words: str) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.run(*words).stdout.splitlines()]

    def start(self, *words: str, stderr: IO[bytes] | int = subprocess.DEVNULL) -> "subprocess.Popen[bytes]":
        command = [sys.executable, "-m", "prescribers", *words]
        return subprocess.Popen(command, cwd=self.directory, env=self.environ(), stderr=stderr)

    def environ(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("PRESCRIBERS_")}
        return kept | {"PYTHONPATH": str(Path(__file__).resolve().parents[2])} | self.settings


@pytest.fixture(scope="module", params=["calm", "killed", pytest.param("real Kafka", marks=pytest.mark.real_kafka)])
def program(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, own_names: Callable[[KafkaSettings], KafkaSettings]
) -> Iterator[Program]:
    """Fed and drained once; the tests of this module look at what came out."""
    need_embedded_engine()
    program = Program(tmp_path_factory.mktemp("e2e"))
    if request.param == "real Kafka":
        kafka = own_names(request.getfixturevalue("real_kafka"))
        program = Program(program.directory, {f"PRESCRIBERS_KAFKA__{name.upper()}": str(getattr(kafka, name)) for name in NAMES})
        program.settings["PRESCRIBERS_KAFKA__BROKERS"] = ",".join(kafka.brokers)
        program.run("topics")
    (program.directory / "prescribers.toml").write_text(CONFIG, "utf-8")
    lines = list(simulate(SimulationSettings(events=EVENTS, seed=3)))
    lines[100:100] = BAD
    (program.directory / "mentions.jsonl").write_bytes(b"\n".join(lines) + b"\n")
    program.run("feed", "--close", "mentions.jsonl")
    if request.param == "killed":
        drain_with_kills(program)
    program.run("worker", "--until-idle")
    yield program
    stop_stack(program.directory)


def drain_with_kills(program: Program) -> None:
    """Each app is killed once while it runs; the supervisor, which says who runs as which process, starts it again."""
    said = program.directory / "worker.log"
    with said.open("wb") as log:
        worker = program.start("worker", "--until-idle", stderr=log)
        killed: set[str] = set()
        while worker.poll() is None and len(killed) < len(ORDER):
            time.sleep(1.2)
            running = dict(re.findall(r"^(\w+) runs as process (\d+)", said.read_text("utf-8"), re.MULTILINE))
            app = next((app for app in running if app not in killed), None)
            if app:
                os.kill(int(running[app]), signal.SIGKILL)
                killed.add(app)
        assert worker.wait(timeout=170) == 0
    assert killed


@pytest.mark.parametrize("at", DATES)
def test_the_warehouse_says_exactly_what_a_replay_says(program: Program, at: str) -> None:
    from_warehouse = program.rows("top", "demo", "--all", "--json", "--at", at)
    from_file = program.rows("replay", "mentions.jsonl", "--json", "--at", at)
    assert from_warehouse
    assert from_warehouse == from_file


def test_a_typed_question_is_answered_as_the_list_is(program: Program) -> None:
    question = "SELECT rank, actor_id FROM ranking_current WHERE theme = 'demo' ORDER BY rank, actor_id"
    listed = [{name: row[name] for name in ("rank", "actor_id")} for row in program.rows("top", "demo", "--all", "--json")]
    assert program.rows("sql", "--json", question) == listed
    assert listed[0]["actor_id"] in program.run("sql", f"{question} LIMIT 1;").stdout


def test_ranks_by_other_measures_are_those_of_a_replay_to_the_run_that_told_them(program: Program) -> None:
    shown = program.rows("top", "demo", "--all", "--json", "--centralities", "--at", DATES[1])
    told = {row["actor_id"]: row["centralities"] for row in shown if row["centralities"]}
    (as_of,) = {each["as_of"] for each in told.values()}
    assert as_of < shown[0]["window_end"]
    replayed = program.rows("replay", "mentions.jsonl", "--json", "--centralities", "--at", as_of)
    there = {row["actor_id"]: row["centralities"] for row in replayed}
    assert len(told) > 50
    assert told == {actor: there[actor] for actor in told}
    assert "PageR." in program.run("top", "demo", "--centralities").stdout


@pytest.mark.parametrize("score", ["help", "recommend,tau=0.5"])
def test_a_shadow_says_exactly_what_a_replay_under_its_score_says(program: Program, score: str) -> None:
    found = [program.rows("top", "demo", "--all", "--json", "--at", at, "--score", score) for at in DATES]
    assert found == [program.rows("replay", "mentions.jsonl", "--json", "--at", at, "--score", score) for at in DATES]
    version, first = found[-1][0]["score_version"], found[-1][0]["actor_id"]
    assert program.rows("top", "demo", "--all", "--json", "--at", DATES[-1], "--score", version) == found[-1]
    own, other = (
        json.loads(program.run("explain", "demo", first, "--json", *flags).stdout) for flags in ((), ("--score", score))
    )
    assert (own["score_version"] != version, other["score_version"]) == (True, version)
    assert other["receipt"]["parts"]


def test_the_scores_that_rank_a_theme_are_told(program: Program) -> None:
    (told,) = json.loads(program.run("themes", "--json").stdout)
    assert [(v["score_name"], v["shadow"], v["runs"]) for v in told["versions"]] == [
        ("recommend", False, told["runs"]),
        ("help", True, told["runs"]),
        ("recommend,tau=0.5", True, told["runs"]),
    ]
    assert "recommend,tau=0.5" in program.run("themes").stdout
    assert "under help, as of" in program.run("top", "demo", "--score", "help").stdout
    assert "Ranked under: recommend (" in program.run("top", "demo", "--score", "launch", status=5).stderr
    assert "demo by help; demo by recommend,tau=0.5" in " ".join(program.run("doctor").stdout.split())


def test_every_event_ends_in_one_fate(program: Program) -> None:
    from sinks.clickhouse import queries
    from sinks.clickhouse.warehouse import Warehouse

    warehouse = Warehouse(_warehouse(program))
    found = queries.fates(warehouse)
    warehouse.close()
    assert sum(row["events"] for row in found) == EVENTS + len(BAD)
    assert sum(row["events"] for row in found if row["fate"] == "dead") == len(BAD)


def test_planted_prescribers_come_before_the_broadcaster(program: Program) -> None:
    from prescribers.planted_places import first_among, planted_places
    from prescribers.simulation import truth

    rows = program.rows("top", "demo", "--all", "--json")
    places = planted_places(dict(truth(SimulationSettings(events=EVENTS, seed=3))), rows)
    assert first_among(places).split()[0] in {"4", "5"}


def test_an_explanation_adds_up_and_can_be_followed(program: Program) -> None:
    first = program.rows("top", "demo", "-n", "1", "--json")[0]
    explained = json.loads(program.run("explain", "demo", first["actor_id"], "--json").stdout)
    assert sum(part["points"] for part in explained["parts"]) == pytest.approx(first["score"], rel=1e-9)
    text = program.run("explain", "demo", first["actor_name"], "--lang", "fr").stdout
    short = first["actor_id"].removeprefix(f"{first['source']}:")
    assert program.run("explain", "demo", short, "--lang", "fr").stdout == text
    assert explained["evidence"][0]["url"] in text


def test_what_does_not_exist_is_status_5_and_what_is_too_early_is_an_empty_state(program: Program) -> None:
    assert "There are: demo" in program.run("top", "nowhere", status=5).stderr
    assert "is not among" in program.run("explain", "demo", "nobody", status=5).stderr
    assert "the first is of 2025-09" in program.run("top", "demo", "--at", "2020-01-01").stderr


def test_a_second_drain_has_nothing_to_do_and_changes_nothing(program: Program) -> None:
    before = program.run("top", "demo", "--all", "--json").stdout
    program.run("worker", "--until-idle")
    assert program.run("top", "demo", "--all", "--json").stdout == before


def test_the_doctor_finds_every_link_well(program: Program) -> None:
    found = json.loads(program.run("doctor", "--json").stdout)
    assert {one["link"]: one["state"] for one in found if one["state"] != "ok"} == {}
    assert {"kafka", "topics", "group rank", "clickhouse", "migrations", "disk", "snapshots"} <= {one["link"] for one in found}


def test_a_wrong_partition_count_is_refused_with_status_2(program: Program) -> None:
    said = program.run("--set", "kafka.rankings_partitions=3", "worker", "--until-idle", status=2).stderr
    assert "rankings has 6 partitions, the configuration wants 3" in said


def test_a_worker_ends_cleanly_on_sigterm(program: Program) -> None:
    worker = program.start("worker")
    try:
        time.sleep(6)  # until the apps run; ending them earlier is as clean
        assert worker.poll() is None
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(timeout=60) == 0
    finally:
        worker.kill()


def test_the_demonstration_ends_by_itself_with_a_ranking(tmp_path: Path) -> None:
    need_embedded_engine()
    done = Program(tmp_path).run("demo", "--events", "4000", "--keep", "kept")
    assert "planted prescribers come before the broadcaster" in done.stdout
    assert "by foll." in done.stdout
    assert (tmp_path / "kept" / "mentions.truth.json").is_file()
    assert not (tmp_path / "kept" / "stack.json").exists()
    assert "holds a demonstration already" in Program(tmp_path).run("demo", "--keep", "kept", status=4).stderr


def _warehouse(program: Program) -> Any:  # noqa: ANN401 - the settings' type is of no interest here
    from prescribers.stack.local_stack import find_stack
    from sinks.clickhouse.warehouse_settings import parse_warehouse_url

    stack = find_stack(program.directory)
    assert stack is not None
    return parse_warehouse_url(stack.clickhouse_url)
