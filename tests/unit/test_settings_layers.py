"""Settings: which layer wins, what is refused, and what a complaint says."""

from pathlib import Path

import pytest

from graph.score_version import ScoreVersion, parse_score
from prescribers.failures import ConfigurationFailure
from prescribers.setting_keys import KEYS, Key
from prescribers.setting_layers import PREFIX
from prescribers.settings import Settings, load_settings
from streams.kafka_settings import KafkaSettings


def load(directory: Path, toml: str = "", environ: dict[str, str] | None = None, *flags: str) -> Settings:
    if toml:
        (directory / "prescribers.toml").write_text(toml, "utf-8")
    return load_settings(assignments=flags, environ=environ or {}, directory=directory)


def source(settings: Settings, name: str) -> str:
    return next(item.source for item in settings.effective if ".".join(item.path) == name)


def test_without_anything_the_local_stack_serves(tmp_path: Path) -> None:
    settings = load(tmp_path)
    assert settings.kafka.brokers == ()
    assert settings.warehouse is None
    assert settings.data_dir == tmp_path / ".prescribers"
    assert settings.state_dir == tmp_path / ".prescribers" / "state"
    assert settings.themes == {}


def test_defaults_are_those_of_the_values_they_fill(tmp_path: Path) -> None:
    settings = load(tmp_path, "[themes.lean]\n")
    assert settings.kafka == KafkaSettings(brokers=())
    assert settings.themes["lean"].window_ms == 28 * 86_400_000
    assert settings.themes["lean"].step_ms == 3_600_000


def test_flag_wins_over_environment_over_file_over_default(tmp_path: Path) -> None:
    toml = '[kafka]\nbrokers = ["file:1"]\nmentions = "from-file"\n[worker]\ncheckpoint = "9s"\n'
    environ = {"PRESCRIBERS_KAFKA__BROKERS": "env:1,env:2", "PRESCRIBERS_KAFKA__MENTIONS": "from-env"}
    settings = load(tmp_path, toml, environ, "kafka.brokers=flag:1")
    assert settings.kafka.brokers == ("flag:1",)
    assert settings.kafka.mentions == "from-env"
    assert settings.worker.checkpoint_seconds == 9.0
    assert source(settings, "kafka.brokers") == "--set kafka.brokers"
    assert source(settings, "kafka.mentions") == "PRESCRIBERS_KAFKA__MENTIONS"
    assert source(settings, "worker.checkpoint") == "prescribers.toml"
    assert source(settings, "kafka.dead") == "default"


def test_shadows_are_set_in_every_layer(tmp_path: Path) -> None:
    expected = (parse_score("help"), parse_score("recommend,tau=0.5"))
    written = "help,recommend,tau=0.5"
    found = [
        load(tmp_path, "", {"PRESCRIBERS_THEMES__LEAN__SHADOW": written}),
        load(tmp_path, "", {"PRESCRIBERS_THEMES__LEAN__SHADOW": '["help", "recommend,tau=0.5"]'}),
        load(tmp_path, "", {}, f"themes.lean.shadow={written}"),
        load(tmp_path, '[themes.lean]\nshadow = ["help", "recommend,tau=0.5"]\n'),
    ]
    assert [settings.themes["lean"].shadow for settings in found] == [expected] * 4


def test_a_themes_own_score_takes_parameters_as_a_shadow_does(tmp_path: Path) -> None:
    for settings in (
        load(tmp_path, '[themes.lean]\npreset = "help,tau=0.5"\n'),
        load(tmp_path, "", {"PRESCRIBERS_THEMES__LEAN__PRESET": "help,tau=0.5"}),
        load(tmp_path, "", {}, "themes.lean.preset=help,tau=0.5"),
    ):
        lean = settings.themes["lean"]
        assert ScoreVersion(lean.preset, lean.parameters) == parse_score("help,tau=0.5")
    with pytest.raises(ConfigurationFailure, match="the theme's own score"):
        load(tmp_path, '[themes.lean]\npreset = "help,tau=0.5"\nshadow = ["help,tau=0.5"]\n')


def test_themes_of_file_and_environment_are_one(tmp_path: Path) -> None:
    environ = {"PRESCRIBERS_THEMES__VELO__STEP": "2h", "PRESCRIBERS_THEMES__NEW__KEYWORDS": '["a b", "c"]'}
    settings = load(tmp_path, '[themes.Velo]\nwindow = "14d"\n', environ)
    assert settings.themes["Velo"].window_ms == 14 * 86_400_000
    assert settings.themes["Velo"].step_ms == 7_200_000
    assert settings.themes["new"].keywords == ("a b", "c")


def test_an_empty_variable_sets_nothing_and_test_servers_are_no_settings(tmp_path: Path) -> None:
    settings = load(tmp_path, "", {"PRESCRIBERS_KAFKA__BROKERS": "", "PRESCRIBERS_TEST_KAFKA": "localhost:1", "OTHER": "x"})
    assert settings.kafka.brokers == ()


def test_relative_paths_in_a_file_start_at_the_file(tmp_path: Path) -> None:
    (tmp_path / "etc").mkdir()
    (tmp_path / "etc" / "own.toml").write_text('data_dir = "data"\n', "utf-8")
    settings = load_settings(config="etc/own.toml", environ={}, directory=tmp_path)
    assert settings.data_dir == tmp_path / "etc" / "data"
    assert load_settings(environ={"PRESCRIBERS_CONFIG": "etc/own.toml"}, directory=tmp_path).data_dir == settings.data_dir


def test_secrets_come_from_the_environment_or_a_file_it_names(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("hush\n", "utf-8")
    environ = {
        "PRESCRIBERS_KAFKA__SASL_PASSWORD_FILE": str(tmp_path / "secret"),
        "PRESCRIBERS_CLICKHOUSE__URL": "clickhouse://me@host/db",
        "PRESCRIBERS_CLICKHOUSE__PASSWORD": "p@ss",
    }
    settings = load(tmp_path, "", environ)
    assert settings.kafka.sasl_password.value == "hush"
    assert settings.warehouse is not None
    assert settings.warehouse.password == environ["PRESCRIBERS_CLICKHOUSE__PASSWORD"]
    assert "hush" not in repr(settings.kafka)
    assert "p@ss" not in repr(settings.warehouse)


COMPLAINTS = {
    "[kafka]\nbroker = []\n": ["kafka.broker ", "prescribers.toml", "nearest is kafka.brokers", 'brokers = ["kafka-1:9092"'],
    "[kafka]\nbrokers = {}\n": ["kafka.brokers", "no list of texts"],
    "[kafka]\nbrokers = [1]\n": ["kafka.brokers", "no list of texts"],
    "kafka = 5\n": ["kafka ", "unknown setting"],
    "[themes.x]\nwindows = '3d'\n": ["themes.x.windows", "nearest is themes.x.window", '[themes.x] window = "28d"'],
    "[themes.x]\nwindow = 3\n": ["themes.x.window", "no text"],
    "[themes.x]\nwindow = '3 fortnights'\n": ["themes.x.window", "no duration"],
    "[themes.x]\nstep = '40d'\n": ["themes.x.step", "longer than the theme's window"],
    "[themes.x]\npreset = 'loud'\n": ["themes.x.preset", "recommend"],
    "[themes.x]\npreset = 'help,tua=1'\n": ["themes.x.preset", 'no parameter "tua"', 'preset = "recommend"'],
    "[themes.x]\nshadow = ['loud']\n": ["themes.x.shadow", 'no preset "loud"', '["help", "recommend,tau=0.5"]'],
    "[themes.x]\nshadow = ['recommend']\n": ["themes.x.shadow", "the theme's own score", '["help", "recommend,tau=0.5"]'],
    "[themes.x]\nshadow = 'help'\n": ["themes.x.shadow", "no list of texts"],
    "[lists.a]\ntheme = 'y'\n[themes.z]\n": ["lists.a.theme", "z"],
    "[lists.a]\nlang = 'de'\n": ["lists.a.lang", "fr, en"],
    "[worker]\nrank_port = 'a'\n": ["worker.rank_port", "whole number"],
    "[worker]\nbrake_share = 2\n": ["worker.brake_share", "share"],
    "[worker]\nbrake_run = true\n": ["worker.brake_run", "whole number"],
    "[input]\nallow_private = 1\n": ["input.allow_private", "true nor false"],
    "[clickhouse]\npassword = 'p'\n": ["clickhouse.password", "PRESCRIBERS_CLICKHOUSE__PASSWORD_FILE"],
    "[clickhouse]\nurl = 'clickhouse://me:p@host/db'\n": ["clickhouse.url", "PRESCRIBERS_CLICKHOUSE__PASSWORD"],
    "[clickhouse]\nurl = 'http://host/db'\n": ["clickhouse.url", "scheme"],
    "nonsense": ["prescribers.toml", "no valid TOML"],
}


@pytest.mark.parametrize("toml", COMPLAINTS)
def test_a_complaint_names_key_source_and_example(tmp_path: Path, toml: str) -> None:
    with pytest.raises(ConfigurationFailure) as caught:
        load(tmp_path, toml)
    said = str(caught.value)
    assert "\n" not in said
    assert "prescribers.toml" in said
    for words in COMPLAINTS[toml]:
        assert words in said


@pytest.mark.parametrize(
    ("environ", "words"),
    [
        ({"PRESCRIBERS_KAFKA__BROKER": "x"}, "PRESCRIBERS_KAFKA__BROKERS="),
        ({"PRESCRIBERS_CLICKHOUSE__PASSWORD_FILE": "/nowhere/secret"}, "PRESCRIBERS_CLICKHOUSE__PASSWORD_FILE"),
        ({"PRESCRIBERS_KAFKA__BROKERS": "[1"}, "no JSON array"),
        ({"PRESCRIBERS_WORKER__BRAKE_SHARE": "nan"}, "no share"),
        ({"PRESCRIBERS_WORKER__BRAKE_SHARE": "some"}, "no number"),
    ],
)
def test_a_wrong_variable_is_named(tmp_path: Path, environ: dict[str, str], words: str) -> None:
    with pytest.raises(ConfigurationFailure, match=next(iter(environ))) as caught:
        load(tmp_path, "", environ)
    assert words in str(caught.value)


@pytest.mark.parametrize("flag", ["kafka", "kafka.broker=x", "kafka.sasl_password=x"])
def test_a_wrong_flag_is_named(tmp_path: Path, flag: str) -> None:
    with pytest.raises(ConfigurationFailure, match="--set"):
        load(tmp_path, "", {}, flag)


def test_a_missing_config_file_is_said(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationFailure, match=r"nowhere\.toml: no such file"):
        load_settings(config="nowhere.toml", environ={}, directory=tmp_path)


@pytest.mark.parametrize(
    "key", [key for key in KEYS if key.name not in {"clickhouse.url", "lists.*.theme"}], ids=lambda key: key.name
)
def test_every_example_is_valid(tmp_path: Path, key: Key) -> None:
    name = key.name.replace("*", "lean")
    variable = PREFIX + name.upper().replace(".", "__")
    settings = load(tmp_path, "", {variable: key.example})
    assert source(settings, name) == variable
