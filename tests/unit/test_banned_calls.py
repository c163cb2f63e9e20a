"""Faust's ways of losing data are not used in streams/: each was seen to commit past what it had not processed."""

import ast
from pathlib import Path

import pytest

STREAMS = Path(__file__).parents[2] / "streams"
BANNED_NAMES = {"take", "noack", "pause_partitions", "stop_flow", "Table", "GlobalTable", "SetTable"}
BANNED_WORDS = {"exactly_once"}


def banned(source: str) -> list[str]:
    """Banned calls, attributes, names, arguments and settings in a module, with their lines. Prose may name them."""
    found = []
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Attribute(attr=name, lineno=line) | ast.Name(id=name, lineno=line):
                bad = name in BANNED_NAMES | BANNED_WORDS
            case ast.keyword(arg=str(name), lineno=line):
                bad = name in BANNED_NAMES | BANNED_WORDS
            case ast.Constant(value=str(name), lineno=line):
                bad = name in BANNED_NAMES | BANNED_WORDS
            case _:
                continue
        if bad:
            found.append(f"{line}: {name}")
    return found


def knows_faust(path: Path) -> bool:
    """Feeds read files with a `take` of their own; Faust's can only be called where Faust is known."""
    imports = [node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Import | ast.ImportFrom)]
    names = [name for node in imports for name in (getattr(node, "module", None) or "", *(alias.name for alias in node.names))]
    return any(name.split(".")[0] in {"faust", "mode"} for name in names)


def test_the_apps_are_among_what_is_looked_at() -> None:
    looked_at = {path.name for path in STREAMS.glob("*.py") if knows_faust(path)}
    assert {"faust_app.py", "normalise_app.py", "rank_app.py", "store_app.py", "positioned_consumer.py"} <= looked_at


@pytest.mark.parametrize("path", sorted(filter(knows_faust, STREAMS.glob("*.py"))), ids=lambda path: path.name)
def test_no_module_uses_them(path: Path) -> None:
    assert banned(path.read_text()) == []


@pytest.mark.parametrize(
    "source",
    [
        "async def a(stream):\n    async for x in stream.take(10, within=1): pass",
        "async def a(stream):\n    async for x in stream.noack(): pass",
        "consumer.pause_partitions(tps)",
        "consumer.stop_flow()",
        "t = app.Table('x')",
        "app = App('x', processing_guarantee='exactly_once')",
    ],
)
def test_the_lint_sees_each_of_them(source: str) -> None:
    assert banned(source)


def test_the_lint_lets_prose_speak_of_them() -> None:
    assert banned('"""Never call take() or stop_flow() here."""') == []
