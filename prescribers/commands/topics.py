"""`prescribers topics`: create the topics, or compare them with what is wanted."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import click

from graph.theme_settings import ThemeSettings
from prescribers.examples import examples
from prescribers.failures import DONE, FAILED
from prescribers.invocation import Invocation
from prescribers.links import Links
from prescribers.output import json_option, print_json, say

if TYPE_CHECKING:
    from streams.topics import TopicDifference


@click.command("topics", epilog=examples("prescribers topics --dry-run", "prescribers --set kafka.brokers=localhost:9092 topics"))
@click.option("--dry-run", is_flag=True, help="Only say what would be created.")
@click.option("--status", "only_status", is_flag=True, help="Only compare; exit status 1 where something is missing or differs.")
@json_option
@click.pass_obj
def command(invocation: Invocation, *, dry_run: bool, only_status: bool, as_json: bool) -> int:
    """Create the Kafka topics that are missing, and compare the others.

    A wrong number of partitions is an error (status 2): what to do about it is a person's decision.
    """
    from streams import topics

    settings = invocation.settings()
    kafka = Links(settings, say).kafka
    window_ms = widest_window(settings.themes.values())
    created = not (dry_run or only_status)
    found = topics.create(kafka, window_ms=window_ms) if created else topics.plan(kafka, window_ms=window_ms)
    _refuse_mismatch(found)
    if as_json:
        print_json([_described(difference, created=created) for difference in found])
    else:
        for difference in found:
            for line in _lines(difference, created=created):
                click.echo(line)
        if not found:
            click.echo("All topics are as wanted.")
    return FAILED if only_status and found else DONE


def _refuse_mismatch(found: "Iterable[TopicDifference]") -> None:
    from streams.topics import TopicMismatchError

    for difference in found:
        if difference.mismatch:
            raise TopicMismatchError(difference.topic.name, has=difference.has, wants=difference.topic.partitions)


def widest_window(themes: Iterable[ThemeSettings]) -> int:
    """The longest window of any theme, ms: the topics must hold it."""
    return max((theme.window_ms for theme in themes), default=ThemeSettings(name="default").window_ms)


def _described(difference: "TopicDifference", *, created: bool) -> dict[str, Any]:
    return {
        "topic": difference.topic.name,
        "partitions": difference.topic.partitions,
        "has_partitions": difference.topic.partitions if created and difference.missing else difference.has,
        "created": created and difference.missing,
        "settings": {key: {"has": has, "wants": wants} for key, (has, wants) in difference.configs.items()},
    }


def _lines(difference: "TopicDifference", *, created: bool) -> Iterable[str]:
    topic = difference.topic
    if difference.missing:
        yield f"{topic.name}: {'created' if created else 'missing'}, {topic.partitions} partitions"
    for key, (has, wants) in difference.configs.items():
        yield f"{topic.name}: {key} is {has}, wanted is {wants}; change it with Kafka's own tools if you agree"
