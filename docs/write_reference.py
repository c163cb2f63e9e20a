"""Writes docs/modules.md and docs/settings.md from the code: `make docs`. A test compares them."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

from prescribers.setting_keys import KEYS, Key

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ("graph", "streams", "sinks", "prescribers", "bench")
MODULES_HEAD = """# Modules

Every module and what it is about, as it says itself; written by `make docs`.
The way of an event through them: [architecture.md](architecture.md).
"""
SETTINGS_HEAD = """# Settings

Written by `make docs`. Flags (`--set KEY=VALUE`) win over the environment (`PRESCRIBERS_…`, upper case, tables parted by `__`),
which wins over `prescribers.toml` (`--config`, else the working directory), which wins over the defaults. `prescribers config`
shows each setting in force and where it comes from, secrets masked. An unknown key is an error that names the nearest known one.
Secrets are read from the environment only: the variable itself, or the file that the variable with `_FILE` at its end names.
Durations are written `28d`, `10m`, `1h`, `5s`. `*` stands for the name of a theme or a list.

```toml
[kafka]
brokers = ["kafka-1:9092", "kafka-2:9092"]                      # PRESCRIBERS_KAFKA__BROKERS=kafka-1:9092,kafka-2:9092

[clickhouse]
url = "clickhouse://prescribers@localhost:9000/prescribers"     # the password: PRESCRIBERS_CLICKHOUSE__PASSWORD_FILE

[themes.lean]
sources = ["zulip:lean"]
keywords = ["lean4"]
window = "28d"
```

| setting | default | example | what it is for |
| --- | --- | --- | --- |
"""
NEWLINE = "\n"
UNITS = {"d": 86_400_000, "h": 3_600_000, "m": 60_000, "s": 1_000, "ms": 1}


def pages() -> dict[Path, str]:
    """Both pages by path, as they ought to be."""
    return {
        ROOT / "docs/modules.md": MODULES_HEAD + "".join(_module_lines()),
        ROOT / "docs/settings.md": SETTINGS_HEAD + "".join(map(_setting_line, KEYS)),
    }


def _module_lines() -> Iterator[str]:
    for package in PACKAGES:
        yield f"\n## {package}/\n\n| module | |\n| --- | --- |\n"
        for path in sorted((ROOT / package).rglob("*.py")):
            about = ast.get_docstring(ast.parse(path.read_text("utf-8"))) or ""
            if path.name != "__init__.py":
                yield f"| `{path.relative_to(ROOT)}` | {_cell(about.partition(NEWLINE)[0])} |\n"


def _setting_line(key: Key) -> str:
    example = "" if key.secret else f"`{key.example}`"
    return f"| `{key.name}` | {_default(key)} | {example} | {_cell(key.meaning)}{' (secret)' if key.secret else ''} |\n"


def _default(key: Key) -> str:
    match key.default:
        case "" | ():
            return ""
        case bool(flag):
            return f"`{str(flag).lower()}`"
        case int(number) if key.kind == "duration":
            unit = next(unit for unit, size in UNITS.items() if number % size == 0)
            return f"`{number // UNITS[unit]}{unit}`"
        case value:
            return f"`{value}`"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("*_FILE", "`*_FILE`")


def main() -> int:
    """Write the pages; says which have changed."""
    for path, text in pages().items():
        if not path.exists() or path.read_text("utf-8") != text:
            path.write_text(text, "utf-8")
            sys.stdout.write(f"wrote {path.relative_to(ROOT)}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
