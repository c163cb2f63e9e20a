"""One template of the schema for a single node and for a cluster: what stands between {{ }} in a migration."""

import re
from dataclasses import dataclass

_PLACEHOLDER = re.compile(r"\{\{(\w+)(?: ([^}]*))?\}\}")
_STATEMENT_END = re.compile(r";[ \t]*(?:\n|$)")


@dataclass(frozen=True, slots=True)
class Layout:
    """How tables are laid out. `cluster` is the name of a ClickHouse cluster whose servers define the macros shard and replica.

    On a cluster each table is a replicated `…_local` on every shard behind a `Distributed` table of its plain name; rows
    of one identity must meet on one shard, so the sharding expression is part of the template.
    """

    cluster: str = ""

    def statements(self, template: str) -> list[str]:
        """The statements of a migration, in order, without their semicolons; those of the other layout are left out."""
        lines = [line for line in template.splitlines() if not line.lstrip().startswith("--")]
        parts = (part.strip() for part in _STATEMENT_END.split("\n".join(lines)))
        rendered = (_PLACEHOLDER.sub(self._fill, part).strip() for part in parts if part)
        return [statement for statement in rendered if statement]

    def _fill(self, placeholder: re.Match[str]) -> str:
        name, argument = placeholder[1], placeholder[2] or ""
        match name:
            case "on_cluster":
                return f"ON CLUSTER {self.cluster}" if self.cluster else ""
            case "table":
                return f"{argument}_local ON CLUSTER {self.cluster}" if self.cluster else argument
            case "engine":
                return self._replicated(argument) if self.cluster else argument
            case "distributed":
                return self._distributed(argument) if self.cluster else ""
            case "distributed_alter":
                table, _, change = argument.partition("\n")
                return f"ALTER TABLE {table} ON CLUSTER {self.cluster}\n{change}" if self.cluster else ""
            case _:
                raise ValueError(f"unknown placeholder {placeholder[0]} in a migration")

    @staticmethod
    def _replicated(engine: str) -> str:
        family, _, version = engine.rstrip(")").partition("(")
        path = "'/clickhouse/tables/{shard}/{database}/{table}', '{replica}'"
        return f"Replicated{family}({path}, {version})" if version else f"Replicated{family}({path})"

    def _distributed(self, argument: str) -> str:
        table, _, by = argument.partition(" by ")
        return (
            f"CREATE TABLE IF NOT EXISTS {table} ON CLUSTER {self.cluster} AS {table}_local\n"
            f"ENGINE = Distributed({self.cluster}, currentDatabase(), {table}_local, {by})"
        )
