"""A forward proxy for HTTP: absolute addresses for ``http``, CONNECT for ``https``."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

from .answer import Answer
from .http1 import Head, Headers, Inbox, read_head
from .relay import Address, Relay

if TYPE_CHECKING:
    import socket
    import ssl
    from collections.abc import Mapping

CHALLENGE = {"Proxy-Authenticate": 'Basic realm="proxy"', "Connection": "close"}
HOP_BY_HOP = {"connection", "proxy-connection", "proxy-authorization", "keep-alive"}


@dataclass(frozen=True)
class ProxyRequest:
    """A request line and headers, as the proxy received them."""

    line: str  # such as ``CONNECT localhost:4321 HTTP/1.1``
    headers: Headers

    @property
    def authorization(self) -> str | None:
        """The Proxy-Authorization header, None where none came."""
        return self.headers.get("proxy-authorization")


class Proxy(Relay):
    """An HTTP forward proxy that connects only to loopback.

    ``requests`` lists the requests received, refused ones included; ``request_lines`` and
    ``authorizations`` are the two columns of that list.
    """

    def __init__(
        self,
        *,
        username: str | None = None,
        password: str = "",
        routes: Mapping[str, Address] | None = None,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        """Make a proxy that starts with its ``with`` block.

        :param username: require Basic credentials (407 without them); by default none.
        :param password: goes with the user name.
        :param routes: host names that only this proxy knows, and where on loopback they lead.
        :param tls: the proxy's side of TLS; plain by default.
        """
        super().__init__(routes=routes, tls=tls)
        self.requests: list[ProxyRequest] = []
        self._username, self._password = username, password

    @property
    def url(self) -> str:
        """The proxy's address, without credentials."""
        return self.origin

    @property
    def url_with_credentials(self) -> str:
        """The proxy's address with the credentials that it requires, percent-encoded."""
        credentials = f"{quote(self._username or '', safe='')}:{quote(self._password, safe='')}"
        return self.origin.replace("://", f"://{credentials}@")

    @property
    def request_lines(self) -> list[str]:
        """The request lines that came, in order."""
        return [request.line for request in self.requests]

    @property
    def authorizations(self) -> list[str | None]:
        """The Proxy-Authorization values that came, in order; None where none came."""
        return [request.authorization for request in self.requests]

    def serve(self, connection: socket.socket, number: int) -> None:  # noqa: ARG002
        """Forward one request, or a tunnel, and close the connection."""
        inbox = Inbox(connection)
        if not (head := read_head(inbox)):
            return
        line = head.raw.partition(b"\r\n")[0].decode("latin-1")
        with self.changed:
            self.requests.append(ProxyRequest(line, head.headers))
            self.changed.notify_all()
        if self._admits(head):
            self._pass_on(connection, inbox, head)
        else:
            connection.sendall(Answer(407, headers=CHALLENGE).head())

    def _admits(self, head: Head) -> bool:
        wanted = base64.b64encode(f"{self._username}:{self._password}".encode()).decode()
        return (
            self._username is None or head.headers.get("proxy-authorization") == f"Basic {wanted}"
        )

    def _pass_on(self, connection: socket.socket, inbox: Inbox, head: Head) -> None:
        try:
            server = self.connect_on(_target(head))
        except OSError as error:
            connection.sendall(Answer(502, str(error), {"Connection": "close"}).head())
            return
        with server:
            if head.method == "CONNECT":
                connection.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
            else:
                server.sendall(_for_the_origin(head))
            self.copy_both_ways(connection, inbox, server)


def _target(head: Head) -> Address:
    address = head.target if "://" in head.target else f"//{head.target}"
    parts = urlsplit(address)
    return parts.hostname or "", parts.port or 80


def _for_the_origin(head: Head) -> bytes:
    """Rewrite the head for the origin, for one request on a connection of its own."""
    parts = urlsplit(head.target)
    target = parts.path + (f"?{parts.query}" if parts.query else "")
    kept = [pair for pair in head.headers.pairs if pair[0].lower() not in HOP_BY_HOP]
    lines = [f"{head.method} {target or '/'} HTTP/1.1"]
    lines += [f"{name}: {value}" for name, value in [*kept, ("Connection", "close")]]
    return "\r\n".join([*lines, "", ""]).encode("latin-1")
