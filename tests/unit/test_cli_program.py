"""The program as a whole: help, examples, exit statuses, one line for every failure."""

import importlib
import re
import shlex
import subprocess
import sys
from functools import partial
from pathlib import Path

import click
import pytest

from prescribers import main as program_module
from prescribers.failures import STATUS_BY_ERROR, Failure, NotFoundFailure, status_of
from prescribers.main import COMMANDS, EPILOG, program, run
from prescribers.simulation import SimulationSettings, simulate
from sinks.clickhouse.warehouse_errors import WarehouseAuthError, WarehouseUnreachableError
from streams import topics
from streams.feed_producer import FeedProducer

HEAVY = {
    "rich",
    "msgspec",
    "orjson",
    "structlog",
    "numpy",
    "scipy",
    "faust",
    "kafka",
    "confluent_kafka",
    "clickhouse_driver",
    "chdb",
    "aiokafka",
    "networkx",
}


def examples(help_text: str) -> list[list[str]]:
    return [shlex.split(line) for line in re.findall(r"^ +(prescribers .*)$", help_text, re.MULTILINE) if "=fish" not in line]


def command_of(words: list[str]) -> tuple[click.Command, list[str]]:
    """The command that an example calls, and its own words, after the global flags."""
    rest = words[1:]
    while rest[0] in {"--config", "--set"}:
        rest = rest[2:]
    found = program.get_command(click.Context(program), rest[0])
    assert found is not None, rest[0]
    return found, rest[1:]


def commands() -> dict[str, click.Command]:
    """Every command by its words, `dead list` as well as `dead`."""
    found: dict[str, click.Command] = {}
    for name in COMMANDS:
        command = program.get_command(click.Context(program), name)
        assert command is not None
        found[name] = command
        if isinstance(command, click.Group):
            found |= {f"{name} {below}": inner for below, inner in command.commands.items()}
    return found


@pytest.mark.parametrize("name", commands())
def test_help_shows_two_examples_of_the_command_that_parse(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for file in ("mentions.jsonl", "lean.jsonl.gz", "january.jsonl.gz", "february.jsonl.gz"):
        (tmp_path / file).touch()
    command = commands()[name]
    found = examples(command.get_help(click.Context(command, info_name=name)))
    assert len(found) >= 2
    for words in found:
        called, rest = command_of(words)
        assert called.name == name.split(maxsplit=1)[0]
        context = called.make_context(name, list(rest))
        if isinstance(called, click.Group):
            inner = called.commands[rest[0]]
            assert inner is command or called is command
            inner.make_context(rest[0], list(rest[1:]), parent=context)


def test_the_programs_own_examples_parse() -> None:
    for words in examples(EPILOG):
        called, rest = command_of(words)
        called.make_context(str(called.name), list(rest))


def test_help_loads_nothing_heavy() -> None:
    script = (
        "import sys\nfrom prescribers.main import run\n"
        "try:\n    run(['--help'])\nexcept SystemExit:\n    pass\n"
        f"sys.stderr.write(','.join(sorted({HEAVY!r} & set(sys.modules))))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=60)
    assert done.stderr == ""
    for name in COMMANDS:
        assert re.search(rf"^  {name}\b", done.stdout, re.MULTILINE)
    assert "_PRESCRIBERS_COMPLETE=zsh_source" in done.stdout


def test_what_is_not_there_yet_is_no_command() -> None:
    for name in ("list", "object", "erase", "web", "person"):
        assert program.get_command(click.Context(program), name) is None


@pytest.mark.parametrize("name", STATUS_BY_ERROR)
def test_every_error_named_by_text_exists(name: str) -> None:
    module, _, kind = name.rpartition(".")
    found = getattr(importlib.import_module(module), kind)
    assert issubclass(found, Exception)


def test_statuses_are_those_of_the_contract() -> None:
    assert status_of(NotFoundFailure("x")) == 5
    assert status_of(WarehouseUnreachableError("h:1", "away")) == 3
    assert status_of(WarehouseAuthError("x")) == 2
    assert status_of(ValueError("x")) is None


def raising(monkeypatch: pytest.MonkeyPatch, error: BaseException) -> None:
    def fail() -> None:
        raise error

    monkeypatch.setattr(program_module, "program", click.Command("fails", callback=fail))


@pytest.mark.parametrize(
    ("error", "status", "said"),
    [
        (NotFoundFailure("no such theme"), 5, "prescribers: no such theme\n"),
        (Failure("it broke"), 1, "prescribers: it broke\n"),
        (KeyboardInterrupt(), 1, "Stopped before the end.\n"),
    ],
)
def test_a_failure_is_one_line_and_a_status(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], error: BaseException, status: int, said: str
) -> None:
    raising(monkeypatch, error)
    assert run([]) == status
    assert capsys.readouterr().err.lstrip("\n") == said


def test_what_nobody_foresaw_is_one_line_and_a_file(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    raising(monkeypatch, RuntimeError("odd\nsecond line"))
    assert run([]) == 1
    said = capsys.readouterr().err
    assert said.startswith("prescribers: unexpected RuntimeError: odd (a bug; details in ")
    assert said.count("\n") == 1
    log = Path(said.split("details in ")[1].strip().rstrip(")"))
    assert "Traceback" in log.read_text("utf-8")
    log.unlink()


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        (["nonsense"], 2, "No such command 'nonsense'.\n"),
        (["tpo", "lean"], 2, "No such command 'tpo'. The nearest is top."),
        (["--set", "kafka.broker=x", "config"], 2, "nearest is kafka.brokers"),
        (["--config", "nowhere.toml", "config"], 2, "no such file"),
        (["top", "lean", "--at", "yesterday"], 2, "write a date like"),
        (["replay", "nowhere.jsonl"], 2, "nowhere.jsonl"),
        (["replay", "--every", "7", "-"], 2, "7 is no duration"),
        (["replay", "--score", "loud", "-"], 2, "no preset loud"),
    ],
)
def test_wrong_usage_is_said_with_status_2(
    words: list[str], status: int, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(words) == status
    error = capsys.readouterr().err.replace('"', "")
    assert said in error
    assert "Traceback" not in error


def test_a_workers_child_dies_of_a_signal_until_it_has_handlers_of_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    called: list[str] = []
    for words in (["config"], ["app", "--help"], ["themes", "--help"]):
        run(words, listen=partial(called.append, words[0]))
    assert called == ["config", "themes"]


@pytest.mark.parametrize("words", [["themes"], ["stack"], ["demo", "--keep", "file/kept"]])
def test_a_directory_that_cannot_be_made_is_one_line_with_a_remedy(
    words: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "file").touch()
    assert run(["--set", "data_dir=file/data", *words]) == 1
    said = capsys.readouterr().err
    assert said.startswith("prescribers: ")
    assert f"{tmp_path}/file/" in said
    assert "not a directory" in said
    assert ("data_dir" in said) == (words[0] != "demo")
    assert said.count("\n") == 1


def test_a_recording_without_the_theme_asked_for_says_which_it_has(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "mentions.jsonl"
    file.write_bytes(b"\n".join(simulate(SimulationSettings(events=600, days=10))))
    assert run(["replay", "--theme", "dmeo", str(file)]) == 5
    assert "There is no theme dmeo here. There are: demo" in capsys.readouterr().err
    for words in (["evaluate"], ["attack"]):
        assert run([*words, "--theme", "dmeo", str(file)]) == 5
        assert "no event reached dmeo" in capsys.readouterr().err


AWAY = {
    "PRESCRIBERS_KAFKA__BROKERS": "127.0.0.1:1",
    "PRESCRIBERS_CLICKHOUSE__URL": "clickhouse://127.0.0.1:1/prescribers",
}


@pytest.mark.parametrize("words", [["topics"], ["worker"], ["feed", "mentions.jsonl"], ["top", "lean"], ["migrate"], ["doctor"]])
def test_a_service_that_is_away_is_one_line_with_a_remedy_and_status_3(
    words: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    for patient in (topics.plan, topics.check, topics.create, FeedProducer.__init__):
        monkeypatch.setattr(patient, "__kwdefaults__", (patient.__kwdefaults__ or {}) | {"patience_s": 0.5})
    (tmp_path / "mentions.jsonl").write_bytes(b"{}\n")
    for name, value in AWAY.items():
        monkeypatch.setenv(name, value)
    assert run(words) == 3
    output = capsys.readouterr()
    said = output.err or output.out
    assert "127.0.0.1:1" in said
    assert "Traceback" not in said
    assert words == ["doctor"] or said.count("\n") == 1
