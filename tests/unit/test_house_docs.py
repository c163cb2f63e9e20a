"""What the documents name exists: make targets, commands with their flags, files, links, settings, exit statuses."""

import re
import shlex
import tomllib
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from docs.write_reference import pages
from graph.reasons import REASONS
from prescribers.main import COMMANDS, program

ROOT = Path(__file__).resolve().parents[2]
PAGES = [ROOT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")] + sorted((ROOT / "docs").rglob("*.md"))
TREES = ("graph/", "streams/", "sinks/", "prescribers/", "tests/", "bench/", "deploy/", "docs/", ".ci/")
TARGET = re.compile(r"^([a-z-]+):.*## ", re.MULTILINE)


def page_id(page: Path) -> str:
    return str(page.relative_to(ROOT))


def code_in(text: str) -> Iterator[str]:
    """Everything set as code: fenced lines, and spans between backticks."""
    fenced = re.findall(r"^```\w*\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    yield from (line for block in fenced for line in block.splitlines())
    yield from re.findall(r"(?<!`)`([^`\n]+)`(?!`)", re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL))


def command_lines(text: str) -> Iterator[list[str]]:
    """Calls of the program, as words: `prescribers top lean -n 20` gives [top, lean, -n, 20]."""
    for code in code_in(text):
        for part in re.split(r"&&|\|\||[|;]", code.split("  #")[0]):
            found = re.match(r"\s*(?:\w+=\S+\s+)*(?:\.venv/bin/)?prescribers\s+([a-z].*)$", part)
            if found and "…" not in found.group(1):
                yield shlex.split(found.group(1))


@pytest.mark.parametrize("page", PAGES, ids=page_id)
def test_every_make_target_named_exists(page: Path) -> None:
    targets = set(TARGET.findall((ROOT / "Makefile").read_text("utf-8")))
    named = {name for code in code_in(page.read_text("utf-8")) for name in re.findall(r"(?:^|\s)make ([a-z]+)", code)}
    assert named - targets == set()


@pytest.mark.parametrize("page", PAGES, ids=page_id)
def test_every_command_and_flag_named_exists(page: Path) -> None:
    for words in command_lines(page.read_text("utf-8")):
        command = program.get_command(click.Context(program), words[0])
        if isinstance(command, click.Group) and len(words) > 1:
            command, words = command.commands.get(words[1]), words[1:]  # noqa: PLW2901 - down to the command that takes the flags
        assert command is not None, f"{page.name}: prescribers {words[0]}"
        known = {option for parameter in command.params for option in (*parameter.opts, *parameter.secondary_opts)} | {"--help"}
        given = {word.split("=")[0] for word in words[1:] if word.startswith("-") and len(word) > 1}
        assert given <= known, f"{page.name}: prescribers {' '.join(words)}"


def test_every_command_is_told_in_the_readme_or_the_operations_page() -> None:
    text = (ROOT / "README.md").read_text("utf-8") + (ROOT / "docs/operations.md").read_text("utf-8")
    assert [name for name in COMMANDS if f"prescribers {name}" not in text and f"make {name}" not in text] == []


def test_every_reason_code_is_told_on_the_operations_page() -> None:
    text = (ROOT / "docs/operations.md").read_text("utf-8")
    assert [reason for reason in REASONS if f"| `{reason}` |" not in text] == []


@pytest.mark.parametrize("page", PAGES, ids=page_id)
def test_every_file_named_exists(page: Path) -> None:
    named = {code for code in code_in(page.read_text("utf-8")) if code.startswith(TREES) and re.fullmatch(r"[\w./-]+", code)}
    secrets = {name for name in named if name.startswith("deploy/secrets/")}
    assert [name for name in sorted(named - secrets) if not (ROOT / name).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=page_id)
def test_every_link_inside_the_tree_leads_somewhere(page: Path) -> None:
    links = re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", page.read_text("utf-8"))
    local = [link for link in links if "://" not in link and not link.startswith("mailto:")]
    assert [link for link in local if not (page.parent / link).exists()] == []


def test_the_pages_written_from_the_code_are_up_to_date() -> None:
    stale = [page_id(path) for path, text in pages().items() if path.read_text("utf-8") != text]
    assert stale == [], "run: make docs"


def test_the_architecture_names_the_home_of_every_dependency() -> None:
    text = (ROOT / "docs/architecture.md").read_text("utf-8")
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    names = [re.split(r"[\[<>=!~; ]", requirement, maxsplit=1)[0] for requirement in project["dependencies"]]
    assert [name for name in names if name not in text.split("## Dependencies")[1]] == []
