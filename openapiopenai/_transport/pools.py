"""The connections: where they lead, through which proxy, and what becomes of them after a fork."""

from __future__ import annotations

import base64
import os
import queue
import socket
import threading
from collections import deque
from typing import TYPE_CHECKING, Any, NamedTuple

from urllib3 import PoolManager, ProxyManager
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.util import parse_url

from openapiopenai._request.headers import validate_headers
from openapiopenai._transport.connection import DirectConnection
from openapiopenai._transport.proxies import SOCKS_SCHEMES, proxy_for, without_credentials
from openapiopenai._transport.timeouts import limit_of
from openapiopenai.exceptions import ApiValueError

if TYPE_CHECKING:
    import ssl
    from collections.abc import Mapping

    from openapiopenai._transport.url import Address
    from openapiopenai.configuration import Configuration

#: Settings of every socket: no waiting to fill a packet, and a sign of life every minute, so that
#: a gateway does not forget a connection on which a long recording is being worked on. Systems
#: have different names for the same thing.
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


class Pool(NamedTuple):
    """The connections to one server.

    :param connections: urllib3's pool of them.
    :param prefix: what stands before each path: the server itself, where a proxy must be told.
    :param host: what the header ``Host`` names.
    """

    connections: HTTPConnectionPool
    prefix: str
    host: str


class _Stack:
    """Where a pool keeps its connections, the one that was used last on top.

    Nobody waits for one here, so it does without what ``queue.LifoQueue`` has for that: a lock,
    and a line of those who wait.

    :param maxsize: how many it keeps.
    """

    def __init__(self, maxsize: int) -> None:
        self._kept: deque[Any] = deque()
        self._most = maxsize

    def put(self, item: Any, block: bool = False) -> None:  # noqa: ARG002, FBT001, FBT002 - as queue's
        if len(self._kept) >= self._most:
            raise queue.Full
        self._kept.append(item)

    def get(self, block: bool = False, timeout: Any = None) -> Any:  # noqa: ARG002, FBT001, FBT002
        try:
            return self._kept.pop()
        except IndexError:
            raise queue.Empty from None

    def qsize(self) -> int:
        return len(self._kept)


class LimitedPool:
    """What makes a pool of urllib3 tell its connections the limit of the call they serve.

    The limit travels where urllib3 has its ``pool_timeout``, which these pools have no use for:
    they open another connection rather than wait for one. A user of the pool himself gives none.
    """

    QueueCls: Any = _Stack

    def _get_conn(self, timeout: Any = None) -> Any:
        connection: Any = super()._get_conn()  # type: ignore[misc]
        connection.limit = timeout or limit_of(None)
        connection.header_is_whole = timeout is not None
        return connection  # pyright: ignore[reportUnknownVariableType]


class Connection(DirectConnection, HTTPConnection):  # type: ignore[misc]
    """A connection that keeps a time limit."""


class SecureConnection(DirectConnection, HTTPSConnection):  # type: ignore[misc]
    """A connection over TLS that keeps a time limit."""


class HTTPPool(LimitedPool, HTTPConnectionPool):
    """Connections to one server."""

    ConnectionCls = Connection  # pyright: ignore[reportAssignmentType]


class HTTPSPool(LimitedPool, HTTPSConnectionPool):
    """Connections to one server, over TLS."""

    ConnectionCls = SecureConnection  # pyright: ignore[reportAssignmentType]


class Connections:
    """The connections of a client, kept for the next call; a forked child begins without any.

    :param configuration: the settings.
    """

    def __init__(self, configuration: Configuration) -> None:
        self._configuration = configuration
        self._context: ssl.SSLContext | None
        self._forget()

    @property
    def manager(self) -> PoolManager:
        """urllib3's manager of connections to the host: a ProxyManager behind a proxy."""
        self._notice_fork()
        return self._manager(proxy_for(self._configuration.address, self._configuration))

    def to(self, address: Address) -> Pool:
        """Give the connections to a server.

        :param address: the server.
        :return: its pool.
        """
        self._notice_fork()
        found = self._pools.get(address.origin)
        if found is None:
            with self._lock:
                found = self._pools[address.origin] = self._new_pool(address)
        return found

    def close(self) -> None:
        """Close the connections that are kept; later calls open new ones."""
        self._notice_fork()
        with self._lock:
            pools = list(self._pools.values())
            self._managers.clear()
            self._pools.clear()
        # not left to the managers, which close no pool that anything else still refers to
        for pool in pools:
            pool.connections.close()

    def _forget(self) -> None:
        self._pid = os.getpid()
        self._lock = threading.RLock()
        self._managers: dict[str | None, PoolManager] = {}
        self._pools: dict[tuple[str, str, int], Pool] = {}
        self._context = None

    def _notice_fork(self) -> None:
        # a child that used its parent's connections would read its parent's answers
        if self._pid != os.getpid():
            self._forget()

    def _new_pool(self, address: Address) -> Pool:
        proxy = proxy_for(address, self._configuration)
        scheme, host, port = address.origin
        secure = scheme == "https" or (proxy or "").startswith("https")
        pool = self._manager(proxy).connection_from_host(
            host, port, scheme, self._tls_settings() if secure else None
        )
        # a proxy for plain HTTP is asked for the whole URL
        forwarded = scheme == "http" and proxy and not proxy.startswith(SOCKS_SCHEMES)
        # urllib3's own way with names that are not ASCII
        named = parse_url(address.root).netloc or host
        return Pool(pool, address.root if forwarded else "", named)

    def _manager(self, proxy: str | None) -> PoolManager:
        if proxy not in self._managers:
            self._managers[proxy] = self._new_manager(proxy)
        return self._managers[proxy]

    def _new_manager(self, proxy: str | None) -> PoolManager:
        options = self._configuration.socket_options
        settings: dict[str, Any] = {
            "maxsize": self._configuration.connection_pool_maxsize,
            "socket_options": _SOCKET_OPTIONS if options is None else list(options),
        }
        if proxy is None:
            return _with_pools(PoolManager(**settings), HTTPPool, HTTPSPool)
        url, credentials = without_credentials(proxy)
        if proxy.startswith(SOCKS_SCHEMES):
            return _socks_manager(url, credentials, settings)
        headers = dict(self._configuration.proxy_headers or {})
        if credentials:  # not by urllib3's make_headers, which knows Latin-1 alone
            token = base64.b64encode(credentials.encode()).decode()
            headers["Proxy-Authorization"] = f"Basic {token}"
        if url.startswith("https"):
            settings["proxy_ssl_context"] = self._ssl_context()
        validate_headers(headers)
        manager = ProxyManager(url, proxy_headers=headers, **settings)
        return _with_pools(manager, HTTPPool, HTTPSPool)

    def _tls_settings(self) -> dict[str, Any]:
        wanted = {
            "ssl_context": self._ssl_context(),
            "assert_hostname": self._configuration.assert_hostname,
            "server_hostname": self._configuration.tls_server_name,
        }
        return {name: value for name, value in wanted.items() if value is not None}

    def _ssl_context(self) -> ssl.SSLContext:
        """Give the one context of this client; loading the authorities anew would cost 10 ms."""
        if self._context is None:
            from openapiopenai._transport.tls import ssl_context

            self._context = ssl_context(self._configuration)
        return self._context


def _with_pools(
    manager: PoolManager, pool: type[HTTPConnectionPool], secure: type[HTTPConnectionPool]
) -> PoolManager:
    manager.pool_classes_by_scheme = {"http": pool, "https": secure}
    return manager


def _socks_manager(url: str, credentials: str | None, settings: Mapping[str, Any]) -> PoolManager:
    try:
        from openapiopenai._transport.socks import SOCKSManager
    except ImportError as error:
        raise ApiValueError(
            "a SOCKS proxy needs the extra: pip install 'openapiopenai[socks]'"
        ) from error
    username, _, password = (credentials or "").partition(":")
    return SOCKSManager(url, username or None, password or None, **settings)
