"""`prescribers evaluate` from files to tables and JSON; sets listed in a file."""

from pathlib import Path

import orjson
import pytest

from graph.evaluation.baselines import BASELINES
from graph.evaluation.own_scores import COLUMNS
from graph.theme_settings import DAY_MS
from prescribers.evaluation_sets import Entry, listed, plan_of, set_name
from prescribers.failures import ConfigurationFailure
from prescribers.main import run
from prescribers.simulation import SimulationSettings, simulate

WINDOWS = ["--window", "10d", "--outcome", "5d"]


@pytest.fixture(scope="module")
def conversation(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("evaluate") / "mentions.jsonl"
    file.write_bytes(b"\n".join([*simulate(SimulationSettings(events=3000, days=30)), b"{}", b"x" * (16 << 20)]) + b"\n")
    return file


def test_a_simulated_conversation_is_evaluated_as_json(conversation: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert run(["evaluate", *WINDOWS, "--json", str(conversation)]) == 0
    said = capfd.readouterr()
    found = orjson.loads(said.out)
    (one,) = found["sets"]
    assert one["name"] == "demo"
    assert (one["window"], one["outcome"], one["every"], one["candidates"]) == ("10d", "5d", "5d", "acted")
    assert [date["at"] for date in one["dates"] if "Y1" in date["marks"]] == ["2025-09-16T03:00:00Z", "2025-09-21T03:00:00Z"]
    assert set(found["means"]) == {"Y1", "Y2", "Y3", "Y4"}
    assert set(found["means"]["Y1"]["ndcg"]) == set(BASELINES) | set(COLUMNS)
    ours = found["means"]["Y1"]["ndcg"]["reach"]
    assert ours["mean"] == ours["by_set"]["demo"] > found["means"]["Y1"]["ndcg"]["followers"]["mean"]
    comparison = found["comparisons"][0]
    assert comparison["low"] <= comparison["difference"] <= comparison["high"]
    assert "Not looked at, by reason: unknown_schema 1" in said.err
    assert f"{16 << 20} bytes are more than a message holds" in said.err


def test_tables_show_every_baseline_and_mark_our_scores(conversation: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page = conversation.parent / "page.html"
    assert run(["evaluate", *WINDOWS, "--addressed", "--html", str(page), str(conversation)]) == 0
    said = capsys.readouterr()
    assert page.read_text("utf-8").count("<svg") > len(COLUMNS)
    assert "page.html: the charts" in said.err
    assert "Y1: future distinct responders. NDCG@k" in said.out
    assert all(f"{name}*" in said.out for name in COLUMNS)
    assert all(name in said.out for name in BASELINES)
    assert "Y2: headline less the baseline" in said.out
    assert max(len(line) for line in said.out.splitlines()) <= 80
    assert "95 % interval" in said.err
    assert "demo: judged at 2 cut dates, 2025-09-16 03:00 to 2025-09-21 03:00 UTC." in said.err
    assert "1 conversation, 2 cut dates." in page.read_text("utf-8")


def test_an_outcome_that_the_conversation_does_not_have_has_no_table(
    conversation: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    kept = [line for line in conversation.read_bytes().splitlines() if b'"reply"' in line or b'"post"' in line]
    file = tmp_path / "plain.jsonl"
    file.write_bytes(b"\n".join(kept))
    assert run(["evaluate", *WINDOWS, str(file)]) == 0
    said = capsys.readouterr()
    assert "Y1: " in said.out
    assert "Y4: " not in said.out
    assert "Not looked at" not in said.err


def test_sets_come_from_a_file_with_windows_of_their_own(conversation: Path, capfd: pytest.CaptureFixture[str]) -> None:
    listing = conversation.parent / "sets.toml"
    listing.write_text(
        f'[sets.short]\nfiles = ["{conversation.name}"]\nwindow = "8d"\nhalf_life = "60h"\nevery = "6d"\n'
        f'[sets.usual]\nfiles = ["{conversation.name}"]\n',
        "utf-8",
    )
    assert run(["evaluate", *WINDOWS, "--sets", str(listing), "--json"]) == 0
    found = orjson.loads(capfd.readouterr().out)
    assert [(one["name"], one["window"], one["half_life"], one["outcome"], one["every"]) for one in found["sets"]] == [
        ("short", "8d", "60h", "4d", "6d"),
        ("usual", "10d", "85h", "5d", "5d"),
    ]


def test_a_conversation_without_a_cut_date_is_said_to_have_none(conversation: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["evaluate", str(conversation)]) == 5
    assert "no cut date to look at" in capsys.readouterr().err


def test_dates_left_out_are_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "few.jsonl"
    file.write_bytes(b"\n".join(list(simulate(SimulationSettings(events=600, days=60)))[:100]))
    assert run(["evaluate", "--window", "2d", str(file)]) == 5
    assert "cut dates left out on Y1, Y2, Y3: fewer than 30 candidates" in capsys.readouterr().err


def test_files_and_a_listing_are_two_ways_to_say_one_thing(conversation: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["evaluate"]) == 2
    assert run(["evaluate", "--sets", str(conversation), str(conversation)]) == 2
    assert "name files, or --sets" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("sets = 3", "is wrong or missing"),
        ("[other]", "'sets' is wrong or missing"),
        ("[sets.a]\nwindow = '3d'", "'files' is wrong or missing"),
        ("[sets.a]\nfiles = ['nowhere.jsonl']", "no such file"),
        ("[sets.a]\nfiles = ['sets.toml']\nwindows = '3d'", "unknown key windows"),
        ("[sets.a]\nfiles = ['sets.toml']\nwindow = 3", "is no duration"),
        ("= 3", "wrong or missing"),
    ],
)
def test_a_listing_that_makes_no_sense_is_said_with_an_example(text: str, said: str, tmp_path: Path) -> None:
    listing = tmp_path / "sets.toml"
    listing.write_text(text, "utf-8")
    with pytest.raises(ConfigurationFailure, match=said):
        listed(listing, plan_of(DAY_MS, None, None, None, None))


def test_a_set_is_named_by_entry_theme_or_both() -> None:
    plan = plan_of(28 * DAY_MS, None, None, None, None)
    assert (plan.half_life_ms, plan.outcome_ms, plan.every_ms) == (10 * DAY_MS, 14 * DAY_MS, 14 * DAY_MS)
    assert set_name(Entry("", (), plan), "lean", ["lean", "rust"]) == "lean"
    assert set_name(Entry("one", (), plan), "lean", ["lean"]) == "one"
    assert set_name(Entry("one", (), plan), "lean", ["lean", "rust"]) == "one/lean"
