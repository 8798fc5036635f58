"""A server that follows a script, byte by byte, for broken responses.

A script is a function of one connection; ``wire.scripts`` has the usual ones::

    with RawServer(in_turn(resets_after_request, replies(OK))) as server:
        ...
    assert server.requests_seen == 2
"""

from __future__ import annotations

import socket
import struct
from collections.abc import Callable
from typing import TYPE_CHECKING

from .http1 import END_OF_HEAD, Inbox, body_blocks, parse_head
from .listener import Listener, shut_down

if TYPE_CHECKING:
    import ssl
    import threading

AT_ONCE = struct.pack("ii", 1, 0)  # SO_LINGER on, for no time: closing sends RST


class Connection:
    """One accepted connection, as a script sees it; ``number`` counts from 1."""

    def __init__(self, server: RawServer, connected: socket.socket, number: int) -> None:
        """:param connected: the socket, which the server closes when the script returns."""
        self.server = server
        self.number = number
        self._socket = connected
        self._inbox = Inbox(connected)

    def read_head(self) -> bytes:
        """Return a request line and its headers; empty where the client closed instead."""
        head = self._inbox.until(END_OF_HEAD)
        if head:
            self.server.note(head)
        return head

    def read_request(self) -> tuple[bytes, bytes]:
        """Return the head of a complete request, and its body without the framing of chunks."""
        head = self.read_head()
        return head, b"".join(body_blocks(self._inbox, parse_head(head))) if head else b""

    def read(self, size: int) -> bytes:
        """Return exactly that many bytes."""
        return self._inbox.exactly(size)

    def read_some(self, limit: int) -> bytes:
        """Return at least one byte, waiting for it; empty once the client has closed."""
        return self._inbox.some(limit)

    def drain(self) -> None:
        """Read whatever comes, until the client ends."""
        while self._inbox.some():
            pass

    def send(self, data: bytes) -> None:
        """Send these bytes now."""
        self._socket.sendall(data)

    def wait(self, event: threading.Event | None = None, seconds: float | None = None) -> None:
        """Wait for an event, for some seconds, or by default until the server ends.

        :raises ServerEndedError: the server ends: which also ends the script, silently.
        """
        self.server.wait(event, seconds)

    def finish(self) -> None:
        """End the sending side and keep reading (a TCP half close)."""
        socket.socket.shutdown(self._socket, socket.SHUT_WR)

    def close(self) -> None:
        """Close the connection in an orderly way."""
        shut_down(self._socket)
        self._socket.close()

    def reset(self) -> None:
        """Reset the connection (TCP RST)."""
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, AT_ONCE)
        self._socket.close()


Script = Callable[[Connection], None]


class RawServer(Listener):
    """Runs a script for each connection, and closes the connection when the script returns.

    ``heads`` lists the head of every request that a script has read, ``requests_seen`` counts them,
    ``connections`` counts the connections.
    """

    def __init__(self, script: Script, *, tls: ssl.SSLContext | None = None) -> None:
        """Make a server that starts with its ``with`` block.

        :param script: what to do with each connection; ``in_turn`` makes one of several.
        :param tls: the server's side of TLS; plain by default.
        """
        super().__init__(tls=tls)
        self.heads: list[bytes] = []
        self._script = script

    @property
    def host(self) -> str:
        """The base address for ``Configuration(host=...)``."""
        return f"{self.origin}/v1"

    @property
    def requests_seen(self) -> int:
        """How many requests came, counted when their head had come."""
        return len(self.heads)

    def note(self, head: bytes) -> None:
        """Keep the head of a request."""
        with self.changed:
            self.heads.append(head)
            self.changed.notify_all()

    def serve(self, connection: socket.socket, number: int) -> None:
        """Run the script."""
        self._script(Connection(self, connection, number))
