"""`prescribers simulate`: a seeded conversation with planted roles, and the truth beside it."""

from pathlib import Path

import click
import orjson

from prescribers.conversation_file import truth_file, write_conversation
from prescribers.examples import examples
from prescribers.failures import ConfigurationFailure, Failure
from prescribers.moments import moment_ms
from prescribers.output import json_option, print_json, say


@click.command(
    "simulate",
    epilog=examples(
        "prescribers simulate mentions.jsonl", "prescribers simulate --events 100000 --seed 7 --theme cargo big.jsonl"
    ),
)
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--events", default=20_000, show_default=True, help="How many lines to write.")
@click.option("--seed", default=1, show_default=True, help="Same seed and settings, same bytes.")
@click.option("--theme", default="demo", show_default=True, help="The theme that the events name.")
@click.option("--days", default=75, show_default=True, help="How long the conversation lasts.")
@click.option("--start", default="2025-09-01", show_default=True, metavar="TIME", help="When it begins.")
@click.option("--second-source", default="", metavar="SOURCE", help="A second, smaller platform.")
@click.option("--dry-run", is_flag=True, help="Only print who would be planted.")
@json_option
def command(
    *, file: Path, events: int, seed: int, theme: str, days: int, start: str, second_source: str, dry_run: bool, as_json: bool
) -> None:
    """Write a believable conversation in French and English to FILE (mention.v1, JSON lines).

    Who was planted in it, prescribers of small audience, facilitators, a loud broadcaster, a ring,
    staff, is written beside it as FILE with the ending .truth.json.
    """
    from prescribers.simulation import SimulationSettings, simulate, truth

    try:
        settings = SimulationSettings(
            events=events, seed=seed, theme=theme, days=days, start_ms=moment_ms(start), second_source=second_source
        )
    except ValueError as error:
        raise ConfigurationFailure(f"{error}. Example: prescribers simulate --events 20000 mentions.jsonl") from error
    planted = truth(settings)
    beside = truth_file(file)
    if not dry_run:
        try:
            write_conversation(file, simulate(settings))
            beside.write_bytes(orjson.dumps(planted, option=orjson.OPT_INDENT_2) + b"\n")
        except OSError as error:
            raise Failure(f"{error.filename}: cannot be written: {error.strerror}. Choose another FILE") from error
        say(f"Wrote {events} events to {file}, and who was planted to {beside}.")
    if as_json:
        print_json(planted)
    elif dry_run:
        for role in ("prescribers", "facilitators", "broadcasters", "ring", "staff", "brands"):
            click.echo(f"{role}: {', '.join(one['actor_id'] for one in planted[role])}")
