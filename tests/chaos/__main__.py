"""`make chaos`: real Kafka, the stack's ClickHouse engine, one to three workers of each app, and faults from a seed.

A line per seed; exit status 1 where one of them was not exact. What is left of such a seed stays in its directory.
"""

import shutil
import signal
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

import click

from tests.chaos.one_seed import Arena, Result, run_seed
from tests.chaos.servers import broker, engine, free_ports, serving

HEAD = "| seed | workers | faults injected | events | rows compared | restarts | drained in | verdict |\n|" + " --- |" * 8


@click.command()
@click.option("--seeds", type=click.IntRange(min=1), default=3, help="How many seeds.")
@click.option("--first", type=int, default=1, help="The first of them.")
@click.option("--seed", type=int, default=None, help="This seed alone: how to repeat one that failed.")
@click.option("--seconds", type=click.FloatRange(min=15), default=60.0, help="How long events are fed, a seed.")
@click.option("--rate", type=click.FloatRange(min=1), default=80.0, help="Events a second.")
@click.option("--calm", is_flag=True, help="No faults: what the comparison says of an undisturbed pipeline.")
@click.option(
    "--keep", type=click.Path(path_type=Path), default=None, help="Where logs and state go; default: a directory made up."
)
def main(*, seeds: int, first: int, seed: int | None, seconds: float, rate: float, calm: bool, keep: Path | None) -> None:
    """Injects faults from seeds, and compares what the warehouse shows with what the pure core says, row for row."""
    directory = (keep or Path(tempfile.mkdtemp(prefix="chaos-"))).absolute()
    directory.mkdir(parents=True, exist_ok=True)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    wanted = [seed] if seed is not None else list(range(first, first + seeds))
    with ExitStack() as running:
        port = free_ports(3)
        servers = broker(directory, port), engine(directory, port + 2)
        running.enter_context(serving(*servers))
        arena = Arena(
            directory=directory,
            broker=servers[0],
            broker_port=port,
            engine=servers[1],
            engine_port=port + 2,
            seconds=seconds,
            per_second=rate,
            calm=calm,
        )
        click.echo(HEAD)
        failed = [number for number in wanted if not _told(run_seed(number, arena))]
    if failed:
        again = f"make chaos SEED={failed[0]} SECONDS={seconds:g} RATE={rate:g}"
        click.echo(f"not exact: seeds {failed}; logs in {directory}; again: {again}", err=True)
        sys.exit(1)
    if keep is None:
        shutil.rmtree(directory, ignore_errors=True)


def _told(result: Result) -> bool:
    """Print the seed's line, and whatever is wrong with it."""
    faults = ", ".join(f"{name} {number}" for name, number in sorted(result.injected.items()) if number) or "none"
    verdict = "exact" if not result.complaints else f"NOT EXACT ({len(result.complaints)})"
    cells = (result.seed, result.workers, faults, result.events, result.rows, result.restarts, f"{result.drain_s:.1f} s", verdict)
    click.echo(f"| {' | '.join(map(str, cells))} |")
    trouble = ", ".join(f"{name} {number}" for name, number in sorted(result.trouble.items()))
    click.echo(f"{time.strftime('%H:%M:%S')} seed {result.seed}: planted {trouble}", err=True)
    for complaint in result.complaints:
        click.echo(f"seed {result.seed}: {complaint}", err=True)
    return not result.complaints


if __name__ == "__main__":
    main()
