"""A process that handles much and holds little stays small."""

import platform
import subprocess
import sys

import pytest

HOLD_MB, LEFT_MB = 200, 50
ON_GLIBC = pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="the allocator that is told is glibc's")
SCRIPT = f"""
import ctypes, sys, threading
from pathlib import Path
from streams.heap import keep_heap_small

def resident_mb():
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096 // 2**20

def work(held):
    blocks = []
    for number in range({HOLD_MB} * 10):
        blocks.append(b"x" * (100_000 + number % 7))
        held.append(b"x" * 2_000)  # lives on between two blocks that do not
    blocks.clear()

if sys.argv[1] == "small":
    keep_heap_small()
held, before = [], resident_mb()
thread = threading.Thread(target=work, args=(held,))
thread.start()
thread.join()
print(resident_mb() - before)
"""


def _left_mb(how: str) -> int:
    done = subprocess.run([sys.executable, "-c", SCRIPT, how], capture_output=True, text=True, check=True)
    return int(done.stdout)


@ON_GLIBC
def test_large_blocks_are_given_back_though_small_ones_stay_between_them() -> None:
    assert _left_mb("small") < LEFT_MB


@ON_GLIBC
def test_otherwise_they_are_kept() -> None:
    """Or there would be nothing to do: then delete `streams.heap`."""
    assert _left_mb("as it comes") > HOLD_MB // 2
