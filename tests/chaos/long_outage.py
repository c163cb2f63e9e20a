"""ClickHouse away for minutes under load: `python -m tests.chaos.long_outage --seconds 600`.

A line a minute with the lag of each app and what its process holds in memory; then the warehouse comes back, everything drains,
and every row is compared. Exit status 1 where one differs.
"""

import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

import click

from streams.kafka_settings import KafkaSettings
from streams.lag import APPS, group_lag, total_lag
from tests.chaos.feeder import Feeder, steady
from tests.chaos.fleet import Fleet
from tests.chaos.ground import create_topics, empty_database, named_topics, write_config
from tests.chaos.one_seed import compare, drain_and_stop, what_should_be_shown
from tests.chaos.planted_feed import plan_feed, theme_settings
from tests.chaos.servers import LOOPBACK, broker, engine, free_ports, serving
from tests.chaos.shown_rows import shown
from tests.chaos.tcp_proxy import TcpProxy

BEFORE_S, AFTER_S, LINE_S = 60.0, 60.0, 60.0
HEAD = f"| minute | warehouse | {' | '.join(f'lag {app}' for app in APPS)} | {' | '.join(f'{app}, MB' for app in APPS)} |"


@click.command()
@click.option("--seconds", type=click.FloatRange(min=10), default=600.0, help="How long the warehouse is away.")
@click.option("--rate", type=click.FloatRange(min=1), default=80.0, help="Events a second.")
def main(*, seconds: float, rate: float) -> None:
    """Takes the warehouse away from a pipeline under load, and gives it back."""
    directory = Path(tempfile.mkdtemp(prefix="outage-"))
    with ExitStack() as running:
        port = free_ports(3)
        running.enter_context(serving(broker(directory, port), engine(directory, port + 2)))
        kafka = named_topics(f"{LOOPBACK}:{port}", "outage")
        length = BEFORE_S + seconds + AFTER_S
        feed, _ = plan_feed(1, int(length * rate), time.time_ns() // 1_000_000, rate)
        expected = what_should_be_shown(feed, kafka.mentions, port + 2, "undisturbed")
        create_topics(kafka)
        found = running.enter_context(empty_database(port + 2, "outage"))
        proxy = running.enter_context(TcpProxy(port + 2))
        config = write_config(directory, kafka, proxy.port, found.settings.database, {})
        fleet = Fleet(directory, ["--config", str(config)], lambda _app, _number: [], time.monotonic)
        running.callback(fleet.kill_all)
        for app in APPS:
            fleet.add(app)
        feeder = Feeder(kafka, feed, steady(len(feed), length))
        feeder.start()
        click.echo(f"{HEAD}\n|{' --- |' * 8}")
        _watch(kafka, fleet, BEFORE_S, "there")
        proxy.behave("refuse")
        _watch(kafka, fleet, seconds, "away")
        proxy.behave("pass")
        back_s = time.monotonic()
        while total_lag(group_lag(kafka, "store")) > rate:
            fleet.tick()
            time.sleep(0.2)
        click.echo(f"store has caught up {time.monotonic() - back_s:.1f} s after the warehouse came back")
        feeder.join()
        late = drain_and_stop(kafka, fleet, fleet.tick)
        rows = shown(found, theme_settings())
    complaints = [*feeder.failures, *fleet.complaints, *late, *compare(expected, rows, len(feed))]
    click.echo(
        f"{len(feed)} records, {sum(counted.total() for counted in rows.values())} rows compared, restarts {fleet.restarts}"
    )
    click.echo("exact" if not complaints else "\n".join(complaints))
    sys.exit(bool(complaints))


def _watch(kafka: KafkaSettings, fleet: Fleet, seconds: float, warehouse: str) -> None:
    """A line every `LINE_S`, and one at the end."""
    start = time.monotonic()
    line_s = LINE_S
    while (passed_s := time.monotonic() - start) < seconds:
        fleet.tick()
        time.sleep(0.1)
        if passed_s >= line_s - 0.2:
            line_s += LINE_S
            lags = [total_lag(group_lag(kafka, app)) for app in APPS]
            held = [resident_mb(process) for app in APPS for process in fleet.processes(app)]
            cells = (f"{passed_s / 60:.0f}", warehouse, *lags, *held)
            click.echo(f"| {' | '.join(map(str, cells))} |")


def resident_mb(process: int) -> int:
    """What a process holds in memory, in MB; 0 where it has ended."""
    try:
        status = Path(f"/proc/{process}/status").read_text("utf-8")
    except FileNotFoundError:
        return 0
    return int(status.partition("VmRSS:")[2].split()[0]) // 1024


if __name__ == "__main__":
    main()
