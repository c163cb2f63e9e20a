"""Ends of historical feeds: a close takes effect once every partition that the feed used has sent it."""

import msgspec

from graph.interaction import Interaction

MOST_CLOSINGS = 1000
"""Feeds that never ended everywhere are forgotten beyond this many, the oldest first."""


class Closings(msgspec.Struct):
    """For all themes of a partition: a close may come before its theme's first event."""

    waiting: dict[str, list[int]] = {}
    """Partitions heard from, by theme and feed."""

    def complete(self, close: Interaction) -> bool:
        """Take one in; True with the last of its parts, after which the feed may be closed anew."""
        name = f"{close.theme}\0{close.key}"
        heard = self.waiting.setdefault(name, [])
        if close.origin[0] not in heard:
            heard.append(close.origin[0])
        if len(heard) >= close.parts:
            del self.waiting[name]
            return True
        while len(self.waiting) > MOST_CLOSINGS:
            del self.waiting[next(iter(self.waiting))]
        return False
