"""Half an hour under more than can be done: `python -m tests.chaos.soak --seconds 1800`.

First the apps are given a rate that they keep up with, and what an event costs them is measured: its inverse is what one core
sustains. Then they are fed a multiple of it, from a process of its own, into a window of a minute and a half, so that it is full
soon and everything that fills also empties. A line a minute with lag, memory and open files; at the end the slope of each app's
memory from the time the windows of all themes are full on, by their runs, since rank falls behind the clock.
Exit status 1 where memory grows by `--most` MB a minute or more, or open files by any, or where no window came to be full.
"""

import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import click
import numpy as np

from bench.measure import cpu_seconds_of
from sinks.clickhouse.warehouse import Warehouse
from streams.kafka_settings import KafkaSettings
from streams.lag import APPS, group_lag, total_lag
from tests.chaos.fleet import Fleet
from tests.chaos.ground import create_topics, empty_database, named_topics, write_config
from tests.chaos.long_outage import resident_mb
from tests.chaos.servers import LOOPBACK, ROOT, broker, engine, free_ports, serving
from tests.chaos.soak_feed import THEMES

SETTINGS = 'window = "90s"\nhalf_life = "30s"\nstep = "10s"\nlateness = "5s"\n'
FULL_S = 180.0
"""Of event time, from a theme's first run on: the horizon of one and a half windows, lateness, a segment to be dropped."""
SPANS_QUERY = (
    "SELECT dateDiff('second', min(window_end), max(window_end)) AS span_s FROM ranking_runs "
    "WHERE startsWith(theme, 'soak') GROUP BY theme"
)
EASY_RATE, EASY_S = 2_000, 60.0
SAMPLE_S, LINE_S = 5.0, 60.0


@dataclass(slots=True)
class Course:
    """What one app's process held: seconds since the start, MB, open files."""

    at_s: list[float] = field(default_factory=list)
    held_mb: list[float] = field(default_factory=list)
    files: list[int] = field(default_factory=list)

    def sample(self, at_s: float, process: int) -> None:
        """One look."""
        self.at_s.append(at_s)
        self.held_mb.append(resident_mb(process))
        self.files.append(len(list(Path(f"/proc/{process}/fd").iterdir())))

    def slopes(self, full_s: float) -> tuple[float, float]:
        """(MB a minute, open files a minute), least squares, from when the windows are full."""
        at = np.array(self.at_s) / 60
        late = at >= full_s / 60
        held, files = (np.polyfit(at[late], np.array(values)[late], 1)[0] for values in (self.held_mb, self.files))
        return float(held), float(files)


@click.command()
@click.option("--seconds", type=click.FloatRange(min=2 * FULL_S), default=1800.0, help="How long.")
@click.option("--times", type=click.FloatRange(min=0.1), default=2.0, help="Of the rate that one core sustains.")
@click.option("--most", type=click.FloatRange(min=0), default=1.0, help="MB a minute at which memory counts as growing.")
def main(*, seconds: float, times: float, most: float) -> None:
    """Feeds the apps more than they can take in, for long, and looks at what they hold."""
    directory = Path(tempfile.mkdtemp(prefix="soak-"))
    with ExitStack() as running:
        port = free_ports(3)
        running.enter_context(serving(broker(directory, port), engine(directory, port + 2)))
        kafka = named_topics(f"{LOOPBACK}:{port}", "soak")
        create_topics(kafka)
        found = running.enter_context(empty_database(port + 2, "soak"))
        config = write_config(directory, kafka, port + 2, found.settings.database, {})
        with config.open("a") as file:
            file.writelines(f"\n[themes.soak{number}]\n{SETTINGS}" for number in range(THEMES))
        fleet = Fleet(directory, ["--config", str(config)], lambda _app, _number: [], time.monotonic)
        running.callback(fleet.kill_all)
        for app in APPS:
            fleet.add(app)
        sustained = 1 / _cost_of_an_event(kafka, fleet)
        rate = int(times * sustained)
        click.echo(f"one core sustains {sustained:,.0f} events a second; fed: {rate:,} a second for {seconds:.0f} s")
        courses, full_s = _watch(kafka, fleet, found, seconds, rate)
    click.echo(f"all windows full after {full_s / 60:.1f} minutes; from then on:")
    grown = [f"{app}: {name} grow" for app, course in courses.items() for name in _growing(app, course, full_s, most)]
    if full_s > seconds / 2:
        grown.append("the windows came to be full too late to say anything: give it longer, or a lower rate (--times)")
    complaints = [*fleet.complaints, *grown]
    click.echo("flat" if not complaints else "\n".join(complaints))
    sys.exit(bool(complaints))


def _growing(app: str, course: Course, full_s: float, most: float) -> list[str]:
    held, files = course.slopes(min(full_s, course.at_s[-1] / 2))
    click.echo(f"{app}: {held:+.2f} MB a minute, {files:+.2f} open files a minute")
    return [name for name, grows in (("memory", held >= most), ("open files", files >= 0.5)) if grows]


def _feed(kafka: KafkaSettings, rate: int, seconds: float) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-m", "tests.chaos.soak_feed", kafka.brokers[0], kafka.mentions, str(rate), str(seconds)]
    return subprocess.Popen(command, cwd=ROOT)


def _cost_of_an_event(kafka: KafkaSettings, fleet: Fleet) -> float:
    """CPU seconds of all apps for one event, at a rate that they keep up with, waiting and starting left out."""
    while not all(fleet.processes(app) for app in APPS) or total_lag(group_lag(kafka, "normalise")):
        fleet.tick()
        time.sleep(0.2)
    time.sleep(15)
    processes = [process for app in APPS for process in fleet.processes(app)]
    idle_s = _spent(processes, EASY_S / 3)
    with _feed(kafka, EASY_RATE, EASY_S + 10):
        time.sleep(5)
        busy_s = _spent(processes, EASY_S)
    return (busy_s - 3 * idle_s) / (EASY_RATE * EASY_S)


def _spent(processes: list[int], seconds: float) -> float:
    before = sum(map(cpu_seconds_of, processes))
    time.sleep(seconds)
    return sum(map(cpu_seconds_of, processes)) - before


def _full(warehouse: Warehouse) -> bool:
    """Whether the runs of every theme span more than its window and what is kept beside."""
    spans = [row["span_s"] for row in warehouse.query(SPANS_QUERY)]
    return len(spans) == THEMES and min(spans) >= FULL_S


def _watch(
    kafka: KafkaSettings, fleet: Fleet, warehouse: Warehouse, seconds: float, rate: int
) -> tuple[dict[str, Course], float]:
    """What each app held, and the seconds after which all windows were full. A line every `LINE_S`; a sample every `SAMPLE_S`."""
    full_s = float("inf")
    courses = {app: Course() for app in APPS}
    click.echo(
        f"| minute | {' | '.join(f'lag {app}' for app in APPS)} | {' | '.join(f'{app}, MB' for app in APPS)} | open files |"
    )
    click.echo(f"|{' --- |' * (2 + 2 * len(APPS))}")
    start, line_s = time.monotonic(), LINE_S
    with _feed(kafka, rate, seconds) as feed:
        while (passed_s := time.monotonic() - start) < seconds:
            fleet.tick()
            for app, course in courses.items():
                for process in fleet.processes(app):
                    course.sample(passed_s, process)
            if passed_s >= line_s:
                line_s += LINE_S
                lags = [total_lag(group_lag(kafka, app)) for app in APPS]
                held = [f"{course.held_mb[-1]:.0f}" for course in courses.values()]
                files = "/".join(str(course.files[-1]) for course in courses.values())
                if full_s > passed_s and _full(warehouse):
                    full_s = passed_s
                click.echo(f"| {passed_s / 60:.0f} | {' | '.join(map(str, [*lags, *held]))} | {files} |")
            time.sleep(SAMPLE_S)
        feed.terminate()
    return courses, full_s


if __name__ == "__main__":
    main()
