"""Connections of urllib3 that keep a timeout over everything they wait for.

These are the names that urllib3 and http.client do not publish and that this package overrides;
``test/transport/test_private_names.py`` holds them to the versions that are allowed:

- ``urllib3.HTTPConnection._new_conn`` opens the socket: with a resolver that has a timeout, one
  timeout over all addresses, and a socket that keeps it.
- ``urllib3.HTTPConnectionPool._make_request`` is the only place that has both the connection and
  the timeout of the call; what a connection gets is a number, which does not show whether it is for
  the entire call.
- ``urllib3.HTTPConnectionPool._new_conn`` makes a connection, which gets the client's resolver.
- ``http.client.HTTPResponse._read_status`` skips only one of the interim responses, 100.

The classes of urllib3 come from ``urllib3.connectionpool``: vcrpy replaces those in
``urllib3.connection``, and this module may be imported while a call is being recorded.
"""

from __future__ import annotations

import socket
import sys
from functools import partial
from typing import TYPE_CHECKING, Any, cast

from urllib3.exceptions import ConnectTimeoutError, NameResolutionError, NewConnectionError

from openapiopenai._transport.sockets import connected, deadline_class, first_connected
from openapiopenai._transport.strict_response import StrictResponse
from openapiopenai._transport.timeouts import MAX_SECONDS, Deadline

if TYPE_CHECKING:
    from urllib3.connection import HTTPConnection, HTTPSConnection

    from openapiopenai._transport.resolver import Resolver
    from openapiopenai._transport.sockets import Address

    _Base = HTTPConnection
else:
    from urllib3.connectionpool import HTTPConnection, HTTPSConnection

    _Base = object


class ConnectionMixin(_Base):
    """Mixin for connections of urllib3, whose attributes their pool sets."""

    #: What resolves names.
    resolver: Resolver
    #: The SOCKS proxy to connect through, or None.
    socks_proxy: Any

    response_class = StrictResponse  # pyright: ignore[reportAssignmentType]

    #: Whether each wait may take the whole timeout; else all of them together.
    per_wait = True
    #: The limit for what follows connecting; None for the connection's ``timeout``.
    read_timeout: float | None = None

    def connect(self) -> None:
        """Connect within ``timeout``: all addresses, a proxy's response and the TLS handshake."""
        try:
            super().connect()
        except TimeoutError as error:
            raise ConnectTimeoutError(self, f"connecting to {self.host} timed out") from error

    def request(self, *args: Any, **kwargs: Any) -> None:
        """Send a request; how long that may take is not the limit for connecting."""
        if self.sock is None:
            self.connect()
        if self.read_timeout is not None:
            self.timeout = self.read_timeout
        # TLS inside a TLS proxy: the timeout is that of the socket to the proxy
        underlying: Any = getattr(self.sock, "socket", self.sock)
        underlying.per_wait = self.per_wait
        super().request(*args, **kwargs)

    @property
    def route(self) -> str:
        """Where the connection leads, for messages."""
        return f"{self.host}:{self.port}"

    @property
    def is_connected(self) -> bool:
        """Whether the connection can carry another request.

        A TLS record may hold more than the last response; what is left of it is no response.
        """
        pending = getattr(self.sock, "pending", None)
        return super().is_connected and not (pending and pending())

    def _new_conn(self) -> socket.socket:
        sys.audit("http.client.connect", self, self.host, self.port)
        deadline = Deadline(MAX_SECONDS if self.timeout is None else self.timeout)
        try:
            return self._open_socket(deadline)
        except TimeoutError:
            raise  # ``connect`` says of what
        except (socket.gaierror, UnicodeError) as error:  # or not a valid name by IDNA
            raise NameResolutionError(self.host, self, cast("socket.gaierror", error)) from error
        except OSError as error:
            raise NewConnectionError(self, f"connecting failed: {error}") from error

    def _open_socket(self, deadline: Deadline) -> socket.socket:
        addresses = self._resolve(self.host, self.port, deadline)
        return first_connected(addresses, deadline.next_wait(), self._connect)

    def _connect(self, address: Address, timeout: float) -> socket.socket:
        family, kind, protocol, _, place = address
        opened = deadline_class(socket.socket)(family, kind, protocol)
        connect = partial(opened.connect, place)
        return connected(opened, connect, timeout, self.socket_options, self.source_address)

    def _resolve(
        self, host: str, port: int, deadline: Deadline, family: int | None = None
    ) -> list[Address]:
        return self.resolver.resolve(host, port, deadline.next_wait(), family)


class Connection(ConnectionMixin, HTTPConnection):
    """A connection that keeps its timeout."""


class SecureConnection(ConnectionMixin, HTTPSConnection):
    """A connection over TLS that keeps its timeout."""
