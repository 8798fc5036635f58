"""SOCKS proxies (extra ``socks``): urllib3's, with connections that keep a deadline."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING, Any, ClassVar

import socks
from urllib3.contrib.socks import (
    SOCKSConnection,
    SOCKSHTTPConnectionPool,
    SOCKSHTTPSConnection,
    SOCKSHTTPSConnectionPool,
    SOCKSProxyManager,
)
from urllib3.exceptions import NewConnectionError

from openapiopenai._transport.connection import DirectConnection
from openapiopenai._transport.pools import LimitedPool

if TYPE_CHECKING:
    from urllib3.connectionpool import HTTPConnectionPool

    from openapiopenai._transport.timeouts import TimeLimit

_USUAL_PORT = 1080


class _ProxiedConnection(DirectConnection):
    """What makes a connection of urllib3 agree with a SOCKS proxy within the limit.

    PySocks would give each address of the proxy, and each byte of its answers, all the time.
    """

    _socks_options: dict[str, Any]

    def _new_conn(self) -> socket.socket:
        target = self._target()
        proxy = self._socks_options
        port = int(proxy["proxy_port"] or _USUAL_PORT)
        opened = self._connected(proxy["proxy_host"].strip("[]"), port)
        try:
            return self._connected_on(opened, target)
        except TimeoutError:
            raise  # ``connect`` tells of it
        except (OSError, UnicodeError) as error:
            raise NewConnectionError(self, f"The proxy does not connect: {error}") from error  # type: ignore[arg-type]

    def _target(self) -> str:
        """Give the host as the proxy is to be told it: its name, or one of its addresses."""
        if self._socks_options["rdns"]:
            return self.host
        # SOCKS4 has no room for an address of IPv6
        family = socket.AF_INET if self._socks_options["socks_version"] == socks.SOCKS4 else None
        return str(self._addresses(self._dns_host, self.port, family)[0][-1][0])

    def _connected_on(self, opened: socket.socket, target: str) -> socket.socket:
        options = self._socks_options
        with _Negotiation(opened.family, opened.type, fileno=opened.detach()) as negotiation:
            negotiation.limit = self.limit
            negotiation.set_proxy(
                options["socks_version"],
                options["proxy_host"],
                username=options["username"],
                password=options["password"],
            )
            negotiation.connect((target, self.port), catch_errors=True)
            left = self.limit.next_wait()  # for the TLS handshake that follows
            connected = socket.socket(fileno=negotiation.detach())
        connected.settimeout(left)
        return connected


class _OpenSocket(socket.socket):
    """A socket that is connected already, and keeps a limit over all that it waits."""

    limit: TimeLimit

    def connect(self, *_: Any, **__: Any) -> None:
        """Leave it at that. To PySocks this is the first step, before it speaks with the proxy."""

    def recv_into(self, *args: Any, **kwargs: Any) -> int:
        self.settimeout(self.limit.next_wait())
        return super().recv_into(*args, **kwargs)


class _Negotiation(socks.socksocket, _OpenSocket):  # pyright: ignore[reportIncompatibleMethodOverride]
    """PySocks over a socket that is connected to the proxy."""


class Connection(_ProxiedConnection, SOCKSConnection):  # type: ignore[misc]
    """A connection through a SOCKS proxy."""


class SecureConnection(_ProxiedConnection, SOCKSHTTPSConnection):  # type: ignore[misc]
    """A connection over TLS through a SOCKS proxy."""


class _Pool(LimitedPool, SOCKSHTTPConnectionPool):
    ConnectionCls = Connection


class _SecurePool(LimitedPool, SOCKSHTTPSConnectionPool):
    ConnectionCls = SecureConnection


class SOCKSManager(SOCKSProxyManager):
    """Manages the connections through one SOCKS proxy.

    :param url: the URL of the proxy, without credentials.
    :param username: the name to log in with.
    :param password: the password that goes with it.
    :param settings: what any manager of urllib3 takes.
    """

    pool_classes_by_scheme: ClassVar[dict[str, type[HTTPConnectionPool]]] = {  # type: ignore[misc]
        "http": _Pool,
        "https": _SecurePool,
    }

    def __init__(
        self,
        url: str,
        username: str | None = None,
        password: str | None = None,
        **settings: Any,
    ) -> None:
        super().__init__(url, username=username, password=password, **settings)
        vars(self).pop("pool_classes_by_scheme", None)  # urllib3 puts its own over ours
