"""Settings in, `mention.v1` lines out."""

from collections.abc import Iterator
from heapq import merge
from operator import itemgetter

from prescribers.simulation.cast import assemble
from prescribers.simulation.chance import stream
from prescribers.simulation.conversation import Conversation
from prescribers.simulation.events import EventWriter
from prescribers.simulation.rhythm import moments
from prescribers.simulation.simulation_settings import SimulationSettings

Timed = tuple[int, bytes]


def simulate(settings: SimulationSettings) -> Iterator[bytes]:
    """Exactly `settings.events` JSON documents in order of `occurred_at`, without line ends; the same settings, the same bytes.

    Some lines are sent twice in a row, as feeds do. Memory: a number per event, and what is still to come.
    """
    return (line for _, line in merge(*map(_one_source, settings.by_source()), key=itemgetter(0)))


def _one_source(settings: SimulationSettings) -> Iterator[Timed]:
    saying = stream(settings.seed, f"conversation {settings.source}")
    sending = stream(settings.seed, f"sending {settings.source}")
    conversation = Conversation(assemble(settings), settings, saying)
    writer = EventWriter(settings, sending)
    last: Timed | None = None
    for now_ms in moments(settings, sending):
        if last is None or sending.random() >= settings.duplicate_share:
            last = now_ms, writer.encode(conversation.at(now_ms))
        yield last
