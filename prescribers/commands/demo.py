"""`prescribers demo`: the whole pipeline on a simulated conversation, in a minute."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from prescribers.examples import examples
from prescribers.output import json_option, print_json, print_table, say
from prescribers.ranking_table import LEGEND, ranking_table

SHOWN = 15


@click.command("demo", epilog=examples("prescribers demo", "prescribers demo --events 50000 --keep try"))
@click.option("--events", type=click.IntRange(min=1000), default=20_000, show_default=True, help="Length of the conversation.")
@click.option("--seed", default=1, show_default=True, help="Another seed, another conversation.")
@click.option("--keep", type=click.Path(file_okay=False, path_type=Path), metavar="DIR", help="Keep data and settings in DIR.")
@json_option
def command(*, events: int, seed: int, keep: Path | None, as_json: bool) -> None:
    """Simulate a conversation, send it through Kafka and the apps, and show the ranking.

    Who was planted in it is known, so the ranking can be held against the truth. Nothing needs to
    be installed or configured; everything runs on loopback and ends by itself.
    """
    from prescribers.demonstration import Demonstration
    from prescribers.planted_places import first_among, place_lines, planted_places

    with _directory(keep) as directory:
        demonstration = Demonstration(directory, events, seed, say)
        try:
            found, planted = demonstration.run()
        finally:
            demonstration.stop()
        places = planted_places(dict(planted), found.rows)
        if as_json:
            print_json({"ranking": found.rows, "planted": planted})
        else:
            title = f"{planted['theme']}, as of {found.window_end}: {SHOWN} of {found.ranked}"
            print_table(ranking_table(found.rows, SHOWN, title=title))
            say(LEGEND)
            click.echo("\nWho was planted, and where they came out")
            click.echo("\n".join(place_lines(places)))
            click.echo(f"\n{first_among(places)}")
        say(f"\nDone in {demonstration.seconds:.0f} s. {_whereabouts(keep, found.rows[0]['actor_name'])}")


@contextmanager
def _directory(keep: Path | None) -> Iterator[Path]:
    if keep is not None:
        yield keep
        return
    with tempfile.TemporaryDirectory(prefix="prescribers-demo-") as directory:
        yield Path(directory)


def _whereabouts(keep: Path | None, first: str) -> str:
    if keep is None:
        return "Its data is gone; `prescribers demo --keep DIR` keeps it."
    return f'Data, settings and truth are in {keep}. Go on: prescribers --config {keep}/prescribers.toml explain demo "{first}"'
