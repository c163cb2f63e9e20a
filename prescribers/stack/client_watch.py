"""Hears a client that stops caring while its statement runs, and tells it how far the statement has come."""

import socket
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from threading import Event

from prescribers.stack import native_wire as wire
from prescribers.stack.native_wire import ClientPacket, WireReader


class ClientWatch:
    """Looks at the socket, without reading it, whenever the engine reports progress: a cancel or a hang-up ends the statement.

    A server that stops closes its clients' sending sides itself: then their silence is no hang-up, and what runs may finish.
    """

    def __init__(self, connection: socket.socket, reader: WireReader, interrupt: Callable[[], None], stopping: Event) -> None:
        self._connection = connection
        self._reader = reader
        self._interrupt = interrupt
        self._stopping = stopping
        self._told: Mapping[str, int] = {}
        self._tells = False
        self.stopped = False

    def begin(self) -> None:
        """A new statement."""
        self._told = {}
        self.stopped = False

    @contextmanager
    def telling_progress(self) -> Iterator[None]:
        """Send progress packets meanwhile; elsewhere in an insert the client would not expect them."""
        self._tells = True
        try:
            yield
        finally:
            self._tells = False

    def progress(self, now: Mapping[str, int]) -> None:
        """Called by the engine, in the thread of the conversation, with totals since the statement began."""
        if not self._tells or self.stopped:
            return
        if self.asked_to_stop():
            self._interrupt()
            return
        keys = ("read_rows", "read_bytes", "total_rows_to_read", "written_rows", "written_bytes")
        packet = wire.progress(*(max(0, now.get(key, 0) - self._told.get(key, 0)) for key in keys))
        self._told = dict(now)
        try:
            self._connection.sendall(packet)
        except OSError:
            self.stopped = True
            self._interrupt()

    def asked_to_stop(self) -> bool:
        """Whether the client has cancelled or gone; remembered in `stopped`."""
        if not self.stopped and not self._reader.holds_more():
            try:
                ahead = self._connection.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT)
            except BlockingIOError:
                return False
            except OSError:
                ahead = b""
            gone = not ahead and not self._stopping.is_set()
            self.stopped = gone or ahead == bytes((ClientPacket.CANCEL,))
        return self.stopped
