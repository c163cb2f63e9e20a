"""The data dictionary tells the schema as it is, its examples run, and the roles cover it."""

import re
from pathlib import Path

import pytest

from sinks.clickhouse.queries import VIEWS
from sinks.clickhouse.warehouse import Warehouse
from tests.contracts.published import DAY_MS, act, acts, apart, centralities, covering, evidence, receipts, run, store, tally
from tests.contracts.schema_text import described

ROOT = Path(__file__).resolve().parents[2]
SECTION = re.compile(r"^### (\w+)\n(.*?)(?=^##|\Z)", re.MULTILINE | re.DOTALL)
EXAMPLE = re.compile(r"^```sql\n(.*?)^```", re.MULTILINE | re.DOTALL)
ACTOR = "mastodon:social.example:benoit.duchene"
STAND_INS = {
    "'demo'": "'lean'",
    "'2025-10-01'": "'2019-03-01'",
    "'2025-11-01'": "'2019-04-01'",
    "'2025-11-01 00:00:00.000'": "'2019-03-02 00:00:00.000'",
}
"""The examples are about the simulated conversation; the rows here are another theme's, earlier."""


@pytest.fixture(scope="module")
def sections() -> dict[str, str]:
    """The dictionary's text by table or view."""
    return dict(SECTION.findall((ROOT / "docs" / "data-dictionary.md").read_text("utf-8")))


def test_the_dictionary_tells_every_table_view_and_column(sections: dict[str, str]) -> None:
    assert sorted(sections) == sorted(each.name for each in described())
    for each in described():
        assert each.comment in sections[each.name]
        lines = [f"| `{name}` | `{kind}` | {comment} |" for name, kind, comment in each.columns]
        assert [line for line in sections[each.name].splitlines() if line.startswith("| `")] == lines, each.name


def test_every_view_has_an_example_that_runs_and_finds_something(warehouse: Warehouse, sections: dict[str, str]) -> None:
    asked = act("q", ACTOR, at=DAY_MS, is_question=True, root_id="q")
    answered = act("m", "bob", "reply", DAY_MS + 1, parent_id="q")
    waiting = act("open", "bob", at=DAY_MS, is_question=True, root_id="q")
    march, many = 60, [f"zulip:lean:{number}" for number in range(30)]
    store(warehouse, acts(asked, answered, waiting), tally(9, 4))
    store(
        warehouse,
        *run(march, {ACTOR: 2.0, "bob": 1.0} | dict.fromkeys(many, 0.5)),
        centralities(march, ACTOR, "bob", *many),
        covering(march, ACTOR, "bob", *many[:2]),
        evidence(march, ACTOR, "m"),
        receipts(march, ACTOR, since=march - 7),
        apart(march, "acme"),
        *run(march, {"bob": 1.0}, version="v2", shadow=True),
    )
    for each in described():
        examples = EXAMPLE.findall(sections[each.name])
        assert bool(examples) == each.is_view, each.name
        for example in examples:
            assert each.name in example
            sql = re.sub("|".join(STAND_INS), lambda found: STAND_INS[found[0]], example)
            assert warehouse.query(sql) or each.name == "refusals", sql


def test_the_views_without_parameters_are_listed_for_readers() -> None:
    assert sorted(VIEWS) == sorted(each.name for each in described() if each.is_view and not each.name.endswith("_as_of"))


def test_roles_grant_readers_every_view_and_the_writer_every_table() -> None:
    roles = (ROOT / "deploy" / "clickhouse" / "10-roles.sql").read_text("utf-8")
    readable = set(re.findall(r"GRANT SELECT ON prescribers\.(\w+) TO prescribers_reader;", roles))
    written = set(re.findall(r"GRANT INSERT ON prescribers\.(\w+) TO prescribers_writer;", roles))
    assert readable == {each.name for each in described() if each.is_view} | {"schema_migrations"}
    assert written == {each.name for each in described() if not each.is_view} - {"schema_migrations"}


def test_the_server_can_parse_the_roles(warehouse: Warehouse) -> None:
    roles = (ROOT / "deploy" / "clickhouse" / "10-roles.sql").read_text("utf-8")
    for statement in re.sub(r"^--.*\n", "", roles, flags=re.MULTILINE).split(";\n"):
        if statement.strip():
            assert warehouse.query("SELECT formatQuery(%(sql)s) AS sql", {"sql": statement})
