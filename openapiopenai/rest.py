"""Sending requests: the only module in which a call meets the network.

A request goes out through a pool of urllib3, is retried as the policy says, and comes back as a
response whose body is unread. Failures on the way are raised as exceptions of this package.
"""

from __future__ import annotations

import io
import logging
import time
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from urllib3 import HTTPResponse, Retry
from urllib3.exceptions import ClosedPoolError, MaxRetryError
from urllib3.util import SKIP_HEADER

from openapiopenai._response.headers import request_id
from openapiopenai._transport.errors import NETWORK_ERRORS, network_error
from openapiopenai._transport.open_response import OpenResponse
from openapiopenai._transport.pools import Pools
from openapiopenai._transport.retry import TOO_MANY_REQUESTS, parse_retries, seconds_before
from openapiopenai._transport.settings import TransportSettings
from openapiopenai.exceptions import ApiException

if TYPE_CHECKING:
    from collections.abc import Callable

    from urllib3 import PoolManager

    from openapiopenai._transport.request import HTTPRequest
    from openapiopenai.configuration import Configuration

__all__ = ["ApiException", "RESTClientObject"]

logger = logging.getLogger("openapiopenai")

#: urllib3 makes one attempt and hands on what comes; :meth:`RESTClientObject.request` counts.
_ONE_ATTEMPT = Retry(total=False, redirect=False)
_NO_RETRIES = parse_retries(0)

#: What is sent unless a request says otherwise; urllib3 is not to add a user agent of its own.
_DEFAULT_HEADERS = {"accept-encoding": "identity", "user-agent": SKIP_HEADER}

#: The redirects that keep method and body. The others turn a POST into a GET.
_REDIRECTS = (307, 308)
_MAX_REDIRECTS = 5

#: An unread response up to this size is read to keep its connection, in bytes.
_MAX_DRAINED = 64 * 1024

_read_settings = attrgetter(*TransportSettings._fields)


class RESTClientObject:
    """Sends requests over kept connections. Threads may share it; a forked child opens its own.

    :param configuration: the settings.
    :param clock: the clock, in seconds.
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
        self._pools = Pools(lambda: TransportSettings._make(_read_settings(configuration)))

    def request(self, request: HTTPRequest) -> OpenResponse:
        """Send a request, and retry it where that may help.

        :param request: the request.
        :return: the last response, unread, whatever its status.
        :raises ApiConnectionException: when there is none.
        """
        try:
            request.prepare()
        except TimeoutError as error:
            raise network_error(error, request.url.root, request.timeout) from error
        retries = request.retries if request.is_repeatable else _NO_RETRIES
        redirects = 0
        while True:
            outcome = self._attempt(request, retries)
            if isinstance(outcome, HTTPResponse) and outcome.status == TOO_MANY_REQUESTS:
                outcome = self._preload_429(outcome, request)
            target = _redirect(request, outcome) if redirects < _MAX_REDIRECTS else None
            if target:
                _discard(outcome)
                request, redirects = request._replace(target=target), redirects + 1
                continue
            following = _next_retry(retries, request, outcome)
            if following is None or not self._sleep_before_retry(following, outcome, request):
                return _finish(outcome, request, retries)
            retries = following

    def _attempt(self, request: HTTPRequest, retries: Retry) -> HTTPResponse | Exception:
        """Send a request once; return the response, or the error instead of one."""
        headers = {**_DEFAULT_HEADERS, **request.headers()}
        started = self.clock()
        outcome: Any = None
        route: Any = None
        while outcome is None:
            try:
                route = self._pools.route(request.url)
                outcome = route.pool.urlopen(
                    request.method,
                    route.prefix + request.target,
                    body=request.blocks(),
                    headers=headers,
                    retries=_ONE_ATTEMPT,
                    redirect=False,
                    assert_same_host=False,
                    timeout=request.timeout,
                    preload_content=False,
                )
            except ClosedPoolError:  # noqa: PERF203 - another thread has closed the client just now
                self._pools.discard(route)
            except NETWORK_ERRORS as error:
                outcome = error
        if logger.isEnabledFor(logging.DEBUG):
            _log_attempt(request, outcome, self.clock() - started, len(retries.history) + 1)
        return outcome  # type: ignore[no-any-return]

    def _preload_429(self, response: HTTPResponse, request: HTTPRequest) -> HTTPResponse:
        """Read the body of a 429: only that says whether waiting helps."""
        unread = OpenResponse(response, request.timeout, 1)
        body, problem = unread.read_error(self.configuration.largest_answer)
        return _copy(response, body, f"{response.reason} ({problem})" if problem else None)

    def _sleep_before_retry(
        self, retries: Retry, outcome: HTTPResponse | Exception, request: HTTPRequest
    ) -> bool:
        """Wait for the next attempt; False where it is too late for one."""
        response = outcome if isinstance(outcome, HTTPResponse) else None
        seconds = seconds_before(retries, response)
        if seconds is None or seconds >= request.timeout.remaining:
            return False
        reason = f"a response with {response.status}" if response else type(outcome).__name__
        logger.info("Retry %d in %.2f s after %s", len(retries.history), seconds, reason)
        _discard(outcome)
        self.sleep(seconds)
        return True

    @property
    def pool_manager(self) -> PoolManager:
        """urllib3's manager of connections to the host: a ``ProxyManager`` behind a proxy."""
        return self._pools.manager(self.configuration.address)

    def close(self) -> None:
        """Close the connections that are kept; a later request opens new ones."""
        self._pools.close()

    def __reduce__(self) -> tuple[Any, ...]:
        # a copy, here or in another process, opens connections of its own
        return type(self), (self.configuration,)


def _redirect(request: HTTPRequest, outcome: HTTPResponse | Exception) -> str | None:
    if isinstance(outcome, Exception) or outcome.status not in _REDIRECTS:
        return None
    from openapiopenai._transport.redirects import redirect_target

    return redirect_target(request, outcome)


def _next_retry(
    retries: Retry, request: HTTPRequest, outcome: HTTPResponse | Exception
) -> Retry | None:
    """Return the policy for the next attempt; None where there is to be none."""
    try:
        if isinstance(outcome, Exception):
            return retries.increment(request.method, request.path, error=outcome)
        has_retry_after = "retry-after" in outcome.headers
        if not retries.is_retry(request.method, outcome.status, has_retry_after):
            return None
        return retries.increment(request.method, request.path, response=outcome)
    except (MaxRetryError, *NETWORK_ERRORS):
        return None


def _finish(
    outcome: HTTPResponse | Exception, request: HTTPRequest, retries: Retry
) -> OpenResponse:
    attempts = len(retries.history) + 1
    if isinstance(outcome, Exception):
        raise network_error(outcome, request.url.root, request.timeout, attempts) from outcome
    # what was read already, or has no body, is returned as one to be read all the same
    response = _copy(outcome, io.BytesIO(outcome.data)) if outcome.closed else outcome
    response.retries = retries
    return OpenResponse(response, request.timeout, attempts)


def _copy(
    response: HTTPResponse, body: bytes | io.BytesIO, reason: str | None = None
) -> HTTPResponse:
    return HTTPResponse(
        body,
        headers=response.headers,
        status=response.status,
        reason=reason or response.reason,
        preload_content=False,
        decode_content=False,
        enforce_content_length=False,  # it counts what was compressed
    )


def _discard(outcome: HTTPResponse | Exception) -> None:
    """Discard a response; drain a small one so that its connection is reused."""
    if not isinstance(outcome, HTTPResponse):
        return
    length = outcome.length_remaining
    if length is not None and length <= _MAX_DRAINED:
        outcome.drain_conn()
    else:
        outcome.close()
    outcome.release_conn()


def _log_attempt(
    request: HTTPRequest, outcome: HTTPResponse | Exception, seconds: float, attempt: int
) -> None:
    if isinstance(outcome, HTTPResponse):
        result, identifier = str(outcome.status), request_id(outcome.headers)
    else:
        result, identifier = type(outcome).__name__, None
    logger.debug(
        "%s %s -> %s in %.3f s, attempt %d, request id %s",
        request.method,
        request.url.root + request.path,
        result,
        seconds,
        attempt,
        identifier,
    )
