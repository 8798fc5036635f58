"""The network: a request goes out, an answer or an error comes back.

A request goes out through a pool of urllib3, is tried again as the policy says, and comes back as
an unread ``urllib3.HTTPResponse``. What goes wrong on the way is raised as an error of ours.
"""

from __future__ import annotations

import io
import logging
import time
from http.client import HTTPException
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urljoin, urlsplit

from urllib3 import HTTPResponse, Retry
from urllib3.exceptions import (
    ClosedPoolError,
    ConnectTimeoutError,
    DecodeError,
    HTTPError,
    MaxRetryError,
    NewConnectionError,
    ReadTimeoutError,
)

from openapiopenai._response.headers import request_id, strip_values
from openapiopenai._transport.pools import Connections
from openapiopenai._transport.retry import TOO_MANY_REQUESTS, policy_of, wait_before
from openapiopenai._transport.timeouts import RequestTimeout, TimeLimit, limit_of
from openapiopenai._transport.url import Address
from openapiopenai.exceptions import (
    ApiConnectionException,
    ApiDecodeException,
    ApiException,
    ApiTimeoutException,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from urllib3 import PoolManager

    from openapiopenai._request.multipart import MultipartBody
    from openapiopenai.configuration import Configuration

__all__ = ["ApiException", "RESTClientObject", "network_error", "read_body"]

logger = logging.getLogger("openapiopenai")

#: urllib3 makes one attempt and hands on what comes; :meth:`RESTClientObject.request` counts.
_ONE_ATTEMPT = Retry(total=False, redirect=False)

#: The redirects that keep method and body. Others would turn a POST into a GET.
_REDIRECTS = (307, 308)
_MOST_REDIRECTS = 5

#: An unread answer up to this size is read to keep its connection; a larger one is hung up on.
_WORTH_DRAINING = 64 * 1024

#: What urllib3 raises -> what we raise; anything else is a failed connection.
_TIMEOUTS = (ConnectTimeoutError, ReadTimeoutError, TimeoutError)

#: What the system or OpenSSL says -> what a caller can do about it.
_ADVICE = {
    "Connection refused": "check that a server runs there",
    "WRONG_VERSION_NUMBER": "the server may speak plain HTTP: let host begin with 'http://'",
    "CERTIFICATE_VERIFY_FAILED": "name its authority in ssl_ca_cert or SSL_CERT_FILE",
}

#: What reading an answer may raise.
NETWORK_ERRORS = (HTTPError, HTTPException, OSError)


class _Call(NamedTuple):
    """One request on its way."""

    method: str
    address: Address
    target: str
    headers: Callable[[], dict[str, str]]
    body: bytes | MultipartBody | None
    limit: TimeLimit

    @property
    def is_repeatable(self) -> bool:
        """Whether the same bytes can be sent again."""
        return self.body is None or isinstance(self.body, bytes) or self.body.rewindable

    def blocks(self) -> bytes | Iterator[bytes | memoryview] | None:
        """Give the body from its beginning."""
        return self.body if self.body is None or isinstance(self.body, bytes) else iter(self.body)


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
        self._connections = Connections(configuration)

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
        :param timeout: the limit, see :func:`openapiopenai._transport.timeouts.limit_of`.
        :return: the last answer, unread, whatever its status; its ``retries.history`` tells of
            the attempts before it.
        :raises ApiConnectionException: when there is no answer.
        """
        limit = limit_of(timeout, self.clock)
        call = _Call(method, address, address.target(path), headers, body, limit)
        retries = policy_of(self.configuration.retries if call.is_repeatable else 0)
        redirects = 0
        while True:
            started = self.clock()
            outcome = self._attempt(call)
            if logger.isEnabledFor(logging.DEBUG):
                _log_attempt(call, outcome, self.clock() - started, retries)
            moved = redirects < _MOST_REDIRECTS and _new_target(call, outcome)
            if moved:
                call, redirects = call._replace(target=moved), redirects + 1
                _discard(outcome)
                continue
            following = _next_try(retries, call, outcome)
            if following is None or not self._waited(following, outcome, limit):
                return _final(outcome, retries)
            retries = following

    def _attempt(self, call: _Call) -> HTTPResponse | Exception:
        """Send a request once; give the answer, or the error instead of one."""
        headers = call.headers()
        try:
            pool = self._connections.to(call.address)
            response: Any = pool.connections.urlopen(
                call.method,
                pool.prefix + call.target,
                body=call.blocks(),  # type: ignore[arg-type]
                headers={"host": pool.host, "accept-encoding": "identity", **headers},
                retries=_ONE_ATTEMPT,
                redirect=False,
                assert_same_host=False,
                timeout=call.limit,
                pool_timeout=call.limit,  # type: ignore[arg-type] # see LimitedPool
                preload_content=False,
            )
            strip_values(response.headers)
            return self._readied(response)
        except ClosedPoolError:  # another thread has closed the client just now
            self.close()
            return self._attempt(call)
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

    @property
    def pool_manager(self) -> PoolManager:
        """urllib3's manager of connections to the host: a ProxyManager behind a proxy."""
        return self._connections.manager

    def close(self) -> None:
        """Close the connections that are kept; a later request opens new ones."""
        self._connections.close()

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
    if response is None:
        return kind(0, reason, attempts=attempts)
    reason += f"; {response.tell()} bytes of the answer had arrived"
    return kind(0, reason, headers=response.headers, attempts=attempts)


def _is_late(cause: object) -> bool:
    # a refused connection, to urllib3, is a kind of late one
    return isinstance(cause, _TIMEOUTS) and not isinstance(cause, NewConnectionError)


def _told(error: Exception) -> str:
    told = ": ".join(str(part) for part in error.args if isinstance(part, (str, Exception)))
    told = told or str(error) or type(error).__name__
    return "; ".join([told, *(advice for sign, advice in _ADVICE.items() if sign in told)])


def _read(response: HTTPResponse, largest: int) -> bytes:
    length = response.length_remaining
    if length is None or length > largest or "content-encoding" in response.headers:
        return _read_within(response, largest)
    return response.data  # at once, which is faster


def _read_within(response: HTTPResponse, largest: int) -> bytes:
    from openapiopenai._response.encodings import read_blocks

    body = bytearray()
    for block in read_blocks(response, response.read):
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


def _next_try(retries: Retry, call: _Call, outcome: HTTPResponse | Exception) -> Retry | None:
    """Give the policy for the next try; None where there is to be none."""
    try:
        if isinstance(outcome, Exception):
            return retries.increment(call.method, call.target, error=outcome)
        says_when = "retry-after" in outcome.headers
        if not retries.is_retry(call.method, outcome.status, says_when):
            return None
        return retries.increment(call.method, call.target, response=outcome)
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


def _new_target(call: _Call, outcome: HTTPResponse | Exception) -> str | None:
    """Give where a redirect leads, if it may be followed: same server, same request."""
    if isinstance(outcome, Exception) or outcome.status not in _REDIRECTS:
        return None
    location = outcome.headers.get("location")
    if not location or not call.is_repeatable:
        return None
    try:
        url = urljoin(call.address.root + call.target, location)
        there = Address.of(url).origin == call.address.origin
    except ValueError:  # it is not a URL, or none of ours
        return None
    place = urlsplit(url)
    return (place.path or "/") + (f"?{place.query}" if place.query else "") if there else None


def _log_attempt(
    call: _Call, outcome: HTTPResponse | Exception, seconds: float, retries: Retry
) -> None:
    if isinstance(outcome, HTTPResponse):
        told, named = str(outcome.status), request_id(outcome.headers)
    else:
        told, named = type(outcome).__name__, None
    logger.debug(
        "%s %s -> %s in %.3f s, attempt %d, request id %s",
        call.method,
        call.address.root + call.target.partition("?")[0],  # a query may hold a key
        told,
        seconds,
        len(retries.history) + 1,
        named,
    )
