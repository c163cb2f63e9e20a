"""`python -m bench`: every line of the table, in a minute and a half; `--full` for larger sizes, `--json` for machines."""

import argparse
import os
import platform
import sys
import time
from collections.abc import Callable

import orjson

from bench import agents, latency, memory, rank_path, refresh, restart, shadows, storing, taking_in
from bench.kafka_rounds import rounds
from bench.outcome import Line, Skipped
from bench.table import print_table
from prescribers.stack.mock_kafka import MockKafkaError
from streams.kafka_failures import KafkaUnreachableError

Part = Callable[[], list[Line]]
PARTS = ("kafka", "latency", "intake", "memory", "refresh", "restart", "shadows", "store")
KAFKA_LINES = "normalise and rank apps on Kafka"
BROKER_VARIABLE = "PRESCRIBERS_TEST_KAFKA"


def main(arguments: list[str]) -> int:
    """Exit status 0 where every line was measured, met or not; 1 where one failed."""
    options = _parse(arguments)
    started = time.monotonic()
    parts: dict[str, Part] = {
        "kafka": lambda: _on_kafka(KAFKA_LINES, lambda: _rounds(options.brokers, full=options.full)),
        "latency": lambda: _on_kafka(latency.NAME, lambda: latency.measure(options.brokers, full=options.full)),
        "intake": lambda: taking_in.measure(full=options.full),
        "memory": lambda: memory.measure(full=options.full),
        "refresh": lambda: refresh.measure(full=options.full),
        "restart": lambda: restart.measure(full=options.full),
        "shadows": lambda: shadows.measure(full=options.full),
        "store": lambda: storing.measure(full=options.full),
    }
    lines: list[Line] = []
    if platform.system() != "Linux":
        parts = {name: parts[name] for name in ("intake", "refresh", "restart", "shadows")}
        lines.append(
            Skipped(
                name="apps on Kafka, memory, store", reason="another process's CPU clock and memory are read as Linux shows them"
            )
        )
    for name, part in parts.items():
        if not options.only or name in options.only:
            sys.stderr.write(f"measuring {name} …\n")
            lines += part()
    if options.json:
        sys.stdout.write(orjson.dumps([line.to_json() for line in lines], option=orjson.OPT_INDENT_2).decode() + "\n")
    else:
        print_table(lines, time.monotonic() - started)
    return 1 if any(isinstance(line, Skipped) and line.failed for line in lines) else 0


def _on_kafka(name: str, part: Part) -> list[Line]:
    try:
        return part()
    except MockKafkaError as error:
        return [Skipped(name=name, reason=str(error))]
    except (RuntimeError, KafkaUnreachableError) as error:
        return [Skipped(name=name, reason=str(error), failed=True)]


def _rounds(brokers: tuple[str, ...], *, full: bool) -> list[Line]:
    seconds = rounds(brokers, full=full)
    return [*agents.outcomes(seconds), *rank_path.outcomes(seconds)]


def _parse(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--full", action="store_true", help="larger sizes; takes minutes")
    parser.add_argument("--json", action="store_true", help="one JSON array instead of a table")
    parser.add_argument("--only", action="append", choices=PARTS, help="only this part; may be repeated")
    named = tuple(filter(None, os.environ.get(BROKER_VARIABLE, "").split(",")))
    parser.add_argument(
        "--brokers",
        type=lambda text: tuple(text.split(",")),
        default=named,
        help=f"a real Kafka, host:port,… (default: {BROKER_VARIABLE}, else the in-memory cluster)",
    )
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
