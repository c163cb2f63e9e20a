"""What can go wrong, as people meet it: one line that names cause and remedy, and an exit status that scripts can rely on."""

DONE, FAILED, USAGE, UNREACHABLE, REFUSED, NOT_FOUND = range(6)


class Failure(Exception):  # noqa: N818 - some of these are no error: asking for what does not exist is an answer
    """The work failed, for the reason said in one line."""

    exit_status = FAILED


class ConfigurationFailure(Failure):
    """Wrong usage or configuration; names the key, where it came from and a valid example."""

    exit_status = USAGE


class UnreachableFailure(Failure):
    """A service does not answer; names address, reason and remedy."""

    exit_status = UNREACHABLE


class RefusedFailure(Failure):
    """Going on would harm the data; says what to do."""

    exit_status = REFUSED


class NotFoundFailure(Failure):
    """Asked for something that does not exist; says what does."""

    exit_status = NOT_FOUND


STATUS_BY_ERROR = {
    "graph.partition_state.ForeignSnapshotError": REFUSED,
    "streams.halt.RefusedDataError": REFUSED,
    "streams.kafka_failures.FeedError": FAILED,
    "streams.kafka_failures.KafkaUnreachableError": UNREACHABLE,
    "streams.kafka_failures.TopicRefusedError": FAILED,
    "streams.topics.TopicMismatchError": USAGE,
}
"""Errors of other packages by qualified name, so that no package is loaded only to find out that it did not fail.
Errors that carry an `exit_status` of their own need no entry."""


def status_of(error: BaseException) -> int | None:
    """The exit status for an error whose message is already meant for people; None for one that nobody foresaw."""
    status = getattr(error, "exit_status", None)
    if isinstance(status, int):
        return status
    names = (f"{kind.__module__}.{kind.__qualname__}" for kind in type(error).__mro__)
    return next((STATUS_BY_ERROR[name] for name in names if name in STATUS_BY_ERROR), None)
