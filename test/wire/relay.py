"""Base of the proxies: connecting to loopback only, and copying both ways."""

from __future__ import annotations

import ipaddress
import selectors
import socket
from typing import TYPE_CHECKING

from .http1 import BLOCK, Inbox
from .listener import LOOPBACK, Listener

if TYPE_CHECKING:
    import ssl
    from collections.abc import Iterator, Mapping

Address = tuple[str, int]


class RefusedTargetError(OSError):
    """The target of a proxied connection is not on this machine."""


class Relay(Listener):
    """A server that connects to another and copies both ways.

    ``pause`` may be set at any time: how many seconds it waits before it passes each byte on. By
    default it is 0, and what comes is passed on as it comes.
    """

    def __init__(
        self,
        *,
        routes: Mapping[str, Address] | None = None,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        """Make a proxy that starts with its ``with`` block.

        :param routes: host names that only this proxy knows, and the loopback addresses that
            they stand for, such as ``{"api.example": ("127.0.0.1", server.port)}``.
        :param tls: the proxy's side of TLS; plain by default.
        """
        super().__init__(tls=tls)
        self.pause = 0.0
        self._routes = dict(routes or {})

    def connect_on(self, target: Address) -> socket.socket:
        """Connect to the target.

        :raises OSError: it cannot be reached, or is not on loopback.
        """
        host, port = self._routes.get(target[0], target)
        host = LOOPBACK if host == "localhost" else host
        if not _is_loopback(host):
            raise RefusedTargetError(f"{host} is not on this machine")
        return socket.create_connection((host, port))

    def copy_both_ways(self, client: socket.socket, inbox: Inbox, server: socket.socket) -> None:
        """Copy what each side sends to the other, until one of them ends."""
        server.sendall(inbox.held())
        peers = {client: server, server: client}
        with selectors.DefaultSelector() as selector:
            for side in peers:
                selector.register(side, selectors.EVENT_READ)
            while all(self._copy(ready.fileobj, peers) for ready, _ in selector.select()):
                pass

    def _copy(self, source: object, peers: Mapping[socket.socket, socket.socket]) -> bool:
        assert isinstance(source, socket.socket)
        block = source.recv(BLOCK)
        for piece in self._pieces(block):
            peers[source].sendall(piece)
        return bool(block)

    def _pieces(self, block: bytes) -> Iterator[bytes]:
        if not self.pause:
            yield block
            return
        for byte in block:
            self.wait(seconds=self.pause)
            yield bytes([byte])


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
