"""The rules of the house that no linter knows: size of modules, what files may name, how decisions and locks are kept."""

import re
import subprocess
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("graph", "streams", "sinks", "prescribers")
LONGEST_MODULE = 250
# Written so that this file does not contain what it forbids.
MACHINE_PATH = re.compile(r"(?<![\w.])/(?:home|Users)/\w+|(?<![\w.])/wor[k]/|(?<![\w.])/tmp/boo[t]")
REGISTRY = re.compile(
    r"\b(?:pyp[i]\.org|pythonhoste[d]\.org|registry\.npmj[s]\.org|repo1?\.maven|crate[s]\.io|deb\.debia[n]\.org)"
)


def tracked_files() -> list[Path]:
    """What git would publish: tracked files and new ones that are not ignored."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    return [path for name in listed.stdout.split("\0") if name and (path := ROOT / name).is_file()]


@pytest.fixture(scope="module")
def texts() -> dict[str, str]:
    """Every text file of the tree by its path; files that are no UTF-8 have nothing to read."""
    found = {}
    for path in tracked_files():
        try:
            found[str(path.relative_to(ROOT))] = path.read_text("utf-8")
        except UnicodeDecodeError:
            continue
    return found


def test_no_module_is_longer_than_a_reader_can_hold(texts: dict[str, str]) -> None:
    sizes = {name: len(text.splitlines()) for name, text in texts.items() if name.endswith(".py")}
    assert {name: size for name, size in sizes.items() if size > LONGEST_MODULE} == {}


def test_no_file_names_a_place_on_somebodys_machine(texts: dict[str, str]) -> None:
    found = {name: match.group() for name, text in texts.items() if (match := MACHINE_PATH.search(text))}
    assert found == {}


def test_no_file_names_a_package_registry(texts: dict[str, str]) -> None:
    assert {name: match.group() for name, text in texts.items() if (match := REGISTRY.search(text))} == {}


def test_every_package_directory_with_modules_is_a_package() -> None:
    folders = {path.parent for package in PACKAGES for path in (ROOT / package).rglob("*.py")}
    assert [str(folder.relative_to(ROOT)) for folder in sorted(folders) if not (folder / "__init__.py").exists()] == []


def test_test_files_have_unique_names_and_no_package() -> None:
    names = [path.name for path in (ROOT / "tests").rglob("test_*.py")]
    assert sorted(names) == sorted(set(names))
    assert list((ROOT / "tests").rglob("__init__.py")) == []


def test_only_the_settings_read_the_environment(texts: dict[str, str]) -> None:
    reads = re.compile(r"\bos\.environ\b|\bos\.getenv\b|\bfrom os import .*\benviron\b")
    found = {name for name, text in texts.items() if name.startswith(PACKAGES) and name.endswith(".py") and reads.search(text)}
    assert found <= {"prescribers/settings.py"}


def test_every_exception_to_a_lint_rule_has_its_reason_beside_it(texts: dict[str, str]) -> None:
    section = texts["pyproject.toml"].split("[tool.ruff.lint]")[1].split("[tool.ruff.lint.pydocstyle]")[0]
    ignored = [line for line in section.splitlines() if re.match(r'\s+"[A-Z]+\d+",', line)]
    assert ignored
    assert [line for line in ignored if "# " not in line] == []


def test_every_decision_is_listed_and_has_its_four_parts(texts: dict[str, str]) -> None:
    pages = {name: text for name, text in texts.items() if re.match(r"docs/decisions/\d{4}-[\w-]+\.md$", name)}
    index = texts["docs/decisions/README.md"]
    assert len(pages) >= 6
    assert [name for name in pages if f"]({Path(name).name})" not in index] == []
    parts = ("**Context.**", "**Choice.**", "**Cost.**", "**Exit.**")
    assert {name: part for name, text in pages.items() for part in parts if part not in text} == {}


def test_decisions_are_numbered_without_gaps() -> None:
    numbers = sorted(int(path.name[:4]) for path in (ROOT / "docs/decisions").glob("0*.md"))
    assert numbers == list(range(1, len(numbers) + 1))


def locked(name: str) -> dict[str, str]:
    """Versions by package name, as a lock pins them."""
    pins = re.findall(r"^([a-z0-9][\w.-]*)(?:\[[\w,-]+\])?==([^\s;]+)", (ROOT / name).read_text("utf-8"), re.MULTILINE)
    return dict(pins)


def test_the_lock_holds_every_dependency_of_the_project_file() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    wanted = [*project["dependencies"], *(name for extra in project["optional-dependencies"].values() for name in extra)]
    names = {re.split(r"[\[<>=!~; ]", requirement, maxsplit=1)[0].lower() for requirement in wanted}
    assert names - locked("requirements.lock").keys() == set()


def test_the_images_lock_has_the_same_versions_and_no_tools() -> None:
    whole, runtime = locked("requirements.lock"), locked("deploy/requirements-runtime.lock")
    assert runtime.items() <= whole.items()
    assert runtime.keys() & {"pytest", "mypy", "ruff", "chdb", "networkit", "igraph"} == set()


@pytest.mark.parametrize("name", ["requirements.lock", "deploy/requirements-runtime.lock"])
def test_a_lock_has_a_hash_for_every_package_and_no_address(name: str) -> None:
    text = (ROOT / name).read_text("utf-8")
    assert "://" not in text
    entries = re.split(r"^(?=[a-z0-9])", text, flags=re.MULTILINE)
    assert [entry.splitlines()[0] for entry in entries if entry.strip() and "--hash=sha256:" not in entry] == []
