"""Every durable step has a failpoint before and after it: a step without one fails here, before it can fail at night."""

import ast
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest

from sinks.clickhouse.writer import InsertStep
from streams.failpoints import Failpoint, Moment, Step, durable

ROOT = Path(__file__).parents[2]
DURABLE_CALLS = {
    *("fsync", "fdatasync", "rename", "renames", "unlink", "rmdir", "rmtree", "write", "writelines", "write_bytes", "write_text"),
    *("touch", "mv", "move", "rm", "rm_file", "put", "put_file", "pipe", "pipe_file", "cat_file_to", "copyfile", "copyfileobj"),
    *("send_batch", "send", "send_and_wait", "produce", "commit", "_commit", "insert"),
}
"""Names of calls that put something on a disk, on a broker or in the warehouse; `replace` counts where it renames a file."""
GUARDS = {"durable", "_around"}
EXEMPT = {
    "streams/feed.py": "a feed resumes at what is acknowledged; what it repeats is a duplicate of the same event",
    "streams/feed_producer.py": "the same",
    "streams/feed_progress.py": "the same: remembered late, some lines are sent again",
    "streams/dead_replay.py": "the same: a letter sent twice is a duplicate of the same event",
    "streams/snapshot_store.py": "hands on to a place, whose steps have theirs",
    "streams/health.py": "answers people, keeps nothing",
    "streams/watchdog.py": "says why the process ends",
    "streams/run_app.py": "the same",
    "sinks/clickhouse/migrate.py": "a person runs it; a migration that failed half-way is run again whole",
}
IN_MEMORY = {("streams/store_app.py", "put"), ("streams/app_loop.py", "put"), ("streams/rank_app.py", "put")}
"""Metrics and the write buffer."""
MODULES = sorted(path for package in ("streams", "sinks") for path in (ROOT / package).rglob("*.py"))


def calls(tree: ast.AST, *, guarded: bool = False) -> Iterator[tuple[ast.Call, bool]]:
    """Every call, and whether it stands inside a failpoint of the same function."""
    for child in ast.iter_child_nodes(tree):
        inside = guarded and not isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
        if isinstance(child, ast.With | ast.AsyncWith):
            inside = inside or any(name_of(item.context_expr) in GUARDS for item in child.items)
        if isinstance(child, ast.Call):
            yield child, inside
        yield from calls(child, guarded=inside)


def name_of(call: ast.expr) -> str:
    match call:
        case ast.Call(func=ast.Attribute(attr=name) | ast.Name(id=name)):
            return name
        case _:
            return ""


def is_durable(call: ast.Call) -> bool:
    if isinstance(call.func, ast.Attribute) and call.func.attr == "replace":
        return len(call.args) == 1 and not call.keywords
    return isinstance(call.func, ast.Attribute) and call.func.attr in DURABLE_CALLS


def bare_steps(source: str) -> list[str]:
    """Durable calls outside any failpoint, as line: name."""
    found = [(call, inside) for call, inside in calls(ast.parse(source)) if is_durable(call)]
    return [f"{call.lineno}: {name_of(call)}" for call, inside in found if not inside]


def steps_marked() -> list[str]:
    """The name given at each failpoint; where it is handed on, at each call of the one that hands it on."""
    named = []
    for path in MODULES:
        for call, _ in calls(ast.parse(path.read_text("utf-8"))):
            if name_of(call) in {"durable", "_insert"} and call.args and isinstance(call.args[0], ast.Constant):
                named.append(str(call.args[0].value))
    return named


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_durable_step_is_without_its_failpoint(path: Path) -> None:
    name = str(path.relative_to(ROOT))
    if name not in EXEMPT:
        bare = [step for step in bare_steps(path.read_text("utf-8")) if (name, step.split(": ")[1]) not in IN_MEMORY]
        assert bare == [], "put `with durable(…):` around it, and its name into streams.failpoints.Step"


def test_no_module_is_exempt_without_need() -> None:
    assert [name for name in EXEMPT if not bare_steps((ROOT / name).read_text("utf-8"))] == []


def test_each_step_of_the_vocabulary_stands_in_the_code_once() -> None:
    assert sorted(steps_marked()) == sorted((*get_args(Step), *get_args(InsertStep)))


@pytest.mark.parametrize(
    "source",
    [
        "os.fsync(file.fileno())",
        "aside.replace(path)",
        "with path.open('wb') as file: file.write(b'')",
        "async def a(self): await self._producer.send_batch(builder, topic)",
        "async def a(self): await self._commit(news)",
        "warehouse.insert('interactions', columns)",
        "fs.pipe_file(path, content)",
        "with durable('snapshot_write'):\n    def later(): file.write(b'')",
    ],
)
def test_the_lint_sees_a_step_without_one(source: str) -> None:
    assert bare_steps(source)


@pytest.mark.parametrize(
    "source", ["with durable('snapshot_fsync'):\n    os.fsync(f)", "text.replace('a', 'b')", "replace(x, y=1)"]
)
def test_the_lint_leaves_the_others_alone(source: str) -> None:
    assert bare_steps(source) == []


def test_nothing_happens_where_nothing_is_armed() -> None:
    assert durable("commit") is durable("flush")


def test_only_tests_arm_a_failpoint() -> None:
    modules = [path for package in ("graph", "streams", "sinks", "prescribers") for path in (ROOT / package).rglob("*.py")]
    arming = [
        path.name for path in modules if "import arm" in path.read_text("utf-8") or "failpoints.arm" in path.read_text("utf-8")
    ]
    assert arming == []


@pytest.mark.parametrize("moment", get_args(Moment))
def test_an_armed_failpoint_kills_at_the_pass_it_is_armed_for(moment: Moment) -> None:
    program = (
        "from streams.failpoints import Failpoint, arm, durable\n"
        f"arm(Failpoint('commit', {moment!r}, 2))\n"
        "for number in (1, 2, 3):\n"
        "    with durable('flush'): pass\n"
        "    with durable('commit'): print('commit', number, flush=True)\n"
    )
    died = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False)
    assert died.returncode == -signal.SIGKILL
    assert died.stdout.splitlines() == (["commit 1"] if moment == "before" else ["commit 1", "commit 2"])


def test_a_failpoint_of_another_step_lets_pass() -> None:
    Failpoint("flush", "before").reach("commit", "before")
    Failpoint("flush", "before").reach("flush", "after")
