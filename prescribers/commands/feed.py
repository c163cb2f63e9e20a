"""`prescribers feed`: mention events from files to Kafka."""

import click

from prescribers.examples import examples
from prescribers.invocation import Invocation
from prescribers.links import SHORT_LOG_RECORDS, Links
from prescribers.option_types import FILE
from prescribers.output import json_option, print_json, say
from prescribers.progress import progress_bar


@click.command(
    "feed",
    epilog=examples(
        "prescribers feed --close mentions.jsonl",
        "prescribers feed --theme lean --max-lag 100000 january.jsonl.gz february.jsonl.gz",
    ),
)
@click.argument("files", nargs=-1, required=True, type=FILE, metavar="FILE...")
@click.option("--theme", default="", metavar="T", help="The theme of events that name none.")
@click.option("--rate", type=click.FloatRange(min=0, min_open=True), metavar="N", help="At most N events a second.")
@click.option("--close", is_flag=True, help="End a historical feed, so that its last step is ranked.")
@click.option("--max-lag", type=click.IntRange(min=1), metavar="N", help="Wait while the pipeline is more than N records behind.")
@click.option("--resume", is_flag=True, help="Go on after the last acknowledged line of an interrupted feed.")
@click.option("--dry-run", is_flag=True, help="Read and count, send nothing.")
@json_option
@click.pass_obj
def command(
    invocation: Invocation,
    *,
    files: tuple[str, ...],
    theme: str,
    rate: float | None,
    close: bool,
    max_lag: int | None,
    resume: bool,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Send mention.v1 events to Kafka: FILE holds JSON lines (.gz, .zst, or - for standard input).

    Bytes are sent unchanged and acknowledged by all replicas. What cannot be understood becomes a
    dead letter later; nothing is dropped here. To the local stack, whose log is short, at most
    40,000 records wait: beyond, a worker has to run.
    """
    settings = invocation.settings()
    if dry_run:
        _count(files, as_json=as_json)
        return
    from streams.feed import feed

    links = Links(settings, say)
    kafka = links.kafka
    with progress_bar("Feeding") as report:
        fed = feed(
            files,
            kafka,
            theme=theme,
            rate=rate,
            close=close,
            max_lag=max_lag or (SHORT_LOG_RECORDS if links.short_log else None),
            resume_dir=settings.data_dir / "feeds",
            resume=resume,
            progress=report,
        )
    for line in fed.too_long:
        say(f"{line.path}, line {line.line}: {line.length} bytes are more than a message holds; not sent.")
    result = {"events": fed.sent, "resumed": fed.resumed, "too_long": len(fed.too_long), "closed": fed.closed}
    if as_json:
        print_json(result | {"themes": list(fed.themes), "partitions": list(fed.partitions), "seconds": round(fed.seconds, 3)})
        return
    again = f" ({fed.resumed:,} had been sent before)" if fed.resumed else ""
    rate_text = f", {fed.sent / fed.seconds:,.0f} a second" if fed.seconds else ""
    click.echo(f"Fed {fed.sent:,} events{again}{rate_text}{', and closed the feed' if fed.closed else ''}.")


def _count(files: tuple[str, ...], *, as_json: bool) -> None:
    from prescribers.recorded import Recording

    with progress_bar("Reading") as report:
        recording = Recording(files, report)
        events = sum(1 for _ in recording.lines())
    if as_json:
        print_json({"events": events, "too_long": len(recording.too_long)})
    else:
        click.echo(f"Would feed {events:,} events; {len(recording.too_long)} lines are too long for a message.")
