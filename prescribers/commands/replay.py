"""`prescribers replay`: rankings of a recorded conversation, without Kafka."""

import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator

import click

from graph.run import RankingRun
from graph.score_version import ScoreVersion
from prescribers.centralities import LEGEND as CENTRALITIES_LEGEND
from prescribers.centralities import centralities_of, centralities_of_run, centralities_table
from prescribers.examples import examples
from prescribers.failures import NotFoundFailure
from prescribers.invocation import Invocation
from prescribers.links import Links
from prescribers.moments import rfc3339
from prescribers.option_types import DURATION, FILE, SCORE, TIME
from prescribers.output import centralities_option, json_option, print_json_lines, print_table, say
from prescribers.plain_text import plain
from prescribers.progress import progress_bar
from prescribers.ranked_rows import rows_of_run
from prescribers.ranking_table import LEGEND, ranking_table
from prescribers.settings import Settings

SHOWN = 20


@click.command(
    "replay",
    epilog=examples(
        "prescribers replay --every 7d mentions.jsonl",
        "prescribers replay --at 2020-03-01 --at 2020-06-01 --json lean.jsonl.gz",
        "prescribers replay --score help,tau=0.1 --every 7d --store mentions.jsonl",
    ),
)
@click.argument("files", nargs=-1, required=True, type=FILE, metavar="FILE...")
@click.option("--theme", default="", metavar="T", help="The theme of events that name none, and the only one shown.")
@click.option("--every", type=DURATION, metavar="7d", help="A ranking as of each multiple of this duration.")
@click.option("--at", "times", type=TIME, multiple=True, metavar="TIME", help="A ranking as of this time; repeatable.")
@click.option("-n", "first", type=click.IntRange(min=1), help="Only the first N of each ranking.")
@click.option(
    "--score", type=SCORE, metavar="V", help="Another score: a preset, or preset,parameter=number,... (docs/ranking.md)."
)
@click.option("--store", is_flag=True, help="Write the rankings to the warehouse instead of printing them.")
@centralities_option
@json_option
@click.pass_obj
def command(
    invocation: Invocation,
    *,
    files: tuple[str, ...],
    theme: str,
    every: int | None,
    times: tuple[int, ...],
    first: int | None,
    score: ScoreVersion | None,
    store: bool,
    centralities: bool,
    as_json: bool,
) -> None:
    """Rank a recorded conversation with the same core, without Kafka.

    FILE holds mention.v1, JSON lines (.gz, .zst, or - for standard input). Without --every and --at
    only the last ranking is shown. The last step is ranked, as after `feed --close`. With --score and
    --store the other score stands beside the theme's own in SQL, under its score_version. With
    --centralities each ranking is shown with the ranks that other measures would give.
    """
    from prescribers.recorded import Recording, rereadable

    settings = invocation.settings()
    refused: Counter[str] = Counter()
    with rereadable(files) as paths, progress_bar("Replaying") as report:
        recording = Recording(paths, report)
        others: set[str] = set()
        shown = _of_theme(_runs(recording.lines, settings, theme, (every, times), refused, score), theme, others)
        count = _store(shown, settings) if store else _print(shown, first, centralities=centralities, as_json=as_json)
    for line in recording.too_long:
        say(f"{line.path}, line {line.line}: {line.length} bytes are more than a message holds; left out.")
    if refused:
        say("Not ranked, by reason: " + ", ".join(f"{reason} {number}" for reason, number in sorted(refused.items())))
    if not count and others:
        raise NotFoundFailure(f"There is no theme {theme} here. There are: {', '.join(map(plain, sorted(others)))}")
    if not count:
        say("No ranking: no event reached a theme by then. An event names its themes, or --theme gives one.")


def _runs(
    read: Callable[[], Iterable[bytes]],
    settings: Settings,
    theme: str,
    wanted: tuple[int | None, tuple[int, ...]],
    refused: Counter[str],
    score: ScoreVersion | None,
) -> Iterator[RankingRun]:
    from graph.normalise import Normaliser
    from graph.replay import replay

    taken = settings.input
    normaliser = Normaliser(
        tuple(settings.themes.values()), secret=taken.secret, allow_private=taken.allow_private, max_bytes=taken.max_bytes
    )
    every, times = wanted
    now = time.time_ns() // 1_000_000
    return replay(
        read,
        settings.themes,
        normaliser=normaliser,
        received_at=now,
        theme=theme,
        at=times if times or every else (now,),
        every_ms=every,
        refused=lambda refusal: refused.update([refusal.reason]),
        score=score,
    )


def _of_theme(runs: Iterable[RankingRun], theme: str, others: set[str]) -> Iterator[RankingRun]:
    """Those of a theme, or all without one; the names of the rest are added to `others`."""
    for run in runs:
        if not theme or run.theme == theme:
            yield run
        else:
            others.add(run.theme)


def _print(runs: Iterable[RankingRun], first: int | None, *, centralities: bool, as_json: bool) -> int:
    table, legend = (centralities_table, CENTRALITIES_LEGEND) if centralities else (ranking_table, LEGEND)
    count = 0
    for count, run in enumerate(runs, start=1):  # noqa: B007 - the number is the result
        rows = rows_of_run(run)[: first + 1 if first else None]
        if centralities:
            told = centralities_of_run(run)
            rows = [row | {"centralities": centralities_of(told.get(row["actor_id"]))} for row in rows]
        if as_json:
            print_json_lines(rows[:first])
        else:
            print_table(table(rows, first or SHOWN, title=f"{run.theme}, as of {rfc3339(run.window_end)}"))
    if count and not as_json:
        say(legend)
    return count


def _store(runs: Iterable[RankingRun], settings: Settings) -> int:
    from graph.publish import publish_run
    from prescribers.work import ready_warehouse
    from sinks.clickhouse.writer import RankingWriter

    warehouse = ready_warehouse(Links(settings, say), say)
    writer = RankingWriter(warehouse)
    count = 0
    for count, run in enumerate(runs, start=1):  # noqa: B007 - the number is the result
        writer.write([value for _, value in publish_run(run)], ())
    warehouse.close()
    say(f"Stored {count} rankings.")
    return count
