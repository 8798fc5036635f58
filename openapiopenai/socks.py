"""SOCKS proxies (extra ``socks``): urllib3's, with connections that keep a deadline."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from urllib3.contrib.socks import (
    SOCKSConnection,
    SOCKSHTTPConnectionPool,
    SOCKSHTTPSConnection,
    SOCKSHTTPSConnectionPool,
    SOCKSProxyManager,
)

from openapiopenai.deadline import LimitedConnection, LimitedPool

if TYPE_CHECKING:
    from urllib3.connectionpool import HTTPConnectionPool


class Connection(LimitedConnection, SOCKSConnection):  # type: ignore[misc]
    """A connection through a SOCKS proxy."""


class SecureConnection(LimitedConnection, SOCKSHTTPSConnection):  # type: ignore[misc]
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
