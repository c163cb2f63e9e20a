"""Settings that a client sends with each query, on an engine that only knows settings of a session.

Each difference to the previous query is one SET; a setting no longer sent goes back to its default.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from prescribers.stack.embedded_engine import EngineError, EngineSession
from prescribers.stack.query_rewrite import literal

IMPORTANT = 0x1
CUSTOM = 0x2
_READONLY = "readonly"
_LOG_COMMENT = "log_comment"
# The engine's own defaults: inserts gathered in memory first, and bare expressions taken for SELECT.
_AS_A_SERVER = {"async_insert": "0", "implicit_select": "0"}


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting of a query; unless IMPORTANT or CUSTOM, a name that the server does not know is passed over."""

    name: str
    flags: int
    value: str


class SessionSettings:
    """What is set on one session; `log_comment` marks the session, so that what it runs can be found and ended."""

    def __init__(self, session: EngineSession, known: frozenset[str], log_comment: str) -> None:
        self._session = session
        self._known = known
        self._floor = {**_AS_A_SERVER, _LOG_COMMENT: log_comment}
        self._current: dict[str, str] = {}
        self.apply(())

    def apply(self, settings: Iterable[Setting]) -> None:
        """Make the session's settings those of the next query. Raises EngineError, with the session as after no settings."""
        wanted = {**self._floor, **{item.name: item.value for item in settings if self._takes(item)}}
        if wanted == self._current:
            return
        if _READONLY in self._current:
            self._restart()
        changes = {name: literal(value) for name, value in wanted.items() if self._current.get(name) != value}
        changes |= dict.fromkeys(self._current.keys() - wanted.keys(), "DEFAULT")
        last = changes.pop(_READONLY, None)
        try:
            self._set(changes)
            self._set({} if last is None else {_READONLY: last})
        except EngineError:
            self._restart()
            raise
        self._current = wanted

    def _restart(self) -> None:
        self._session.renew()
        self._set({name: literal(value) for name, value in self._floor.items()})
        self._current = dict(self._floor)

    def _takes(self, item: Setting) -> bool:
        return item.name != _LOG_COMMENT and (item.name in self._known or bool(item.flags & (IMPORTANT | CUSTOM)))

    def _set(self, changes: dict[str, str]) -> None:
        if changes:
            self._session.run("SET " + ", ".join(f"{name} = {value}" for name, value in changes.items()))
