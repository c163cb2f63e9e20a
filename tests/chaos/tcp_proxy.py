"""A TCP proxy on loopback that misbehaves on request, as networks do between a client and its server."""

import contextlib
import socket
import struct
import threading
from dataclasses import dataclass
from typing import Literal, Self

Mode = Literal["pass", "refuse", "reset", "swallow", "stall"]
CHUNK = 64 * 1024
LOOPBACK = "127.0.0.1"


@dataclass(slots=True, eq=False)
class _Link:
    """One connection through the proxy. `asked`: bytes towards the server in this mode; `spoiled`: an answer was swallowed."""

    client: socket.socket
    server: socket.socket
    asked: int = 0
    spoiled: bool = False

    def cut(self) -> None:
        """Reset both sides, so that neither can take it for an orderly end."""
        for end in (self.client, self.server):
            with contextlib.suppress(OSError):
                end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                end.shutdown(socket.SHUT_RDWR)
            end.close()


class TcpProxy:
    """Stands before `target`, a port; `port` is where clients connect. A context manager that ends it."""

    def __init__(self, target: int) -> None:
        self._target = target
        self._mode: Mode = "pass"
        self._after_bytes = 0
        self._changed = threading.Condition()
        self._links: set[_Link] = set()
        self._listener = socket.create_server((LOOPBACK, 0))
        self.port = int(self._listener.getsockname()[1])
        self._listen(self._listener)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.behave("refuse")

    def behave(self, mode: Mode, *, after_bytes: int = 0) -> None:
        """From now on: `refuse` cuts what is open too; a swallowed answer never comes later, its connection is cut instead."""
        with self._changed:
            before, self._mode, self._after_bytes = self._mode, mode, after_bytes
            links = list(self._links)
            self._changed.notify_all()
        for link in links:
            link.asked = 0
            if mode == "refuse" or link.spoiled:
                link.cut()
        if mode == "refuse" and before != "refuse":
            with contextlib.suppress(OSError):
                self._listener.shutdown(socket.SHUT_RDWR)
            self._listener.close()
        if before == "refuse" and mode != "refuse":
            self._listener = socket.create_server((LOOPBACK, self.port))
            self._listen(self._listener)

    def _listen(self, listener: socket.socket) -> None:
        threading.Thread(target=self._accept, args=(listener,), daemon=True).start()

    def _accept(self, listener: socket.socket) -> None:
        while True:
            try:
                client, _ = listener.accept()
            except OSError:
                return
            try:
                server = socket.create_connection((LOOPBACK, self._target), 5)
            except OSError:
                client.close()
                continue
            server.settimeout(None)
            link = _Link(client, server)
            with self._changed:
                self._links.add(link)
            for source, sink, asking in ((client, server, True), (server, client, False)):
                threading.Thread(target=self._carry, args=(link, source, sink, asking), daemon=True).start()

    def _carry(self, link: _Link, source: socket.socket, sink: socket.socket, asking: bool) -> None:  # noqa: FBT001 - a thread's
        try:
            while data := source.recv(CHUNK):
                with self._changed:
                    self._changed.wait_for(lambda: self._mode != "stall")
                    mode, limit = self._mode, self._after_bytes
                if mode == "reset" and asking:
                    sink.sendall(data[: max(0, limit - link.asked)])
                    link.asked += len(data)
                    if link.asked > limit:
                        break
                elif mode == "swallow" and not asking:
                    link.spoiled = True
                else:
                    sink.sendall(data)
        except OSError:
            pass
        with self._changed:
            self._links.discard(link)
        link.cut()
