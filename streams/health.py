"""/livez, /readyz and /metrics in a thread of their own: a stuck event loop must still be able to say that it is stuck."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self


@dataclass(frozen=True, slots=True)
class Answers:
    """What to say: for the first two, None when well, else what is wrong."""

    ill: Callable[[], str | None]
    unready: Callable[[], str | None]
    metrics: Callable[[], bytes]


class HealthServer:
    """On loopback unless told otherwise; port 0 takes a free one. Raises `OSError` where the port is taken."""

    def __init__(self, host: str, port: int, answers: Answers) -> None:
        self._server = ThreadingHTTPServer((host, port), _handler(answers))
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, name="health", daemon=True)

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self._server.server_address[1])

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._server.shutdown()
        self._server.server_close()


def _handler(answers: Answers) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        timeout = 5.0

        def do_GET(self) -> None:
            match self.path.split("?")[0]:
                case "/livez":
                    self._say(answers.ill())
                case "/readyz":
                    self._say(answers.unready())
                case "/metrics":
                    self._send(HTTPStatus.OK, answers.metrics(), "text/plain; version=0.0.4; charset=utf-8")
                case _:
                    self._send(HTTPStatus.NOT_FOUND, b"try /livez, /readyz or /metrics\n")

        def _say(self, wrong: str | None) -> None:
            status = HTTPStatus.OK if wrong is None else HTTPStatus.SERVICE_UNAVAILABLE
            self._send(status, f"{wrong or 'ok'}\n".encode())

        def _send(self, status: HTTPStatus, body: bytes, kind: str = "text/plain; charset=utf-8") -> None:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
            """Probes come every few seconds and say nothing new."""

    return Handler
