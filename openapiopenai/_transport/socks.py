"""Connections through a SOCKS proxy (extra ``socks``)."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlsplit

import socks
from urllib3.connection import HTTPConnection, HTTPSConnection

from openapiopenai._transport.connection import ConnectionMixin
from openapiopenai._transport.sockets import deadline_class

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

    :param socks_proxy: the proxy.
    """

    def __init__(self, *args: Any, socks_proxy: Proxy, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        parts = urlsplit(socks_proxy.url)
        self._proxy = socks_proxy
        self._proxy_host = parts.hostname or ""
        self._proxy_port = parts.port or _DEFAULT_PORT
        self._dialect = _DIALECTS[parts.scheme]

    @property
    def route(self) -> str:
        """Where the connection leads, for messages."""
        return f"{super().route} through the proxy {self._proxy_host}:{self._proxy_port}"

    def _open_socket(self, deadline: Deadline) -> socket.socket:
        target = self._target(deadline)
        addresses = self._resolve(self._proxy_host, self._proxy_port, deadline)
        for position, address in enumerate(addresses, start=1):
            share = deadline.next_wait() / (len(addresses) - position + 1)
            try:
                return self._negotiate(address, target, share, deadline)
            except OSError:
                if position == len(addresses):
                    raise
        raise OSError("the proxy's name has no address")

    def _target(self, deadline: Deadline) -> str:
        """Return the host as the proxy is told it: a name, or one of its addresses."""
        if self._dialect.resolves_names:
            return self.host
        # SOCKS 4 has no room for an address of IPv6
        family = socket.AF_INET if self._dialect.version == socks.SOCKS4 else None
        return str(self._resolve(self.host, self.port, deadline, family)[0][-1][0])

    def _negotiate(
        self, address: Address, target: str, timeout: float, deadline: Deadline
    ) -> socket.socket:
        opened: Any = deadline_class(socks.socksocket)(address[0])
        try:
            for option in self.socket_options or ():
                opened.setsockopt(*option)
            host, port = address[-1][:2]
            opened.set_proxy(
                self._dialect.version,
                host,
                port,
                rdns=self._dialect.resolves_names,
                username=self._proxy.username,
                password=self._proxy.password,
            )
            opened.settimeout(timeout)
            opened.connect((target, self.port), catch_errors=True)  # and raise them as they are
            opened.settimeout(deadline.next_wait())
        except BaseException:
            opened.close()
            raise
        return opened  # type: ignore[no-any-return]


class SocksConnection(SocksMixin, HTTPConnection):
    """A connection through a SOCKS proxy."""


class SecureSocksConnection(SocksMixin, HTTPSConnection):
    """A connection over TLS through a SOCKS proxy."""
