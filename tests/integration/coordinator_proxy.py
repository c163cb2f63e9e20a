"""A proxy before a real broker that answers the requests of a group's members with errors, or cuts their connections.

It knows of Kafka's protocol what that takes: frames, the head of a request, and where a broker says its own address, which it
replaces by the proxy's, so that no client finds a way around.
"""

import contextlib
import socket
import struct
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal, Self

Request = Literal["join", "sync", "heartbeat"]
KEYS: dict[int, Request] = {11: "join", 14: "sync", 12: "heartbeat"}
TELLING_ADDRESSES = {3, 10, 60}
"""Metadata, FindCoordinator, DescribeCluster."""
LOOPBACK = "127.0.0.1"
CUT = 0
"""Instead of an error's code: the connection is cut."""
_SIZE = struct.Struct(">i")
_HEAD = struct.Struct(">hhi")


@dataclass(frozen=True, slots=True)
class Answer:
    """What a client was answered: by the proxy with a fault, or by the broker."""

    request: Request
    at_s: float
    fault: int | None


@dataclass(slots=True)
class _Link:
    """One connection. `asked`: the keys of requests that the broker has still to answer, which it does in order."""

    client: socket.socket
    server: socket.socket
    asked: deque[int] = field(default_factory=deque)
    sending: threading.Lock = field(default_factory=threading.Lock)

    def cut(self) -> None:
        for end in (self.client, self.server):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()


class CoordinatorProxy:
    """Stands before the broker on `target`, a port; `port` is where clients connect. A context manager that ends it."""

    def __init__(self, target: int) -> None:
        self._target = target
        self._faults: dict[Request, tuple[int, float]] = {}
        self._changed = threading.Condition()
        self._listener = socket.create_server((LOOPBACK, 0))
        self._links: list[_Link] = []
        self.answers: list[Answer] = []
        self.port = int(self._listener.getsockname()[1])
        threading.Thread(target=self._accept, daemon=True).start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for link in self._links:
            link.cut()

    def spoil(self, request: Request, fault: int, times: float = 1) -> None:
        """The next `times` requests of a kind get this fault: an error's code, or `CUT`."""
        with self._changed:
            self._faults[request] = (fault, times)

    def wait_for(self, request: Request, *, fault: bool, after_s: float, within_s: float) -> Answer:
        """The first answer to such a request after a moment, good or spoiled."""

        def found() -> Answer | None:
            wanted = (a for a in self.answers if a.request == request and a.at_s >= after_s and (a.fault is not None) == fault)
            return next(wanted, None)

        with self._changed:
            answer = self._changed.wait_for(found, within_s)
        assert answer is not None, f"no {'spoiled' if fault else 'good'} answer to {request} within {within_s:.0f} s"
        return answer

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
                server = socket.create_connection((LOOPBACK, self._target), 5)
            except OSError:
                return
            server.settimeout(None)
            link = _Link(client, server)
            self._links.append(link)
            for carry in (self._ask, self._answer):
                threading.Thread(target=self._carry, args=(carry, link), daemon=True).start()

    def _carry(self, carry: Callable[[_Link], None], link: _Link) -> None:
        with contextlib.suppress(OSError, EOFError):
            carry(link)
        link.cut()

    def _ask(self, link: _Link) -> None:
        while True:
            frame = _read_frame(link.client)
            key, version, number = _HEAD.unpack_from(frame)
            fault = self._fault_of(KEYS.get(key))
            if fault == CUT:
                return
            if fault is not None:
                _write_frame(link, _refusal(KEYS[key], version, number, fault))
                continue
            link.asked.append(key)
            link.server.sendall(_SIZE.pack(len(frame)) + frame)

    def _answer(self, link: _Link) -> None:
        theirs, ours = (LOOPBACK.encode() + _SIZE.pack(port) for port in (self._target, self.port))
        while True:
            frame = _read_frame(link.server)
            key = link.asked.popleft()
            _write_frame(link, frame.replace(theirs, ours) if key in TELLING_ADDRESSES else frame)
            if key in KEYS and not _says_error(frame):
                self._note(KEYS[key], None)

    def _fault_of(self, request: Request | None) -> int | None:
        with self._changed:
            fault, times = self._faults.get(request, (CUT, 0)) if request else (CUT, 0)
            if request is None or times <= 0:
                return None
            self._faults[request] = (fault, times - 1)
            self._note(request, fault)
            return fault

    def _note(self, request: Request, fault: int | None) -> None:
        with self._changed:
            self.answers.append(Answer(request, time.monotonic(), fault))
            self._changed.notify_all()


def _read_frame(source: socket.socket) -> bytes:
    [size] = _SIZE.unpack(_read(source, _SIZE.size))
    return _read(source, size)


def _read(source: socket.socket, size: int) -> bytes:
    parts = []
    while size:
        part = source.recv(size)
        if not part:
            raise EOFError
        parts.append(part)
        size -= len(part)
    return b"".join(parts)


def _write_frame(link: _Link, frame: bytes) -> None:
    with link.sending:
        link.client.sendall(_SIZE.pack(len(frame)) + frame)


def _refusal(request: Request, version: int, number: int, code: int) -> bytes:
    """An answer in the versions that aiokafka speaks: number of the request, time of throttling, error, and nothing else."""
    assert version in {"join": (2, 5), "sync": (1, 3), "heartbeat": (1,)}[request], "an answer of a version not known here"
    nothing = {"join": struct.pack(">ihhhi", -1, 0, 0, 0, 0), "sync": struct.pack(">i", 0), "heartbeat": b""}[request]
    return struct.pack(">iih", number, 0, code) + nothing


def _says_error(frame: bytes) -> bool:
    """Whether the broker refuses by itself, as it does the first join of a member without an id."""
    return frame[8:10] != b"\x00\x00"
