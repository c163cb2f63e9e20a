"""Publications made comparable: what must be equal whatever the batches, and the part of runs that does not name offsets."""

from collections.abc import Iterable, Sequence
from typing import Any

from msgspec.structs import asdict, replace

from graph.publication import Acts, Tally, decode_publication
from tests.properties.interaction_records import CoreRun, Publication

Event = dict[str, Any]


def unbatched(published: Iterable[Publication]) -> tuple[list[bytes], dict[tuple[str, int], tuple[Event, bool, str | None]]]:
    """Runs as bytes, in order; and of every act its last publication: the event, whether it was late, the target found for it.

    The grouping of acts into records depends on how a log was cut into batches, and an act whose parent comes later in the
    same batch is published once, with its target; in the warehouse both end the same. An act stays accepted when it comes
    again too late.
    """
    runs: list[bytes] = []
    acts: dict[tuple[str, int], tuple[Event, bool, str | None]] = {}
    for _, value in published:
        publication = decode_publication(value)
        if isinstance(publication, Acts):
            targets = dict(publication.targets)
            for k, event in enumerate(publication.acts()):
                late, name = k in publication.late, (publication.theme, event.key)
                if not late or name not in acts:
                    acts[name] = (asdict(event), late, targets.get(k))
        elif not isinstance(publication, Tally):
            runs.append(value)
    return runs, acts


def without_offsets(runs: Sequence[CoreRun]) -> list[tuple[Event, list[Event], Event]]:
    """Runs without `origins`, the only part that tells which records of the input were read."""
    return [(asdict(replace(run.closed, origins={})), run.rows, run.evidence) for run in runs]


def tables(runs: Sequence[CoreRun]) -> dict[int, list[Event]]:
    """The rows of each run by `window_end`."""
    return {run.closed.window_end: run.rows for run in runs}
