"""The coverage-guided fuzzer: `make fuzz SECONDS=60`. A finding is written to the corpus, which the tests run ever after.

In rounds, each in a process of its own, on what the rounds before have found: instrumented code keeps some hundred bytes of
every input that it was tried on, which would end a long run (the same code as it is run by users keeps none).
"""

import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["graph", "streams"]):
    from tests.fuzz.decoders import read_or_refused
    from tests.fuzz.fates import exactly_one_fate

HERE = Path(__file__).parent
CORPUS = HERE / "corpus"
TARGETS: dict[str, Callable[[bytes], object]] = {"normalise": exactly_one_fate, "decoders": read_or_refused}
ROUND_S = 300


def main(target: str, seconds: str) -> None:
    """Fuzz one target for so long; the process ends with a status other than 0 on the first finding."""
    end_s = time.monotonic() + int(seconds)
    with tempfile.TemporaryDirectory() as found:
        while (left_s := round(end_s - time.monotonic())) > 0:
            command = [sys.executable, __file__, target, str(min(left_s, ROUND_S)), found]
            status = subprocess.run(command, check=False).returncode
            if status:
                sys.exit(status)


def one_round(target: str, seconds: str, found: str) -> None:
    """Does not return: the fuzzer ends the process."""
    options = [f"-max_total_time={seconds}", "-max_len=4096", f"-dict={HERE / 'words.dict'}", "-print_final_stats=1"]
    options += [f"-artifact_prefix={CORPUS}/found-", "-timeout=10", "-rss_limit_mb=4000", "-verbosity=0"]
    atheris.Setup([sys.argv[0], *options, found, str(CORPUS)], TARGETS[target])
    atheris.Fuzz()


if __name__ == "__main__":
    (main if len(sys.argv) == 3 else one_round)(*sys.argv[1:])
