"""Pools of connections: where they lead, through which proxy, and what a fork leaves of them."""

from __future__ import annotations

import os
import socket
import threading
from typing import TYPE_CHECKING, Any, NamedTuple

from urllib3 import PoolManager, ProxyManager
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

from openapiopenai._request.headers import basic_auth, validate_headers
from openapiopenai._transport.connection import Connection, ConnectionMixin, SecureConnection
from openapiopenai._transport.proxies import Proxy, proxy_for
from openapiopenai._transport.resolver import Resolver
from openapiopenai.exceptions import ApiValueError

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable, Mapping

    from urllib3.connection import HTTPConnection, HTTPSConnection

    from openapiopenai._transport.settings import TransportSettings
    from openapiopenai._transport.url import BaseURL

    _Base = HTTPConnectionPool
else:
    from urllib3.connectionpool import HTTPConnection, HTTPSConnection  # see connection.py

    _Base = object

#: Options of every socket: no waiting to fill a packet, and a sign of life every minute, so that a
#: gateway does not forget a connection on which a long recording is being worked on. Systems have
#: different names for the same option.
_SOCKET_OPTIONS = [
    (level, getattr(socket, name), value)
    for level, name, value in (
        (socket.IPPROTO_TCP, "TCP_NODELAY", 1),
        (socket.SOL_SOCKET, "SO_KEEPALIVE", 1),
        (socket.IPPROTO_TCP, "TCP_KEEPIDLE", 60),
        (socket.IPPROTO_TCP, "TCP_KEEPALIVE", 60),  # what macOS calls TCP_KEEPIDLE
        (socket.IPPROTO_TCP, "TCP_KEEPINTVL", 60),
        (socket.IPPROTO_TCP, "TCP_KEEPCNT", 5),
    )
    if hasattr(socket, name)
]

#: The class of a connection, by the class of urllib3 that it stands for.
_CLASSES: dict[Any, Any] = {HTTPConnection: Connection, HTTPSConnection: SecureConnection}


class Route(NamedTuple):
    """The pool of connections to a server.

    :param pool: the pool.
    :param prefix: what stands before each path: the server, where a proxy needs it.
    """

    pool: HTTPConnectionPool
    prefix: str


class PoolMixin(_Base):
    """Mixin for pools of urllib3 whose connections keep the timeout of a call."""

    #: The class of a connection, by the class of urllib3 that it stands for.
    connection_classes: Mapping[Any, type[HTTPConnection]]
    resolver: Resolver
    socks_proxy: Proxy | None

    @property
    def ConnectionCls(self) -> Any:  # type: ignore[override] # noqa: N802 - urllib3's name
        """The class of a connection: ours, unless somebody has put another in urllib3's place.

        vcrpy and pytest-recording do.
        """
        current: Any = super().ConnectionCls
        return self.connection_classes.get(current, current)

    def _new_conn(self) -> Any:
        conn: Any = super()._new_conn()
        conn.resolver = self.resolver
        conn.socks_proxy = self.socks_proxy
        return conn

    def _make_request(self, conn: Any, *args: Any, **kwargs: Any) -> Any:
        timeout, body = kwargs["timeout"], kwargs["body"]
        conn.per_wait = not getattr(timeout, "is_total", False)
        conn.read_timeout = timeout.read_timeout
        is_recorder = not issubclass(type(conn), ConnectionMixin)
        if is_recorder and hasattr(body, "__next__"):
            kwargs["body"] = b"".join(body)  # recorders keep the body: in one piece, as bytes
        return super()._make_request(conn, *args, **kwargs)


class Pool(PoolMixin, HTTPConnectionPool):  # pyright: ignore[reportIncompatibleVariableOverride]
    """Connections to one server."""


class SecurePool(PoolMixin, HTTPSConnectionPool):  # type: ignore[override]
    """Connections to one server, over TLS."""


class _ManagerMixin(PoolManager):
    """Mixin for managers of urllib3 whose pools make our connections."""

    connection_classes: Mapping[Any, type[HTTPConnection]]
    resolver: Resolver
    socks_proxy: Proxy | None

    def connection_from_context(self, request_context: dict[str, Any]) -> HTTPConnectionPool:
        """Return the pool for a server, and make it if there is none."""
        pool: Any = super().connection_from_context(request_context)
        pool.connection_classes = self.connection_classes
        pool.resolver = self.resolver
        pool.socks_proxy = self.socks_proxy
        return pool  # type: ignore[no-any-return]


class _Manager(_ManagerMixin):
    """Pools of direct connections."""


class _ProxyManager(_ManagerMixin, ProxyManager):
    """Pools of connections through an HTTP proxy."""


class Pools:
    """The pools of a client: of this process, and of the settings as they are.

    A forked child that used its parent's connections would read its parent's responses.

    :param settings: what returns the settings as they are now.
    """

    def __init__(self, settings: Callable[[], TransportSettings]) -> None:
        self._current_settings = settings
        self._generation = _Generation(settings())

    def manager(self, url: BaseURL) -> PoolManager:
        """Return urllib3's manager for a server: a ``ProxyManager`` behind a proxy."""
        return self._current().manager(url)

    def route(self, url: BaseURL) -> Route:
        """Return the pool for a server.

        :param url: the server.
        :raises ApiValueError: when a proxy or certificate cannot be used.
        """
        return self._current().route(url)

    def discard(self, route: Route) -> None:
        """Forget a pool that another thread has closed."""
        self._current().discard(route)

    def close(self) -> None:
        """Close the connections that are kept; later calls open new ones."""
        self._current().close()

    def _current(self) -> _Generation:
        found, settings = self._generation, self._current_settings()
        if found.pid == os.getpid() and found.settings == settings:
            return found
        # a lock from before a fork may be held by a thread that the child does not have
        lock = found.lock if found.pid == os.getpid() else threading.RLock()
        with lock:
            if self._generation is found:
                self._generation = _Generation(settings)
            return self._generation


class _Generation:
    """The pools of one process and one state of the settings.

    :param settings: the settings.
    """

    def __init__(self, settings: TransportSettings) -> None:
        self.pid = os.getpid()
        self.lock = threading.RLock()
        self.settings = settings
        self._managers: dict[Proxy | None, PoolManager] = {}
        self._routes: dict[tuple[str, str, int], Route] = {}
        self._context: ssl.SSLContext | None = None
        self._resolver = Resolver()

    def manager(self, url: BaseURL) -> PoolManager:
        with self.lock:
            return self._manager_of(proxy_for(url, self.settings.proxy, self.settings.no_proxy))

    def route(self, url: BaseURL) -> Route:
        found = self._routes.get(url.origin)
        if found is None:
            with self.lock:
                found = self._routes.get(url.origin) or self._add_route(url)
        return found

    def discard(self, route: Route) -> None:
        with self.lock:
            self._routes = {key: kept for key, kept in self._routes.items() if kept is not route}
            self._managers.clear()

    def close(self) -> None:
        with self.lock:
            routes = list(self._routes.values())
            self._managers.clear()
            self._routes = {}
        # not left to the managers, which close no pool that anything else still refers to
        for route in routes:
            route.pool.close()

    def _add_route(self, url: BaseURL) -> Route:
        proxy = proxy_for(url, self.settings.proxy, self.settings.no_proxy)
        secure = url.scheme == "https" or (proxy is not None and proxy.url.startswith("https"))
        tls = self._tls_settings() if secure else None
        scheme, host, port = url.origin
        pool = self._manager_of(proxy).connection_from_host(host, port, scheme, tls)
        # an HTTP proxy is sent the complete URL, unless it makes a tunnel
        is_forwarded = scheme == "http" and proxy is not None and not proxy.is_socks
        route = Route(pool, url.root if is_forwarded else "")
        self._routes = {**self._routes, url.origin: route}
        return route

    def _manager_of(self, proxy: Proxy | None) -> PoolManager:
        if proxy not in self._managers:
            self._managers[proxy] = self._new_manager(proxy)
        return self._managers[proxy]

    def _new_manager(self, proxy: Proxy | None) -> PoolManager:
        options = self.settings.socket_options
        arguments: dict[str, Any] = {
            "maxsize": self.settings.connection_pool_maxsize,
            "socket_options": _SOCKET_OPTIONS if options is None else list(options),
        }
        manager: Any
        if proxy is None or proxy.is_socks:
            manager = _Manager(**arguments)
        else:
            if proxy.url.startswith("https"):
                arguments["proxy_ssl_context"] = self._ssl_context()
            headers = {**(self.settings.proxy_headers or {}), **_proxy_authorization(proxy)}
            validate_headers(headers)
            manager = _ProxyManager(proxy.url, proxy_headers=headers, **arguments)
        manager.pool_classes_by_scheme = {"http": Pool, "https": SecurePool}
        manager.resolver = self._resolver
        manager.socks_proxy = proxy if proxy is not None and proxy.is_socks else None
        manager.connection_classes = _socks_classes() if manager.socks_proxy else _CLASSES
        return manager  # type: ignore[no-any-return]

    def _tls_settings(self) -> dict[str, Any]:
        wanted = {
            "ssl_context": self._ssl_context(),
            "assert_hostname": self.settings.assert_hostname,
            "server_hostname": self.settings.tls_server_name,
        }
        return {name: value for name, value in wanted.items() if value is not None}

    def _ssl_context(self) -> ssl.SSLContext:
        """Return the one context of this client; loading the authorities anew takes 10 ms."""
        if self._context is None:
            from openapiopenai._transport.tls import ssl_context

            self._context = ssl_context(self.settings)
        return self._context


def _proxy_authorization(proxy: Proxy) -> dict[str, str]:
    credentials = basic_auth(proxy.username, proxy.password)
    return {"Proxy-Authorization": credentials} if credentials else {}


def _socks_classes() -> dict[Any, Any]:
    try:
        from openapiopenai._transport.socks import SecureSocksConnection, SocksConnection
    except ImportError as error:
        raise ApiValueError(
            "a SOCKS proxy needs the extra: pip install 'openapiopenai[socks]'"
        ) from error
    return {HTTPConnection: SocksConnection, HTTPSConnection: SecureSocksConnection}
