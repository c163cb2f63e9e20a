"""The same log gives the same bytes in other processes: other hash seeds, threads, batches, restarts."""

import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
PROGRAM = """
import json, sys
from hashlib import blake2b
from graph.partition_state import PartitionState
from dataclasses import replace
from graph.score_version import ScoreVersion
from tests.properties.conversations import PARAMETERS, SETTINGS, conversation
from tests.properties.interaction_records import THEME, to_records
size, stops = int(sys.argv[1]), (1000, 2500, 4001)
records = to_records(conversation(7, actors=60, acts=4_000, hours=90, sources=2))[: stops[-1]]
themes = {THEME: replace(SETTINGS, shadow=(ScoreVersion("help", PARAMETERS), ScoreVersion("recommend")))}
state, found, runs = PartitionState(0, themes), [], blake2b()
for start in range(0, len(records), 500):
    for begin in range(start, min(start + 500, len(records)), size):
        end = min(begin + size, start + 500, len(records))
        for _, value in state.apply(range(begin, end), records[begin:end]):
            if b'"type":"acts"' not in value[:40]:
                runs.update(value)
    body = state.dump()
    found.append([state.next_offset, blake2b(body).hexdigest()])
    if size != 500:
        state = PartitionState.load(body, 0, themes)
print(json.dumps([found, runs.hexdigest()]))
"""
THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS")


def told(seed: str, threads: str, size: int) -> object:
    """Digests of the snapshots at each 500th offset, and of all runs, from a process of its own."""
    environ = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "PYTHONHASHSEED": seed} | dict.fromkeys(THREADS, threads)
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(size)], cwd=ROOT, env=environ, capture_output=True, check=True, timeout=120
    )
    return json.loads(done.stdout)


def test_snapshots_at_equal_offsets_and_all_runs_are_the_same_bytes() -> None:
    expected = told("0", "1", 500)
    for seed, threads, size in (("1", "4", 500), ("4242", "2", 37), ("random", "8", 250), ("77", "1", 1)):
        assert told(seed, threads, size) == expected, (seed, threads, size)
