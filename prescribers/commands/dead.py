"""`prescribers dead`: what was refused, why, and once more."""

import sys
import time
from collections.abc import Callable
from itertools import islice
from typing import TYPE_CHECKING, Any

import click

from graph.reasons import REASONS
from prescribers.examples import examples
from prescribers.failures import NotFoundFailure
from prescribers.invocation import Invocation
from prescribers.links import SHORT_LOG_RECORDS, Links
from prescribers.option_types import PLACE, TIME
from prescribers.output import json_option, print_json, print_json_lines, print_table, say

if TYPE_CHECKING:
    from graph.dead_letter import DeadLetter
    from graph.normalise import Refusal
    from prescribers.settings import Settings
    from streams.dead_reader import DeadFilter, DeadRecord
    from streams.kafka_settings import KafkaSettings

SHOWN_MOST = 50


@click.group(
    "dead",
    epilog=examples("prescribers dead list --reason not_json", "prescribers dead show 0:12", "prescribers dead replay --dry-run"),
)
def command() -> None:
    """Look at refused events, and send them again after a fix."""


def filters(function: Callable[..., Any]) -> Callable[..., Any]:
    """The flags that choose letters."""
    for option in (
        click.option("--until", type=TIME, metavar="TIME", help="Only what reached Kafka before this time."),
        click.option("--since", type=TIME, metavar="TIME", help="Only what reached Kafka at this time or later."),
        click.option("--partition", type=click.IntRange(min=0), metavar="P", help="Only from this partition of mentions."),
        click.option("--reason", type=click.Choice(REASONS), default=None, metavar="CODE", help="Only with this reason code."),
    ):
        function = option(function)
    return function


@command.command(
    "list",
    short_help="List dead letters, and why each was refused.",
    epilog=examples("prescribers dead list --reason bad_field --since 2026-11-23", "prescribers dead list --partition 3 --json"),
)
@filters
@click.option("-n", "first", type=click.IntRange(min=1), help="Only the first N; for people 50 unless told otherwise.")
@json_option
@click.pass_obj
def list_command(invocation: Invocation, /, *, first: int | None, as_json: bool, **chosen: Any) -> None:  # noqa: ANN401 - of `filters`
    """List dead letters, oldest first: where each lies, what was refused, why.

    Reason codes: docs/operations.md has them all. The warehouse has the same letters in the
    table dead_letters.
    """
    from prescribers.dead_rows import dead_row, dead_table
    from streams.dead_reader import list_dead

    found = list_dead(Links(invocation.settings(), say).kafka, _filter(**chosen))
    if as_json:
        print_json_lines(dead_row(record) for record in islice(found, first))
        return
    most = first or SHOWN_MOST
    shown = list(islice(found, most))
    if not shown:
        fits = "fits what was asked for" if any(value is not None for value in chosen.values()) else "is kept"
        say(f"No dead letter {fits}: the topic holds what was refused in the last thirty days.")
        return
    print_table(dead_table(shown))
    if next(found, None) is not None:
        say(f"The first {most}; more with -n, all of them with --json.")


@command.command("show", epilog=examples("prescribers dead show 0:12", "prescribers dead show 0:12 --raw"))
@click.argument("place", type=PLACE, metavar="PLACE")
@click.option("--raw", is_flag=True, help="Only the refused bytes, unchanged.")
@json_option
@click.pass_obj
def show_command(invocation: Invocation, *, place: tuple[int, int], raw: bool, as_json: bool) -> None:
    """Show one dead letter with the refused bytes. PLACE is partition:offset, as `dead list` says it."""
    from prescribers.dead_rows import dead_lines, dead_row, payload_fields

    record = _at(Links(invocation.settings(), say).kafka, place)
    if raw:
        sys.stdout.buffer.write(record.payload)
    elif as_json:
        print_json(dead_row(record) | payload_fields(record))
    else:
        click.echo("\n".join(dead_lines(record)))


@command.command(
    "replay",
    short_help="Send dead letters to Kafka once more.",
    epilog=examples("prescribers dead replay --dry-run", "prescribers dead replay --reason no_theme --since 2026-11-23"),
)
@click.argument("places", nargs=-1, type=PLACE, metavar="[PLACE]...")
@filters
@click.option("--force", is_flag=True, help="Send also what would be refused again.")
@click.option("--dry-run", is_flag=True, help="Only say what would be sent.")
@json_option
@click.pass_obj
def replay_command(
    invocation: Invocation,
    /,
    *,
    places: tuple[tuple[int, int], ...],
    force: bool,
    dry_run: bool,
    as_json: bool,
    **chosen: Any,  # noqa: ANN401 - of `filters`
) -> None:
    """Send dead letters to Kafka once more: those at each PLACE (partition:offset), else all that fit.

    Bytes, key and theme are as they were. What this release and these settings would refuse again
    is left where it is. Sending a letter twice is harmless: its event counts once.
    """
    from streams.dead_reader import list_dead
    from streams.dead_replay import replay_dead

    settings = invocation.settings()
    links = Links(settings, say)
    found = (_at(links.kafka, place) for place in places) if places else list_dead(links.kafka, _filter(**chosen))
    limit = SHORT_LOG_RECORDS if links.short_log else None
    done = replay_dead(found, links.kafka, _judge(settings), force=force, dry_run=dry_run, max_lag=limit)
    if as_json:
        still = dict(sorted(done.still_refused.items()))
        print_json({"sent": done.sent, "still_refused": still, "foreign": done.foreign, "dry_run": dry_run})
        return
    click.echo(f"{'Would send' if dry_run else 'Sent'} {done.sent:,} dead letters again.")
    for reason, count in sorted(done.still_refused.items()):
        say(f"{count:,} would be refused again ({reason}): left where they are. --force sends them nevertheless.")


def _filter(*, reason: str | None, partition: int | None, since: int | None, until: int | None) -> "DeadFilter":
    from streams.dead_reader import DeadFilter

    return DeadFilter(reason=reason or "", partition=partition, since_ms=since, until_ms=until)


def _at(kafka: "KafkaSettings", place: tuple[int, int]) -> "DeadRecord":
    from streams.dead_reader import show_dead

    record = show_dead(kafka, *place)
    if record is None:
        raise NotFoundFailure(
            f"No dead letter lies at {place[0]}:{place[1]} of {kafka.dead} (any more). Which there are: prescribers dead list"
        )
    return record


def _judge(settings: "Settings") -> "Callable[[DeadLetter], Refusal | None]":
    """Whether `normalise`, as configured now, would refuse a letter again. The broker's clock is ours, as near as matters."""
    from graph.normalise import Normaliser, Refusal

    taken = settings.input
    normaliser = Normaliser(
        tuple(settings.themes.values()), secret=taken.secret, allow_private=taken.allow_private, max_bytes=taken.max_bytes
    )
    now_ms = time.time_ns() // 1_000_000

    def judge(letter: "DeadLetter") -> "Refusal | None":
        outcome = normaliser.normalise(letter.payload, now_ms, (letter.partition, letter.offset), letter.theme)
        return outcome if isinstance(outcome, Refusal) else None

    return judge
