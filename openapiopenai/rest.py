"""The network: the only room that sends and receives.

A request goes out through a pool of urllib3, is tried again as the policy says, and comes back as
an unread ``urllib3.HTTPResponse``. What goes wrong on the way is raised as an error of ours.
"""

from __future__ import annotations

import base64
import io
import logging
import os
import re
import socket
import threading
import time
from http.client import HTTPException
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin, urlsplit

from urllib3 import HTTPResponse, PoolManager, ProxyManager, Retry
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import (
    ClosedPoolError,
    ConnectTimeoutError,
    DecodeError,
    HTTPError,
    MaxRetryError,
    NewConnectionError,
    ReadTimeoutError,
)

from openapiopenai.address import Address
from openapiopenai.deadline import (
    TLS_RECORD,
    DirectConnection,
    LimitedPool,
    RequestTimeout,
    TimeLimit,
    limit_of,
)
from openapiopenai.exceptions import (
    ApiConnectionException,
    ApiDecodeException,
    ApiException,
    ApiTimeoutException,
    ApiTypeError,
    ApiValueError,
)
from openapiopenai.headers import request_id
from openapiopenai.proxy import SOCKS_SCHEMES, proxy_for, without_credentials
from openapiopenai.retry import TOO_MANY_REQUESTS, policy_of, wait_before

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable, Mapping

    from openapiopenai.configuration import Configuration
    from openapiopenai.multipart import MultipartBody

__all__ = ["ApiException", "RESTClientObject", "network_error", "read_body", "refuse_unsendable"]

logger = logging.getLogger("openapiopenai")

#: urllib3 makes one attempt and hands on what comes; :meth:`RESTClientObject.request` counts.
_ONE_ATTEMPT = Retry(total=False, redirect=False)

#: The redirects that keep method and body. Others would turn a POST into a GET.
_REDIRECTS = (307, 308)
_MOST_REDIRECTS = 5

#: An unread answer up to this size is read to keep its connection; a larger one is hung up on.
_WORTH_DRAINING = 64 * 1024

_BLOCK_SIZE = 256 * 1024

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

#: What RFC 9110 allows; a value as Latin-1, which is how it is sent.
_HEADER_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_HEADER_VALUE = re.compile(r"[\t\x20-\x7e\x80-\xff]*")

#: What urllib3 raises -> what we raise; anything else is a failed connection.
_TIMEOUTS = (ConnectTimeoutError, ReadTimeoutError, TimeoutError)

#: What reading an answer may raise.
NETWORK_ERRORS = (HTTPError, HTTPException, OSError)


class _Connection(DirectConnection, HTTPConnection):  # type: ignore[misc]
    """A connection that keeps a time limit."""


class _SecureConnection(DirectConnection, HTTPSConnection):  # type: ignore[misc]
    """A connection over TLS that keeps a time limit."""

    bytes_per_timeout = TLS_RECORD


class _Pool(LimitedPool, HTTPConnectionPool):
    ConnectionCls = _Connection  # pyright: ignore[reportAssignmentType]


class _SecurePool(LimitedPool, HTTPSConnectionPool):
    ConnectionCls = _SecureConnection  # pyright: ignore[reportAssignmentType]


class RESTClientObject:
    """Sends requests over kept connections. Threads may share it; a forked child opens its own.

    :param configuration: the settings.
    :param clock: what tells the time, in seconds.
    :param sleep: what waits, for a number of seconds.
    """

    def __init__(
        self,
        configuration: Configuration,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], object] = time.sleep,
    ) -> None:
        self.configuration = configuration
        self.clock = clock
        self.sleep = sleep
        self._context: ssl.SSLContext | None
        self._forget_connections()

    def request(
        self,
        method: str,
        address: Address,
        path: str,
        *,
        headers: Callable[[], dict[str, str]],
        body: bytes | MultipartBody | None = None,
        timeout: RequestTimeout = None,
    ) -> HTTPResponse:
        """Send a request, again where that may help.

        :param method: the HTTP method.
        :param address: the server.
        :param path: the path below its base URL.
        :param headers: what gives the headers, asked anew for each attempt.
        :param body: the body; a form is sent from its beginning at each attempt.
        :param timeout: the limit, see :func:`openapiopenai.deadline.limit_of`.
        :return: the last answer, unread, whatever its status; its ``retries.history`` tells of
            the attempts before it.
        :raises ApiConnectionException: when there is no answer.
        """
        limit = limit_of(timeout, self.clock)
        target = address.target(path)
        retries = self._retries_for(body)
        redirects = 0
        while True:
            started = self.clock()
            outcome = self._attempt(method, address, target, headers(), body, limit)
            if logger.isEnabledFor(logging.DEBUG):
                url = address.root + target.partition("?")[0]  # a query may hold a key
                _log_attempt(method, url, outcome, self.clock() - started, retries)
            moved = redirects < _MOST_REDIRECTS and _new_target(outcome, address, target, body)
            if moved:
                target, redirects = moved, redirects + 1
                _discard(outcome)
                continue
            following = _next_try(retries, method, target, outcome)
            if following is None or not self._waited(following, outcome, limit):
                return _final(outcome, retries)
            retries = following

    def _attempt(
        self,
        method: str,
        address: Address,
        target: str,
        headers: dict[str, str],
        body: bytes | MultipartBody | None,
        limit: TimeLimit,
    ) -> HTTPResponse | Exception:
        """Send a request once; give the answer, or the error instead of one."""
        try:
            pool, prefix = self._pool(address)
            response: Any = pool.urlopen(
                method,
                prefix + target,
                body=body if isinstance(body, bytes) else body and iter(body),  # type: ignore[arg-type]
                headers=headers,
                retries=_ONE_ATTEMPT,
                redirect=False,
                assert_same_host=False,
                timeout=limit,
                pool_timeout=limit,  # type: ignore[arg-type] # see LimitedPool
                preload_content=False,
            )
            return self._readied(response)
        except ClosedPoolError:  # another thread has closed the client just now
            self.close()
            return self._attempt(method, address, target, headers, body, limit)
        except NETWORK_ERRORS as error:
            return error

    def _readied(self, response: HTTPResponse) -> HTTPResponse:
        """Read what the policy has to read: the body alone tells what limit a 429 is about."""
        if response.status != TOO_MANY_REQUESTS:
            return response
        return _copy(response, _read(response, self.configuration.largest_answer))

    def _waited(self, retries: Retry, outcome: HTTPResponse | Exception, limit: TimeLimit) -> bool:
        """Wait for the next try; False where the call's time would run out before it."""
        response = outcome if isinstance(outcome, HTTPResponse) else None
        seconds = wait_before(retries, response)
        if seconds >= limit.remaining:
            return False
        reason = f"an answer with {response.status}" if response else type(outcome).__name__
        logger.info("Retry %d in %.2f s after %s", len(retries.history), seconds, reason)
        _discard(outcome)
        self.sleep(seconds)
        return True

    def _retries_for(self, body: bytes | MultipartBody | None) -> Retry:
        rewindable = getattr(body, "rewindable", True)
        return policy_of(self.configuration.retries if rewindable else 0)

    # -- pools ------------------------------------------------------------------------------

    @property
    def pool_manager(self) -> PoolManager:
        """urllib3's manager of connections to the host: a ProxyManager behind a proxy."""
        self._notice_fork()
        return self._manager(proxy_for(self.configuration.address, self.configuration))

    def _pool(self, address: Address) -> tuple[HTTPConnectionPool, str]:
        """Give the pool for a server, and what stands before each target there."""
        self._notice_fork()
        found = self._pools.get(address.origin)
        if found is None:
            with self._lock:
                found = self._pools[address.origin] = self._new_pool(address)
        return found

    def _new_pool(self, address: Address) -> tuple[HTTPConnectionPool, str]:
        proxy = proxy_for(address, self.configuration)
        scheme, host, port = address.origin
        secure = scheme == "https" or (proxy or "").startswith("https")
        pool = self._manager(proxy).connection_from_host(
            host, port, scheme, self._tls_settings() if secure else None
        )
        # a proxy for plain HTTP is asked for the whole URL
        forwarded = scheme == "http" and proxy and not proxy.startswith(SOCKS_SCHEMES)
        return pool, address.root if forwarded else ""

    def _manager(self, proxy: str | None) -> PoolManager:
        if proxy not in self._managers:
            self._managers[proxy] = self._new_manager(proxy)
        return self._managers[proxy]

    def _new_manager(self, proxy: str | None) -> PoolManager:
        options = self.configuration.socket_options
        settings: dict[str, Any] = {
            "maxsize": self.configuration.connection_pool_maxsize,
            "socket_options": _SOCKET_OPTIONS if options is None else list(options),
        }
        if proxy is None:
            return _with_pools(PoolManager(**settings), _Pool, _SecurePool)
        url, credentials = without_credentials(proxy)
        if proxy.startswith(SOCKS_SCHEMES):
            return _socks_manager(url, credentials, settings)
        headers = dict(self.configuration.proxy_headers or {})
        if credentials:  # not by urllib3's make_headers, which knows Latin-1 alone
            token = base64.b64encode(credentials.encode()).decode()
            headers["Proxy-Authorization"] = f"Basic {token}"
        if url.startswith("https"):
            settings["proxy_ssl_context"] = self._ssl_context()
        refuse_unsendable(headers)
        manager = ProxyManager(url, proxy_headers=headers, **settings)
        return _with_pools(manager, _Pool, _SecurePool)

    def _tls_settings(self) -> dict[str, Any]:
        wanted = {
            "ssl_context": self._ssl_context(),
            "assert_hostname": self.configuration.assert_hostname,
            "server_hostname": self.configuration.tls_server_name,
        }
        return {name: value for name, value in wanted.items() if value is not None}

    def _ssl_context(self) -> ssl.SSLContext:
        """Give the one context of this client; loading the authorities anew would cost 10 ms."""
        if self._context is None:
            from openapiopenai.tls import ssl_context

            self._context = ssl_context(self.configuration)
        return self._context

    # -- life -------------------------------------------------------------------------------

    def close(self) -> None:
        """Close the connections that are kept; a later request opens new ones."""
        self._notice_fork()
        with self._lock:
            pools = [pool for pool, _ in self._pools.values()]
            self._managers.clear()
            self._pools.clear()
        # not left to the managers, which close no pool that anything else still refers to
        for pool in pools:
            pool.close()

    def _forget_connections(self) -> None:
        self._pid = os.getpid()
        self._lock = threading.RLock()
        self._managers: dict[str | None, PoolManager] = {}
        self._pools: dict[tuple[str, str, int], tuple[HTTPConnectionPool, str]] = {}
        self._context = None

    def _notice_fork(self) -> None:
        # a child that used its parent's connections would read its parent's answers
        if self._pid != os.getpid():
            self._forget_connections()

    def __reduce__(self) -> tuple[Any, ...]:
        # a copy, here or in another process, opens connections of its own
        return type(self), (self.configuration,)


def read_body(response: HTTPResponse, largest: int) -> bytes:
    """Read an answer to its end.

    :param response: the answer.
    :param largest: how many bytes it may have, after decompression.
    :return: the body.
    :raises ApiConnectionException: when it breaks off, with how much had arrived.
    :raises ApiDecodeException: when it cannot be decompressed, or is too large.
    """
    try:
        return _read(response, largest)
    except NETWORK_ERRORS as error:
        response.close()
        raise network_error(error, response) from error


def refuse_unsendable(headers: Mapping[Any, Any]) -> None:
    """Say what is wrong with headers, if anything is, without quoting what may be a secret.

    :param headers: the headers of a request.
    :raises ApiTypeError: when a value is not a text.
    :raises ApiValueError: when a name or value cannot stand in a header.
    """
    for name, value in headers.items():
        if not (isinstance(name, str) and _HEADER_NAME.fullmatch(name)):
            # not quoted: a key may stand there by mistake
            raise ApiValueError(
                "a header has a name that no header can have; pass letters, digits and '-', and "
                "the value as the value"
            )
        if not isinstance(value, str):
            raise ApiTypeError(f"the header {name!r} is {type(value).__name__}; pass a text")
        if not _HEADER_VALUE.fullmatch(value):
            raise ApiValueError(
                f"the header {name!r} holds a character that cannot stand in a header (a control "
                "character, or one outside Latin-1)"
            )


def network_error(
    error: Exception, response: HTTPResponse | None = None, attempts: int = 1
) -> ApiException:
    """Give our error for one from below.

    :param error: what urllib3, http.client or the socket raised.
    :param response: the answer that was being read, if one was.
    :param attempts: how many times the call was tried.
    :return: the error to raise; the caller chains the cause.
    """
    reason = _told(error)
    if isinstance(error, DecodeError) and response is not None:
        return ApiDecodeException(
            response.status, reason, headers=response.headers, attempts=attempts
        )
    # urllib3 wraps what happened: a ProxyError in an attribute, a ProtocolError in its arguments
    causes = (error, getattr(error, "original_error", None), *error.args)
    late = any(map(_is_late, causes))
    kind = ApiTimeoutException if late else ApiConnectionException
    return kind(0, reason, headers=response.headers if response else None, attempts=attempts)


def _is_late(cause: object) -> bool:
    # a refused connection, to urllib3, is a kind of late one
    return isinstance(cause, _TIMEOUTS) and not isinstance(cause, NewConnectionError)


def _told(error: Exception) -> str:
    told = ": ".join(str(part) for part in error.args if isinstance(part, (str, Exception)))
    return told or str(error) or type(error).__name__


def _read(response: HTTPResponse, largest: int) -> bytes:
    length = response.length_remaining
    if length is None or length > largest or "content-encoding" in response.headers:
        return _read_within(response, largest)
    return response.data  # at once, which is faster


def _read_within(response: HTTPResponse, largest: int) -> bytes:
    body = bytearray()
    while block := response.read(_BLOCK_SIZE):
        body += block
        if len(body) > largest:
            response.close()
            raise ApiDecodeException(
                response.status,
                f"the answer is larger than {largest} bytes; if it is meant to be, set "
                "Configuration.largest_answer",
                headers=response.headers,
            )
    return bytes(body)


def _next_try(
    retries: Retry, method: str, target: str, outcome: HTTPResponse | Exception
) -> Retry | None:
    """Give the policy for the next try; None where there is to be none."""
    try:
        if isinstance(outcome, Exception):
            return retries.increment(method, target, error=outcome)
        says_when = "retry-after" in outcome.headers
        if not retries.is_retry(method, outcome.status, says_when):
            return None
        return retries.increment(method, target, response=outcome)
    except (MaxRetryError, *NETWORK_ERRORS):
        return None


def _final(outcome: HTTPResponse | Exception, retries: Retry) -> HTTPResponse:
    if isinstance(outcome, Exception):
        raise network_error(outcome, attempts=len(retries.history) + 1) from outcome
    # what was read already, or has no body, is given as one to be read all the same
    answer = _copy(outcome, io.BytesIO(outcome.data)) if outcome.closed else outcome
    answer.retries = retries
    return answer


def _copy(response: HTTPResponse, body: bytes | io.BytesIO) -> HTTPResponse:
    return HTTPResponse(
        body,
        headers=response.headers,
        status=response.status,
        reason=response.reason,
        preload_content=False,
        decode_content=False,
        enforce_content_length=False,  # it counts what was compressed
    )


def _discard(outcome: HTTPResponse | Exception) -> None:
    """Let go of an answer that nobody will read, and keep its connection where that is cheap."""
    if not isinstance(outcome, HTTPResponse):
        return
    length = outcome.length_remaining
    if length is not None and length <= _WORTH_DRAINING:
        outcome.drain_conn()
    else:
        outcome.close()
    outcome.release_conn()


def _new_target(
    outcome: HTTPResponse | Exception,
    address: Address,
    target: str,
    body: bytes | MultipartBody | None,
) -> str | None:
    """Give where a redirect leads, if it may be followed: same server, same request."""
    if isinstance(outcome, Exception) or outcome.status not in _REDIRECTS:
        return None
    location = outcome.headers.get("location")
    if not location or not getattr(body, "rewindable", True):
        return None
    try:
        url = urljoin(address.root + target, location)
        there = Address.of(url).origin == address.origin
    except ValueError:  # it is not a URL, or none of ours
        return None
    place = urlsplit(url)
    return (place.path or "/") + (f"?{place.query}" if place.query else "") if there else None


def _log_attempt(
    method: str, url: str, outcome: HTTPResponse | Exception, seconds: float, retries: Retry
) -> None:
    if isinstance(outcome, HTTPResponse):
        told, named = str(outcome.status), request_id(outcome.headers)
    else:
        told, named = type(outcome).__name__, None
    attempt = len(retries.history) + 1
    logger.debug(
        "%s %s -> %s in %.3f s, attempt %d, request id %s",
        method,
        url,
        told,
        seconds,
        attempt,
        named,
    )


def _with_pools(
    manager: PoolManager, pool: type[HTTPConnectionPool], secure: type[HTTPConnectionPool]
) -> PoolManager:
    manager.pool_classes_by_scheme = {"http": pool, "https": secure}
    return manager


def _socks_manager(url: str, credentials: str | None, settings: Mapping[str, Any]) -> PoolManager:
    try:
        from openapiopenai.socks import SOCKSManager
    except ImportError as error:
        raise ApiValueError(
            "a SOCKS proxy needs the extra: pip install 'openapiopenai[socks]'"
        ) from error
    username, _, password = (credentials or "").partition(":")
    return SOCKSManager(url, username or None, password or None, **settings)
