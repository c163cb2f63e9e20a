"""The coverage-guided fuzzer: `make fuzz SECONDS=60`. A finding is written to the corpus, which the tests run ever after."""

import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["graph", "streams"]):
    from tests.fuzz.decoders import read_or_refused
    from tests.fuzz.fates import exactly_one_fate

HERE = Path(__file__).parent
CORPUS = HERE / "corpus"
TARGETS: dict[str, Callable[[bytes], object]] = {"normalise": exactly_one_fate, "decoders": read_or_refused}


def main(target: str, seconds: str) -> None:
    """Fuzz one target for so long; the process ends with a status other than 0 on the first finding."""
    with tempfile.TemporaryDirectory() as found:
        options = [f"-max_total_time={seconds}", "-max_len=4096", f"-dict={HERE / 'words.dict'}", "-print_final_stats=1"]
        options += [f"-artifact_prefix={CORPUS}/found-", "-timeout=10", "-rss_limit_mb=8000", "-verbosity=0"]
        atheris.Setup([sys.argv[0], *options, found, str(CORPUS)], TARGETS[target])
        atheris.Fuzz()


if __name__ == "__main__":
    main(*sys.argv[1:])
