"""`rank` with a core that takes long over one record, as over a run of a large theme: `python slow_rank.py SETTINGS.json`."""

import sys
import time
from collections.abc import Sequence
from pathlib import Path

import msgspec
import structlog

from graph.partition_state import PartitionState
from streams.rank_app import Rank, RankOptions
from streams.run_app import run_app
from streams.run_settings import RunSettings
from tests.integration.app_process import Task, kafka_of


class SlowTask(Task, kw_only=True):
    """`slow_s`: how long the call takes that holds the record at `slow_offset` of a partition; `stall_s`: the watchdog's."""

    slow_s: float
    slow_offset: int
    stall_s: float


def main(settings: str) -> int:
    """The app's exit status."""
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))
    task = msgspec.json.decode(Path(settings).read_bytes(), type=SlowTask)

    class SlowState(PartitionState):
        def apply(self, offsets: Sequence[int], values: Sequence[bytes]) -> list[tuple[str, bytes]]:
            told = super().apply(offsets, values)
            if offsets[0] <= task.slow_offset <= offsets[-1]:
                sys.stdout.write("slow\n")
                sys.stdout.flush()
                time.sleep(task.slow_s)
            return told

    run = RunSettings(
        kafka=kafka_of(task), state_dir=Path(task.state_dir), checkpoint_s=task.checkpoint_s, http_port=0, stall_s=task.stall_s
    )
    return run_app("rank", (run.kafka.interactions,), run, lambda metrics: Rank(RankOptions(run=run), metrics, SlowState))


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
