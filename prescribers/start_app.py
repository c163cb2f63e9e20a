"""From settings to a running app: what each is told."""

import errno

from prescribers.failures import ConfigurationFailure
from prescribers.links import Links
from prescribers.settings import Settings
from prescribers.snapshots import snapshot_place
from streams.run_settings import RunSettings


def start_app(name: str, settings: Settings, links: Links) -> int:
    """Run `normalise`, `rank` or `store` until SIGTERM or SIGINT; returns the exit status."""
    run = RunSettings(
        kafka=links.kafka,
        state_dir=links.state_dir,
        http_host=settings.worker.host,
        http_port=settings.worker.ports[name],
        instance=settings.worker.instance,
        checkpoint_s=settings.worker.checkpoint_seconds,
        ahead_bytes=settings.worker.ahead_bytes,
    )
    try:
        return {"normalise": _normalise, "rank": _rank, "store": _store}[name](run, settings, links)
    except OSError as error:
        if error.errno != errno.EADDRINUSE:
            raise
        where = f"{run.http_host}:{run.http_port}"
        raise ConfigurationFailure(
            f"worker.{name}_port: {where} is taken: does another worker run here? Stop it, or choose another port, for example "
            f"PRESCRIBERS_WORKER__{name.upper()}_PORT={(run.http_port or 0) + 1000}"
        ) from error


def _normalise(run: RunSettings, settings: Settings, _links: Links) -> int:
    from streams.brake import BrakeLimits
    from streams.normalise_app import NormaliseOptions, run_normalise

    return run_normalise(
        NormaliseOptions(
            run=run,
            themes=settings.themes,
            brake=BrakeLimits(
                share=settings.worker.brake_share, window=settings.worker.brake_window, in_row=settings.worker.brake_run
            ),
            allow_private=settings.input.allow_private,
            secret=settings.input.secret,
            max_bytes=settings.input.max_bytes,
        )
    )


def _rank(run: RunSettings, settings: Settings, links: Links) -> int:
    from streams.rank_app import RankOptions, run_rank

    return run_rank(RankOptions(run=run, themes=settings.themes, snapshots=snapshot_place(links)))


def _store(run: RunSettings, _settings: Settings, links: Links) -> int:
    from sinks.clickhouse.warehouse import Warehouse
    from sinks.clickhouse.warehouse_errors import TRANSIENT_ERRORS
    from sinks.clickhouse.writer import RankingWriter
    from streams.failpoints import around
    from streams.store_app import StoreOptions, run_store

    warehouse = Warehouse(links.warehouse)
    writer = RankingWriter(warehouse, around=around)
    return run_store(StoreOptions(run=run, write=writer.write, transient=TRANSIENT_ERRORS))
