"""The process that is measured: `python -m bench.child TASK`, TASK being a `bench.runner.Task` in JSON."""

import sys
from pathlib import Path

import msgspec

from bench.bare_consumer import run_bare_rank
from bench.ground import PARTITIONS, settings_of, theme_of
from bench.latency import STEP_MS
from bench.runner import Task
from bench.single_event import run_single_normalise, run_single_rank
from graph.theme_settings import DAY_MS, ThemeSettings
from streams.normalise_app import NormaliseOptions, run_normalise
from streams.rank_app import RankOptions, run_rank
from streams.run_settings import RunSettings

CHECKPOINT_S = 1.0
THEMES = 64


def main(task: Task) -> int:
    """The exit status of the app, where it ends by itself."""
    kafka = settings_of(task.prefix, task.brokers)
    run = RunSettings(kafka=kafka, state_dir=Path(task.directory) / task.role, checkpoint_s=CHECKPOINT_S)
    match task.role:
        case "normalise" | "live normalise":
            return run_normalise(NormaliseOptions(run=run))
        case "rank":
            # Steps are so long that no run falls due: the path from Kafka to state is what is measured.
            names = [theme_of(number) for number in range(THEMES)]
            return run_rank(RankOptions(run=run, themes={name: ThemeSettings(name=name, step_ms=365 * DAY_MS) for name in names}))
        case "live rank":
            live = [theme_of(number) for number in range(PARTITIONS)]
            themes = {name: ThemeSettings(name=name, step_ms=STEP_MS, lateness_ms=0) for name in live}
            return run_rank(RankOptions(run=run, themes=themes))
        case "single normalise":
            run_single_normalise(kafka, task.directory)
        case "single rank":
            run_single_rank(kafka, task.directory)
        case "bare rank":
            run_bare_rank(kafka)
    return 0


if __name__ == "__main__":
    sys.exit(main(msgspec.json.decode(sys.argv[1], type=Task)))
