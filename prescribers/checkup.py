"""Every link of the chain, looked at one by one: what is well, what is not, and the remedy."""

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from prescribers.failures import DONE, FAILED, REFUSED, status_of
from prescribers.idleness import ORDER
from prescribers.links import Links
from prescribers.settings import Settings

State = Literal["ok", "failed", "skipped"]
LEAST_FREE_BYTES = 2 << 30
"""Below this, merges of the warehouse and snapshots of rank begin to fail."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One link: its state, what was seen, what to do (empty where all is well), and the exit status it asks for."""

    link: str
    state: State
    seen: str
    remedy: str = ""
    status: int = DONE


class CheckFailure(Exception):  # noqa: N818 - turned into a finding at once
    """A link is broken, as seen by our own eyes."""

    def __init__(self, seen: str, remedy: str, status: int = FAILED) -> None:
        super().__init__(seen)
        self.remedy = remedy
        self.status = status


def checkup(links: Links) -> Iterator[Finding]:
    """Findings in the order of the stream. A link behind a broken one is skipped: it could only fail for the same reason."""
    settings = links.settings
    broken: set[str] = set()

    def look(link: str, check: Callable[[], str], *behind: str) -> Finding:
        cause = next((name for name in behind if name in broken), None)
        finding = _skipped(link, cause) if cause else _looked(link, check)
        if finding.state != "ok":
            broken.add(link)
        return finding

    yield look("config", lambda: _config(settings))
    if links.stack_missing():
        broken.update(
            link for link, given in (("kafka", settings.kafka.brokers), ("clickhouse", settings.warehouse)) if not given
        )
        seen = "does not run; other commands start it when they need it: prescribers stack"
        yield Finding(link="local stack", state="skipped", seen=seen)
    if "kafka" not in broken:
        yield look("kafka", lambda: _kafka(links))
    yield look("topics", lambda: _topics(links), "kafka")
    for app in ORDER:
        yield look(f"group {app}", lambda app=app: _group(links, app), "kafka", "topics")  # type: ignore[misc]
    if "clickhouse" not in broken:
        yield look("clickhouse", lambda: _clickhouse(links))
    yield look("migrations", lambda: _migrations(links), "clickhouse")
    yield look("disk", lambda: _disk(settings.data_dir))
    yield look("snapshots", lambda: _snapshots(links, settings.state_dir if "kafka" in broken else links.state_dir))


def _looked(link: str, check: Callable[[], str]) -> Finding:
    try:
        return Finding(link=link, state="ok", seen=check())
    except CheckFailure as error:
        return Finding(link=link, state="failed", seen=str(error), remedy=error.remedy, status=error.status)
    except Exception as error:
        status = status_of(error)
        if status is None:
            raise
        seen, _, remedy = str(error).partition("; ")
        remedy = getattr(error, "remedy", "") or remedy
        return Finding(link=link, state="failed", seen=seen.removesuffix(f" {remedy}"), remedy=remedy, status=status)


def _skipped(link: str, cause: str) -> Finding:
    return Finding(link=link, state="skipped", seen=f"needs {cause}")


def _config(settings: Settings) -> str:
    seen = f"{len(settings.effective)} settings, {len(settings.themes)} themes configured"
    shadows = [f"{name} by {score.words}" for name, theme in settings.themes.items() for score in theme.shadow]
    return f"{seen}; ranked by shadows too: {'; '.join(shadows)}" if shadows else seen


def _kafka(links: Links) -> str:
    from streams.topics import plan

    plan(links.kafka, patience_s=5.0)
    return f"answers at {', '.join(links.kafka.brokers)}"


def _topics(links: Links) -> str:
    from streams.topics import plan

    for difference in plan(links.kafka):
        name = difference.topic.name
        if difference.missing:
            raise CheckFailure(f"topic {name} does not exist", "run: prescribers topics")
        if difference.mismatch:
            seen = f"topic {name} has {difference.has} partitions, the configuration wants {difference.topic.partitions}"
            raise CheckFailure(seen, f"set the number of its partitions to {difference.has}, or delete the topic", 2)
    return "all there, partitions as configured"


def _group(links: Links, app: str) -> str:
    from streams.lag import group_lag, total_lag

    lags = group_lag(links.kafka, app)
    behind = total_lag(lags)
    if all(lag.committed is None for lag in lags.values()):
        return f"has committed nothing yet, {behind:,} records wait (prescribers worker {app})"
    return f"{behind:,} records behind"


def _clickhouse(links: Links) -> str:
    from sinks.clickhouse.warehouse import Warehouse

    warehouse = Warehouse(links.warehouse).in_database("default")
    try:
        version = warehouse.query("SELECT version() AS version")[0]["version"]
    finally:
        warehouse.close()
    return f"version {version} answers at {links.warehouse.address} to user {links.warehouse.user}"


def _migrations(links: Links) -> str:
    from sinks.clickhouse.migrate import status
    from sinks.clickhouse.warehouse import Warehouse

    warehouse = Warehouse(links.warehouse)
    try:
        found = status(warehouse)
    finally:
        warehouse.close()
    pending = [each for each in found if each.state == "pending"]
    if pending:
        raise CheckFailure(f"{len(pending)} of {len(found)} are pending", "run: prescribers migrate", REFUSED)
    return f"all {len(found)} applied"


def _disk(directory: Path) -> str:
    there = next(parent for parent in (directory, *directory.parents) if parent.exists())
    free = shutil.disk_usage(there).free
    seen = f"{free / (1 << 30):.1f} GiB free where {directory} is"
    if free < LEAST_FREE_BYTES:
        raise CheckFailure(seen, f"free at least {LEAST_FREE_BYTES >> 30} GiB, or set data_dir elsewhere")
    return seen


def _snapshots(links: Links, directory: Path) -> str:
    if links.snapshot_url:
        return _snapshots_elsewhere(links)
    there = next(parent for parent in (directory, *directory.parents) if parent.exists())
    if not os.access(there, os.W_OK | os.X_OK):
        raise CheckFailure(f"{there} cannot be written", "give this user the right to write, or set state_dir elsewhere")
    count = sum(1 for _ in directory.rglob("*.snap")) if directory.exists() else 0
    return f"{count} in {directory}" if count else f"none yet; {directory} can be written"


def _snapshots_elsewhere(links: Links) -> str:
    from prescribers.snapshots import snapshot_place
    from streams.snapshot_place import SnapshotPlaceError
    from streams.snapshot_store import SnapshotStore

    kafka = links.settings.kafka
    try:
        count = SnapshotStore(snapshot_place(links), kafka.interactions).count(kafka.interactions_partitions)
    except SnapshotPlaceError as error:
        raise CheckFailure(str(error).partition(". ")[0], "look at the address, the credentials and the rights") from error
    return f"{count} under {links.snapshot_url}" if count else f"none yet under {links.snapshot_url}, which answers"
