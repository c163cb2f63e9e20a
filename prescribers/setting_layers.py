"""The layers of the settings: flags over environment over `prescribers.toml` over defaults.

Each value remembers where it comes from, so that `prescribers config` and every complaint can name it.
"""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from prescribers.failures import ConfigurationFailure
from prescribers.setting_keys import KEYS, Key, is_table, key_of, nearest_key
from prescribers.setting_values import read_value

PREFIX = "PRESCRIBERS_"
FILE_NAME = "prescribers.toml"
CONFIG_VARIABLE = f"{PREFIX}CONFIG"
NOT_OURS = f"{PREFIX}TEST_"
"""Variables that choose the servers of the test suite; they set nothing here."""

Keys = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Effective:
    """One setting in force: its path in parts, value, source ("default", file, variable or flag), and whether to mask it."""

    path: Keys
    value: object
    source: str
    secret: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Sources:
    """Where settings may come from. `assignments`: "key=value" from flags."""

    config: str = ""
    assignments: Sequence[str] = ()
    environ: Mapping[str, str]
    directory: Path


@dataclass(frozen=True, slots=True)
class _Found:
    path: Keys
    raw: object
    source: str
    written: bool


def effective_settings(sources: Sources) -> dict[Keys, Effective]:
    """Every setting in force, in the order of the keys, themes and lists last. Raises `ConfigurationFailure`."""
    environ = sources.environ
    found: dict[Keys, Effective] = {}
    named: dict[Keys, None] = {}
    file = _config_file(sources.config or environ.get(CONFIG_VARIABLE, ""), sources.directory)
    for item in (*_from_file(file), *_from_environment(environ, _file_names(file)), *_from_flags(sources.assignments)):
        if item.raw == {} and is_table(item.path):
            named[item.path] = None
            continue
        key = key_of(item.path)
        if key is None:
            raise _unknown(item)
        if "*" in key.path:
            named[item.path[:2]] = None
        value = _value(key, item)
        if key.name in {"data_dir", "state_dir", "kafka.ca_file"} and not item.written and value and file:
            value = str(file.parent / str(value))
        found[item.path] = Effective(item.path, value, item.source, key.secret or (key.name == "clickhouse.url"))
    return {path: found.get(path) or Effective(path, key.default, "default", key.secret) for key, path in _all_paths(named)}


def _all_paths(named: Mapping[Keys, None]) -> Iterator[tuple[Key, Keys]]:
    yield from ((key, key.path) for key in KEYS if "*" not in key.path)
    for table, name in sorted(named):
        yield from ((key, (table, name, key.path[2])) for key in KEYS if key.path[0] == table and "*" in key.path)


def _config_file(config: str, directory: Path) -> Path | None:
    if config:
        path = directory / config
        if not path.is_file():
            raise ConfigurationFailure(f"{config}: no such file. Write one, or leave --config out")
        return path
    path = directory / FILE_NAME
    return path if path.is_file() else None


def _from_file(file: Path | None) -> Iterator[_Found]:
    if file is None:
        return
    try:
        document = tomllib.loads(file.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigurationFailure(f'{file.name}: no valid TOML: {error}. A valid line: brokers = ["localhost:9092"]') from error
    except OSError as error:
        raise ConfigurationFailure(f"{file}: cannot be read: {error.strerror}") from error
    yield from _flattened((), document, file.name)


def _file_names(file: Path | None) -> dict[str, str]:
    """Names of themes and lists in the file by their lower case: variables are written in upper case."""
    paths = (item.path for item in _from_file(file))
    return {path[1].lower(): path[1] for path in paths if len(path) > 1 and path[0] in {"themes", "lists"}}


def _flattened(path: Keys, table: Mapping[str, object], source: str) -> Iterator[_Found]:
    for name, value in table.items():
        below = (*path, name)
        if isinstance(value, dict) and is_table(below) and (value or len(below) == 1):
            yield from _flattened(below, value, source)
        else:
            yield _Found(below, value, source, written=False)


def _from_environment(environ: Mapping[str, str], names: Mapping[str, str]) -> Iterator[_Found]:
    for variable in sorted(environ):
        value = environ[variable]
        if not variable.startswith(PREFIX) or variable.startswith(NOT_OURS) or variable == CONFIG_VARIABLE or not value:
            continue
        path = _path_of(variable, names)
        direct = key_of(path)
        in_file = None if direct or not path[-1].endswith("_file") else key_of((*path[:-1], path[-1].removesuffix("_file")))
        if in_file and in_file.secret:
            yield _Found(in_file.path, _secret_in(value, variable), variable, written=True)
        else:
            yield _Found(path, value, variable, written=True)


def _path_of(variable: str, names: Mapping[str, str]) -> Keys:
    table, *rest = variable.removeprefix(PREFIX).split("__")
    if table.lower() in {"themes", "lists"} and len(rest) > 1:
        name, *rest = rest
        lowered = name.lower() if name.isupper() else name
        return (table.lower(), names.get(name.lower(), lowered), *(part.lower() for part in rest))
    return (table.lower(), *(part.lower() for part in rest))


def _secret_in(file: str, variable: str) -> str:
    try:
        return Path(file).read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationFailure(f"{variable}: cannot read the secret from {file}: {error}. Name a readable file") from None


def _from_flags(assignments: Sequence[str]) -> Iterator[_Found]:
    for assignment in assignments:
        name, equals, value = assignment.partition("=")
        if not equals:
            raise ConfigurationFailure(f"--set {assignment}: write KEY=VALUE, for example --set kafka.brokers=localhost:9092")
        yield _Found(tuple(name.strip().split(".")), value, f"--set {name.strip()}", written=True)


def _value(key: Key, item: _Found) -> object:
    if key.secret and not item.source.startswith(PREFIX):
        variable = PREFIX + "__".join(part.upper() for part in item.path)
        message = f"{'.'.join(item.path)} (from {item.source}): secrets come from the environment: {variable} or {variable}_FILE"
        raise ConfigurationFailure(message)
    try:
        return read_value(key, item.raw, written=item.written)
    except ValueError as error:
        cause = "wrong value" if key.secret else str(error)
        raise ConfigurationFailure(
            f"{'.'.join(item.path)} (from {item.source}): {cause}. Example: {_example(key, item)}"
        ) from error


def _unknown(item: _Found) -> ConfigurationFailure:
    nearest = nearest_key(item.path)
    path = tuple(item.path[i] if part == "*" and i < len(item.path) else part for i, part in enumerate(nearest.path))
    text = f"{'.'.join(item.path)} (from {item.source}): unknown setting, the nearest is {'.'.join(path)}."
    return ConfigurationFailure(f"{text} Example: {_example(nearest, item)}")


def _example(key: Key, item: _Found) -> str:
    path = tuple(item.path[i] if part == "*" and i < len(item.path) else part for i, part in enumerate(key.path))
    if key.secret or item.source.startswith(PREFIX):
        return f"{PREFIX}{'__'.join(part.upper() for part in path)}={key.example}"
    if item.source.startswith("--set"):
        return f"--set {'.'.join(path)}={key.example}"
    return key.in_toml().replace("*", path[1] if len(path) > 1 else "*")
