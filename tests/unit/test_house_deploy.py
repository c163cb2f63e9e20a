"""What the deployment names exists: commands, settings, files, secrets, metrics; and what it promises is set."""

import json
import re
from pathlib import Path
from typing import Any

import click
import pytest
import yaml

from prescribers.main import program
from prescribers.setting_layers import Sources, effective_settings

ROOT = Path(__file__).resolve().parents[2]
APPS = ("normalise", "rank", "store")
ONCE = ("topics", "migrate")


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    """docker-compose.yml with the variables at their defaults."""
    text = (ROOT / "docker-compose.yml").read_text("utf-8")
    document = yaml.safe_load(re.sub(r"\$\{\w+:-([^}]*)\}", r"\1", text))
    assert isinstance(document, dict)
    return document


@pytest.mark.parametrize("name", [*APPS, *ONCE])
def test_each_containers_command_is_one_the_program_understands(compose: dict[str, Any], name: str) -> None:
    command, *arguments = compose["services"][name]["command"]
    found = program.get_command(click.Context(program), command)
    assert found is not None
    found.make_context(command, list(arguments))


@pytest.mark.parametrize("name", [*APPS, *ONCE])
def test_each_containers_settings_are_ones_the_program_accepts(compose: dict[str, Any], name: str, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("0123456789abcdef")
    environ = {key: str(value) for key, value in compose["services"][name]["environment"].items()}
    environ = {key: str(secret) if key.endswith("_FILE") else value for key, value in environ.items()}
    assert environ.pop("PRESCRIBERS_CONFIG") == "/etc/prescribers/prescribers.toml"
    assert "./deploy/prescribers.toml:/etc/prescribers/prescribers.toml:ro" in compose["services"][name]["volumes"]
    settings = effective_settings(Sources(config=str(ROOT / "deploy/prescribers.toml"), environ=environ, directory=tmp_path))
    assert settings["kafka", "brokers"].value == ("kafka:19092",)
    assert bool(settings["clickhouse", "password"].value) == (name in {"migrate", "store"})
    assert bool(settings["input", "hash_key"].value) == (name == "normalise")


@pytest.mark.parametrize("name", [*APPS, *ONCE])
def test_each_container_holds_no_secret_but_those_it_reads(compose: dict[str, Any], name: str) -> None:
    service = compose["services"][name]
    read = {Path(value).name for key, value in service["environment"].items() if key.endswith("_FILE")}
    assert set(service.get("secrets", ())) == read


def test_each_user_of_the_warehouse_is_one_that_is_made(compose: dict[str, Any]) -> None:
    urls = [compose["services"][name]["environment"]["PRESCRIBERS_CLICKHOUSE__URL"] for name in ("migrate", "store")]
    users = [re.sub(r"clickhouse://prescribers_(\w+)@.*", r"\1", url) for url in urls]
    assert users == ["migrator", "writer"]
    made = (ROOT / "deploy/clickhouse/20-users.sh").read_text("utf-8")
    secrets = {name for name in compose["services"]["clickhouse"]["secrets"] if name != "clickhouse_administrator"}
    found = re.search(r"for name in ([\w ]+); do", made)
    assert found is not None
    assert {f"clickhouse_{name}" for name in found.group(1).split()} == secrets


def test_the_apps_start_after_topics_and_tables_are_there(compose: dict[str, Any]) -> None:
    for app in APPS:
        conditions = {name: wait["condition"] for name, wait in compose["services"][app]["depends_on"].items()}
        assert conditions == {
            "kafka": "service_healthy",
            "clickhouse": "service_healthy",
            "topics": "service_completed_successfully",
            "migrate": "service_completed_successfully",
        }


def test_every_lasting_service_is_checked_and_restarted(compose: dict[str, Any]) -> None:
    for name, service in compose["services"].items():
        if name in ONCE:
            assert service["restart"] == "no"
            continue
        assert service["restart"] == "unless-stopped", name
        assert service["healthcheck"]["test"][0] == "CMD", name


def test_every_image_is_pinned(compose: dict[str, Any]) -> None:
    images = {service["image"] for service in compose["services"].values()}
    assert [image for image in images if not re.search(r":v?\d+\.\d+|:local$", image)] == []
    dockerfile = (ROOT / "deploy/Dockerfile").read_text("utf-8")
    assert set(re.findall(r"^FROM (\S+)", dockerfile, re.MULTILINE)) == {"python:3.13-slim-bookworm"}


def test_the_broker_in_the_containers_is_the_one_that_tests_run_against(compose: dict[str, Any]) -> None:
    tested = re.search(r"<kafka.version>(.+)</kafka.version>", (ROOT / "deploy/kafka-local/pom.xml").read_text("utf-8"))
    assert tested is not None
    assert compose["services"]["kafka"]["image"] == f"apache/kafka:{tested.group(1)}"


def test_every_published_port_is_on_loopback(compose: dict[str, Any]) -> None:
    ports = [port for service in compose["services"].values() for port in service.get("ports", ())]
    assert ports
    assert [port for port in ports if not port.startswith("127.0.0.1:")] == []


def test_every_secret_and_volume_named_is_declared_and_made(compose: dict[str, Any]) -> None:
    services = compose["services"].values()
    assert {name for service in services for name in service.get("secrets", ())} == set(compose["secrets"])
    made = re.search(r"for name in ([\w ]+); do", (ROOT / "deploy/secrets.sh").read_text("utf-8"))
    assert made is not None
    assert set(made.group(1).split()) == set(compose["secrets"])
    mounts = [volume.split(":")[0] for service in services for volume in service.get("volumes", ())]
    assert {mount for mount in mounts if not mount.startswith(".")} == set(compose["volumes"])
    assert [mount for mount in mounts if mount.startswith(".") and not (ROOT / mount).exists()] == []


def test_no_secret_is_written_into_the_files(compose: dict[str, Any]) -> None:
    for name, service in compose["services"].items():
        secret = {key for key in service.get("environment", {}) if re.search(r"PASSWORD|HASH_KEY|TOKEN", key)}
        assert [key for key in secret if not key.endswith("_FILE")] == [], name


def test_the_example_environment_is_what_compose_asks_for() -> None:
    text = (ROOT / "docker-compose.yml").read_text("utf-8")
    asked = dict(re.findall(r"\$\{(\w+):-([^}]*)\}", text))
    example = (ROOT / "deploy/env.example").read_text("utf-8")
    assert dict(re.findall(r"^(\w+)=(.*)$", example, re.MULTILINE)) == asked


def test_the_image_copies_only_files_that_are_there_and_let_through() -> None:
    dockerfile = (ROOT / "deploy/Dockerfile").read_text("utf-8")
    lets_through = re.findall(r"^!(.+?)(?:/\*\*)?$", (ROOT / ".dockerignore").read_text("utf-8"), re.MULTILINE)
    copied = [name for line in re.findall(r"^COPY (?!--from)(.+) \S+$", dockerfile, re.MULTILINE) for name in line.split()]
    assert copied
    assert [name for name in copied if not (ROOT / name).exists() or name not in lets_through] == []


def test_the_image_runs_as_nobody_in_particular() -> None:
    dockerfile = (ROOT / "deploy/Dockerfile").read_text("utf-8")
    assert re.search(r"^USER 10001:10001$", dockerfile, re.MULTILINE)
    assert "--require-hashes" in dockerfile


def test_every_metric_that_alarms_and_charts_use_is_published() -> None:
    vocabulary = (ROOT / "streams/metrics.py").read_text("utf-8")
    alarms = (ROOT / "deploy/prometheus/alarms.yml").read_text("utf-8")
    boards = "".join(path.read_text("utf-8") for path in (ROOT / "deploy/grafana/dashboards").glob("*.json"))
    used = set(re.findall(r"\bprescribers_[a-z_]+\b", alarms + boards))
    assert used
    published = set(re.findall(r"\bprescribers_[a-z_]+\b", vocabulary))
    endings = ("", "_total", "_count", "_sum", "_bucket")
    assert {name for name in used if not any(name.removesuffix(ending) in published for ending in endings)} == set()


def test_prometheus_asks_every_app(compose: dict[str, Any]) -> None:
    configuration = yaml.safe_load((ROOT / "deploy/prometheus/prometheus.yml").read_text("utf-8"))
    assert configuration["rule_files"] == ["alarms.yml"]
    asked = {job["job_name"]: job["dns_sd_configs"][0] for job in configuration["scrape_configs"]}
    ports = {app: 6066 + position for position, app in enumerate(APPS)}
    assert {app: (asked[app]["names"], asked[app]["port"]) for app in APPS} == {app: ([app], ports[app]) for app in APPS}
    assert set(APPS) <= compose["services"].keys()


def test_every_alarm_says_what_to_do() -> None:
    groups = yaml.safe_load((ROOT / "deploy/prometheus/alarms.yml").read_text("utf-8"))["groups"]
    rules = [rule for group in groups for rule in group["rules"]]
    operations = (ROOT / "docs/operations.md").read_text("utf-8")
    assert rules
    assert [rule["alert"] for rule in rules if not rule["annotations"]["summary"] or f"`{rule['alert']}`" not in operations] == []


def test_the_dashboards_are_json_with_a_title_on_every_panel() -> None:
    for path in (ROOT / "deploy/grafana/dashboards").glob("*.json"):
        board = json.loads(path.read_text("utf-8"))
        assert board["title"]
        assert all(panel["title"] and panel["description"] for panel in board["panels"])
