"""Connections through a SOCKS proxy (extra ``socks``)."""

from __future__ import annotations

import socket
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

import socks

from openapiopenai._transport.connection import Connection, ConnectionMixin, SecureConnection
from openapiopenai._transport.sockets import connected, deadline_class, first_connected

if TYPE_CHECKING:
    from openapiopenai._transport.proxies import Proxy
    from openapiopenai._transport.sockets import Address
    from openapiopenai._transport.timeouts import Deadline

_DEFAULT_PORT = 1080


class _Dialect(NamedTuple):
    """A version of SOCKS, and whether the proxy resolves the names of servers."""

    version: int
    resolves_names: bool


_DIALECTS = {
    "socks4": _Dialect(socks.SOCKS4, resolves_names=False),
    "socks4a": _Dialect(socks.SOCKS4, resolves_names=True),
    "socks5": _Dialect(socks.SOCKS5, resolves_names=False),
    "socks5h": _Dialect(socks.SOCKS5, resolves_names=True),
}


class SocksMixin(ConnectionMixin):
    """Mixin for connections that a SOCKS proxy makes.

    PySocks resolves names without a timeout, and gives each address of the proxy all the time: so
    both are done here, and PySocks does the negotiation, over a socket that keeps the deadline.
    """

    socks_proxy: Proxy

    @property
    def route(self) -> str:
        """Where the connection leads, for messages."""
        return f"{super().route} through the proxy {self.socks_proxy.host}:{self._proxy_port}"

    @property
    def _proxy_port(self) -> int:
        return self.socks_proxy.port or _DEFAULT_PORT

    @property
    def _dialect(self) -> _Dialect:
        return _DIALECTS[self.socks_proxy.scheme]

    def _open_socket(self, deadline: Deadline) -> socket.socket:
        target = self._target(deadline), self.port
        addresses = self._resolve(self.socks_proxy.host, self._proxy_port, deadline)
        negotiate = partial(self._negotiate, target)
        return first_connected(addresses, deadline.next_wait(), negotiate)

    def _target(self, deadline: Deadline) -> str:
        """Return the host as it is sent to the proxy: a name, or one of its addresses."""
        if self._dialect.resolves_names:
            return self.host
        # SOCKS 4 has no room for an address of IPv6
        family = socket.AF_INET if self._dialect.version == socks.SOCKS4 else None
        return str(self._resolve(self.host, self.port, deadline, family)[0][-1][0])

    def _negotiate(
        self, target: tuple[str, int], address: Address, timeout: float
    ) -> socket.socket:
        family, _, _, _, place = address
        opened: Any = deadline_class(socks.socksocket)(family)
        opened.set_proxy(
            self._dialect.version,
            *place[:2],
            rdns=self._dialect.resolves_names,
            username=self.socks_proxy.username,
            password=self.socks_proxy.password,
        )
        connect = partial(opened.connect, target, catch_errors=True)  # and raise them as they are
        return connected(opened, connect, timeout, self.socket_options)


class SocksConnection(SocksMixin, Connection):
    """A connection through a SOCKS proxy."""


class SecureSocksConnection(SocksMixin, SecureConnection):
    """A connection over TLS through a SOCKS proxy."""
