"""Settings of a query on an engine that has only settings of a session."""

import pytest

from prescribers.stack.embedded_engine import EngineError, EngineSession
from prescribers.stack.session_settings import CUSTOM, IMPORTANT, SessionSettings, Setting


class FakeSession(EngineSession):
    """Remembers what is set; refuses what is set to `bad`."""

    def __init__(self) -> None:
        self.values: dict[str, str] = {}
        self.renewed = 0

    def run(self, sql: str) -> None:
        pairs = [pair.split(" = ") for pair in sql.removeprefix("SET ").split(", ")]
        if any(value == "'bad'" for _name, value in pairs):
            raise EngineError(115, "DB::Exception: no")
        for name, value in pairs:
            if "readonly" in self.values:
                raise EngineError(164, "DB::Exception: read only")
            self.values[name] = value.strip("'")
        self.values = {name: value for name, value in self.values.items() if value != "DEFAULT"}

    def renew(self) -> None:
        self.values = {}
        self.renewed += 1


FLOOR = {"async_insert": "0", "implicit_select": "0", "log_comment": "me"}


@pytest.fixture
def session() -> FakeSession:
    return FakeSession()


@pytest.fixture
def settings(session: FakeSession) -> SessionSettings:
    return SessionSettings(session, frozenset({"max_threads", "readonly", "async_insert", "log_comment"}), "me")


def test_a_setting_holds_for_its_query_only(session: FakeSession, settings: SessionSettings) -> None:
    settings.apply([Setting("max_threads", 0, "1"), Setting("async_insert", 0, "1")])
    assert session.values == {**FLOOR, "max_threads": "1", "async_insert": "1"}
    settings.apply([])
    assert session.values == FLOOR


def test_only_known_important_and_custom_settings_are_set(session: FakeSession, settings: SessionSettings) -> None:
    settings.apply([Setting("nobody", 0, "1"), Setting("told", IMPORTANT, "2"), Setting("mine", CUSTOM, "3")])
    assert session.values == {**FLOOR, "told": "2", "mine": "3"}


def test_the_mark_of_the_session_cannot_be_changed(session: FakeSession, settings: SessionSettings) -> None:
    settings.apply([Setting("log_comment", IMPORTANT, "somebody else")])
    assert session.values == FLOOR


def test_read_only_comes_last_and_leaves_with_the_session(session: FakeSession, settings: SessionSettings) -> None:
    settings.apply([Setting("readonly", 0, "1"), Setting("max_threads", 0, "1")])
    assert session.values == {**FLOOR, "max_threads": "1", "readonly": "1"}
    settings.apply([])
    assert (session.values, session.renewed) == (FLOOR, 1)


def test_a_refused_setting_leaves_a_session_as_after_none(session: FakeSession, settings: SessionSettings) -> None:
    with pytest.raises(EngineError):
        settings.apply([Setting("max_threads", 0, "1"), Setting("told", IMPORTANT, "bad")])
    assert session.values == FLOOR
    settings.apply([])
    assert session.values == FLOOR
