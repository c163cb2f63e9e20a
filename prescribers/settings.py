"""What is configured, as typed values. The only module that reads the environment."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from graph.keys import DEFAULT_HASH_KEY
from graph.score_version import ScoreVersion, parse_score, parse_shadows
from graph.theme_settings import ThemeSettings
from prescribers.failures import ConfigurationFailure
from prescribers.setting_layers import PREFIX, Effective, Keys, Sources, effective_settings
from sinks.clickhouse.warehouse_settings import WarehouseSettings, WarehouseUrlError, parse_warehouse_url
from streams.kafka_settings import KafkaSettings, Secret

DURATIONS = ("window", "half_life", "step", "lateness")


@dataclass(frozen=True, slots=True, kw_only=True)
class ListSettings:
    """One list of people: about which theme, in which language, how long, for whom."""

    name: str
    theme: str
    lang: str
    size: int
    recipients: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerSettings:
    """The apps: where they answer, by app name (None: nowhere), how often rank saves, and when normalise brakes.

    `instance`: a name that outlives the process, "" for none.
    `ahead_bytes`: how far an app may outrun its reader, per partition, None for any distance.
    """

    host: str
    ports: Mapping[str, int | None]
    instance: str
    checkpoint_seconds: float
    ahead_bytes: int | None
    brake_share: float
    brake_window: int
    brake_run: int


@dataclass(frozen=True, slots=True, kw_only=True)
class InputSettings:
    """What `normalise` takes in."""

    allow_private: bool
    max_bytes: int
    hash_key: Secret

    @property
    def secret(self) -> bytes:
        """The key of the identity hashes."""
        return self.hash_key.value.encode() or DEFAULT_HASH_KEY


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything configured. Where nothing names brokers or a warehouse, these are empty and None: the local stack serves."""

    kafka: KafkaSettings
    warehouse: WarehouseSettings | None
    themes: Mapping[str, ThemeSettings]
    lists: Mapping[str, ListSettings]
    worker: WorkerSettings
    input: InputSettings
    data_dir: Path
    state_dir: Path
    snapshot_url: str
    effective: tuple[Effective, ...]


def load_settings(
    *,
    config: str = "",
    assignments: Sequence[str] = (),
    environ: Mapping[str, str] | None = None,
    directory: Path | None = None,
) -> Settings:
    """Read flags, environment and file. Raises `ConfigurationFailure` naming key, source and a valid example."""
    read = os.environ if environ is None else environ
    where = (directory or Path.cwd()).absolute()
    found = effective_settings(Sources(config=config, assignments=assignments, environ=read, directory=where))
    data_dir = where / str(found["data_dir",].value)
    return Settings(
        kafka=_kafka(_table(found, ("kafka",))),
        warehouse=_warehouse(found["clickhouse", "url"], str(found["clickhouse", "password"].value)),
        themes={name: _theme(name, found) for name in _names(found, "themes")},
        lists={name: _list(name, found) for name in _names(found, "lists")},
        worker=_worker(_table(found, ("worker",))),
        input=_input(_table(found, ("input",))),
        data_dir=data_dir,
        state_dir=where / str(found["state_dir",].value or data_dir / "state"),
        snapshot_url=str(found["snapshot_url",].value),
        effective=tuple(found.values()),
    )


def bare_environment() -> dict[str, str]:
    """The environment without any setting of ours: for child processes that get theirs by flags and file alone."""
    return {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)}


def _table(found: Mapping[Keys, Effective], above: Keys) -> dict[str, Any]:
    return {path[-1]: item.value for path, item in found.items() if path[:-1] == above}


def _names(found: Mapping[Keys, Effective], table: str) -> list[str]:
    return list(dict.fromkeys(path[1] for path in found if path[0] == table))


def _kafka(table: dict[str, Any]) -> KafkaSettings:
    return KafkaSettings(**table | {"sasl_password": Secret(table["sasl_password"])})


def _worker(table: dict[str, Any]) -> WorkerSettings:
    return WorkerSettings(
        host=table["host"],
        ports={app: table[f"{app}_port"] or None for app in ("normalise", "rank", "store")},
        instance=table["instance"],
        checkpoint_seconds=table["checkpoint"] / 1000,
        ahead_bytes=table["ahead_bytes"] or None,
        brake_share=table["brake_share"],
        brake_window=table["brake_window"],
        brake_run=table["brake_run"],
    )


def _input(table: dict[str, Any]) -> InputSettings:
    return InputSettings(allow_private=table["allow_private"], max_bytes=table["max_bytes"], hash_key=Secret(table["hash_key"]))


def _theme(name: str, found: Mapping[Keys, Effective]) -> ThemeSettings:
    table = _table(found, ("themes", name))
    for key, usual in (("step", "1h"), ("lateness", "10m")):
        if table[key] > table["window"]:
            raise _wrong(found["themes", name, key], "longer than the theme's window", f'{key} = "{usual}"')
    own = _score(found["themes", name, "preset"])
    table |= {"preset": own.preset, "parameters": own.parameters, "shadow": _shadows(found["themes", name, "shadow"], own)}
    renamed = {f"{key}_ms" if key in DURATIONS else key: value for key, value in table.items()}
    return ThemeSettings(name=name, **renamed)


def _score(item: Effective) -> ScoreVersion:
    try:
        return parse_score(str(item.value))
    except ValueError as error:
        raise _wrong(item, str(error), 'preset = "recommend"') from None


def _shadows(item: Effective, own: ScoreVersion) -> tuple[ScoreVersion, ...]:
    texts = item.value if isinstance(item.value, tuple) else ()
    try:
        return parse_shadows(texts, own)
    except ValueError as error:
        raise _wrong(item, str(error), 'shadow = ["help", "recommend,tau=0.5"]') from None


def _list(name: str, found: Mapping[Keys, Effective]) -> ListSettings:
    table = _table(found, ("lists", name))
    theme = table["theme"] or name
    themes = _names(found, "themes")
    if themes and theme not in themes:
        message = f'"{theme}" is no configured theme, there are: {", ".join(themes)}'
        raise _wrong(found["lists", name, "theme"], message, f'theme = "{themes[0]}"')
    return ListSettings(name=name, **table | {"theme": theme})


def _warehouse(item: Effective, password: str) -> WarehouseSettings | None:
    """A password may come with the address from the environment, never from a file or a flag that others can read."""
    url = str(item.value)
    if not url:
        return None
    example = 'url = "clickhouse://localhost:9000/prescribers"'
    try:
        settings = parse_warehouse_url(url, password=password or None)
    except WarehouseUrlError as error:
        raise _wrong(item, str(error).partition("; an example")[0], example) from None
    if settings.password and not password and not item.source.startswith(PREFIX):
        raise _wrong(item, "a password is given by the environment only: PRESCRIBERS_CLICKHOUSE__PASSWORD", example)
    return settings


def _wrong(item: Effective, cause: str, example: str) -> ConfigurationFailure:
    return ConfigurationFailure(f"{'.'.join(item.path)} (from {item.source}): {cause}. Example: {example}")
