"""`prescribers attack` from files and simulated communities to tables and JSON."""

from pathlib import Path

import orjson
import pytest

from graph.attacks.catalogue import ATTACKS
from prescribers.main import run
from prescribers.simulation import SimulationSettings, simulate

WINDOW = ["--window", "10d", "--dates", "1"]


@pytest.fixture(scope="module")
def conversation(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("attack") / "mentions.jsonl"
    file.write_bytes(b"\n".join(simulate(SimulationSettings(events=3000, days=60))))
    return file


def test_every_attack_is_reported_under_every_score(conversation: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert run(["attack", *WINDOW, "--size", "5", "--json", str(conversation)]) == 0
    found = orjson.loads(capfd.readouterr().out)
    assert {one["attack"] for one in found["results"]} == set(ATTACKS)
    assert {one["score"] for one in found["results"]} == {"score", "PageRank", "in-degree", "distinct responders"}
    assert {(one["community"], one["accounts"]) for one in found["runs"]} == {("demo", 5)}
    assert len(found["prices"]) == 4 * len(ATTACKS)


def test_sizes_have_a_table_each_and_prices_one(conversation: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["attack", *WINDOW, "--size", "3", "--size", "30", "--attack", "ring", "--attack", "spam", str(conversation)]
    page = conversation.parent / "page.html"
    assert run([*words, "--html", str(page)]) == 0
    said = capsys.readouterr()
    assert page.read_text("utf-8").count("<svg") == 2
    assert "In the top k, 3 accounts" in said.out
    assert "In the top k, 30 accounts" in said.out
    assert "Price of entry" in said.out
    assert max(len(line) for line in said.out.splitlines()) <= 80
    assert "Ties count against the attack" in said.err


def test_a_real_ring_is_replayed_from_its_file(conversation: Path, capfd: pytest.CaptureFixture[str]) -> None:
    ring = conversation.parent / "ring.jsonl"
    ring.write_bytes(b"\n".join(simulate(SimulationSettings(events=300, days=9, theme="ring", source="elsewhere"))))
    listing = conversation.parent / "sets.toml"
    listing.write_text(f'[sets.one]\nfiles = ["{conversation.name}"]\n', "utf-8")
    assert run(["attack", *WINDOW, "--sets", str(listing), "--ring", str(ring), "--json"]) == 0
    found = orjson.loads(capfd.readouterr().out)
    assert {(one["community"], one["attack"]) for one in found["runs"]} == {("one", "real ring")}


def test_without_a_file_communities_are_simulated(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr("prescribers.attack_run.SIMULATED_EVENTS", 2000)
    monkeypatch.setattr("prescribers.attack_run.SIMULATED_DAYS", 60)
    assert run(["attack", *WINDOW, "--simulated", "2", "--attack", "star", "--size", "4", "--json"]) == 0
    assert {one["community"] for one in orjson.loads(capfd.readouterr().out)["runs"]} == {"simulated-1", "simulated-2"}


def test_what_is_no_attack_is_said_with_those_that_are(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["attack", "--attack", "bribe"]) == 2
    assert 'no attack "bribe"; there are: star, ring' in capsys.readouterr().err


def test_a_conversation_without_a_crowd_cannot_be_attacked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "few.jsonl"
    file.write_bytes(b"\n".join(list(simulate(SimulationSettings(events=600, days=60)))[:40]))
    assert run(["attack", str(file)]) == 5
    assert "no date with 30 people" in capsys.readouterr().err
