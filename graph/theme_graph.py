"""What a theme holds of its conversation: the rows, the actors, and the replies that wait for their parent."""

from dataclasses import dataclass, field

from graph.actors import Actors
from graph.interaction_log import InteractionLog
from graph.parked import Parked


@dataclass(frozen=True, slots=True)
class ThemeGraph:
    """The rolling interaction graph of one theme."""

    log: InteractionLog = field(default_factory=InteractionLog)
    actors: Actors = field(default_factory=Actors)
    parked: Parked = field(default_factory=Parked)
