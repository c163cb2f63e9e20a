"""Which Kafka key a line travels under: what belongs to one theme stays in order."""

import msgspec
from msgspec import Struct


class _Names(Struct, gc=False):
    """All that matters of an event here; the rest of the line is skipped, not validated."""

    themes: tuple[str, ...] | None = None
    source: str = ""


_decode = msgspec.json.Decoder(_Names).decode


class LineKeys:
    """The key of each line in turn: `theme` if given, else the event's first theme, else its source, else the previous key.

    Remembers the themes that the lines name, and whether a line named none, for the close at the end.
    """

    def __init__(self, theme: str = "") -> None:
        self._theme = theme
        self._previous = b""
        self.themes: set[str] = set()
        self.unnamed = False

    def key(self, line: bytes) -> bytes:
        """The key of the next line. A line that cannot be read, whose fate is a dead letter, follows the one before."""
        try:
            names = _decode(line)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            return self._previous
        if names.themes:
            self.themes.update(names.themes)
            key = self._theme or names.themes[0] or names.source
        elif self._theme:
            self.themes.add(self._theme)
            key = self._theme
        else:
            self.unnamed = True
            key = names.source
        self._previous = key.encode()
        return self._previous
