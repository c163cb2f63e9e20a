"""The worker: checks that the ground is laid, then runs the apps as children until stopped or drained."""

import time
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from prescribers.children import StopRequest, spawn_app
from prescribers.idleness import Idleness, lag_of
from prescribers.links import Links
from prescribers.supervisor import Child, World, supervise

if TYPE_CHECKING:
    from sinks.clickhouse.warehouse import Warehouse


def work(
    apps: Sequence[str],
    links: Links,
    flags: Sequence[str],
    *,
    until_idle: bool,
    say: Callable[[str], None],
    environ: Mapping[str, str] | None = None,
) -> int:
    """Run the apps; `flags` and `environ` are what the children are started with. Returns the exit status."""

    def spawn(app: str) -> Child:
        child = spawn_app(app, flags, environ)
        say(f"{app} runs as process {child.pid}.")
        return child

    with StopRequest() as stopping:
        return supervise(
            apps,
            World(
                spawn=spawn,
                stopping=stopping,
                idle=Idleness(apps, lag_of(links.kafka)) if until_idle else None,
                clock=time.monotonic,
                sleep=time.sleep,
                say=say,
            ),
        )


def lay_ground(apps: Sequence[str], links: Links, say: Callable[[str], None]) -> None:
    """Raise the clear error of what is missing: topics, their partitions, the warehouse's tables.

    The local stack's warehouse is ours, so its migrations are applied; on a server that is somebody's decision.
    """
    from streams import topics

    topics.check(links.kafka)
    if "store" not in apps:
        return
    ready_warehouse(links, say).close()


def ready_warehouse(links: Links, say: Callable[[str], None]) -> "Warehouse":
    """The warehouse, with every migration applied; raises `WarehouseSchemaError` where that is for a person to do."""
    from sinks.clickhouse import migrate
    from sinks.clickhouse.warehouse import Warehouse

    warehouse = Warehouse(links.warehouse)
    if links.own_warehouse:
        migrate.migrate(warehouse, say=say)
    else:
        migrate.check_schema(warehouse)
    return warehouse
