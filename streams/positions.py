"""Where reading starts: decided here alone, from what an app has made durable and what the log still holds."""

from collections.abc import Mapping

from faust.types import TP

from streams.halt import OutOfLogError


def decide_positions(
    wanted: Mapping[TP, int | None], starts: Mapping[TP, int], ends: Mapping[TP, int], *, keeper: str
) -> dict[TP, int]:
    """The offset to seek to, by partition.

    `wanted`: the next offset that `keeper` (a snapshot, a commit) asks for, None on a first start, which reads from the log's
    beginning. Never resets in silence: raises `OutOfLogError` where a wanted offset lies before the log's start or after its end.
    """
    decided: dict[TP, int] = {}
    for tp in sorted(wanted):
        offset, start, end = wanted[tp], starts[tp], ends[tp]
        if offset is None:
            decided[tp] = start
        elif start <= offset <= end:
            decided[tp] = offset
        elif offset < start:
            raise OutOfLogError(
                f"{tp.topic}[{tp.partition}]: the {keeper} goes on at offset {offset}, but the log now starts at {start}: "
                f"{start - offset} offsets expired unread. Feed their time again, then remove the {keeper} to read what is left."
            )
        else:
            raise OutOfLogError(
                f"{tp.topic}[{tp.partition}]: the {keeper} goes on at offset {offset}, but the log ends at {end}: it was "
                f"truncated, or is another cluster's. Connect to the right one, or remove the {keeper} to start anew."
            )
    return decided
