"""Log lines of several processes on one stream stay lines."""

import io
from collections.abc import Iterator

import pytest
import structlog

from prescribers.logs import configure_logs


class Unbuffered(io.RawIOBase):
    """A stream that takes what it is given at once, as stderr does under PYTHONUNBUFFERED."""

    def __init__(self) -> None:
        self.writes: list[str] = []

    def writable(self) -> bool:
        return True

    def write(self, data: object) -> int:
        taken = bytes(data)  # type: ignore[call-overload]  # whatever the text layer hands down
        self.writes.append(taken.decode())
        return len(taken)


@pytest.fixture(autouse=True)
def _usual_logs() -> Iterator[None]:
    yield
    structlog.reset_defaults()


def test_a_line_is_one_write(monkeypatch: pytest.MonkeyPatch) -> None:
    raw = Unbuffered()
    monkeypatch.setattr("sys.stderr", io.TextIOWrapper(raw, "utf-8", write_through=True))  # type: ignore[type-var]
    configure_logs()
    structlog.get_logger("x").info("ended cleanly", app="rank")
    (line,) = raw.writes
    assert line.endswith('level=info event="ended cleanly" app=rank\n')
