"""Which failures are retried, when, and how often."""

from __future__ import annotations

import random
import re
from typing import TYPE_CHECKING, Any

from urllib3 import Retry
from urllib3.exceptions import MaxRetryError, ProxyError, ReadTimeoutError, ResponseError, SSLError

from openapiopenai._response.headers import retry_after
from openapiopenai._response.json import UnreadableError, as_object, parse_json
from openapiopenai.exceptions import ApiValueError

if TYPE_CHECKING:
    from types import TracebackType

    from typing_extensions import Self
    from urllib3 import BaseHTTPResponse
    from urllib3.connectionpool import ConnectionPool

_DEFAULT_RETRIES = 2
_BACKOFF_SECONDS = 0.5
_MAX_BACKOFF_SECONDS = 8.0

#: After so many doublings any wait is as long as it may be, and the number is still a float.
_MAX_DOUBLINGS = 60

#: The share of a wait that is random, so that clients do not come back all at once.
_JITTER = 0.25

#: A server that asks for a longer wait, in seconds, is not waited for: the caller decides.
MAX_RETRY_AFTER = 60.0

_RETRIED_STATUSES = frozenset({408, 409, 429})
_FIRST_SERVER_ERROR = 500
TOO_MANY_REQUESTS = 429

#: Failures that another attempt would only repeat: a response that is slow to come has been paid
#: for, and a certificate does not change.
_FINAL_ERRORS = (ReadTimeoutError, SSLError)

#: How http.client reports the status of a proxy's response to CONNECT.
_TUNNEL_STATUS = re.compile(r"Tunnel connection failed: (\d{3})")

#: The error code or type of a 429 that no wait changes (OpenAI's guide to error codes).
_INSUFFICIENT_QUOTA = "insufficient_quota"


class RetryPolicy(Retry):
    """This package's policy, as a ``urllib3.Retry``: change it as you would change one.

    Failures to connect, connections that break before a response, and responses with 408, 409, 429
    or 5xx are retried, after 0.5 s, 1 s, 2 s ... less up to a quarter at random. A server's
    ``retry-after-ms`` or ``Retry-After`` is obeyed up to 60 s, and so is ``x-should-retry``. Read
    timeouts, invalid certificates, refused proxy credentials and an exhausted quota are final.

    :param total: how often to retry. Default: 2.
    :param kwargs: further parameters of ``urllib3.Retry``.
    """

    def __init__(self, total: int | bool | None = _DEFAULT_RETRIES, **kwargs: Any) -> None:  # noqa: FBT001 - as urllib3
        defaults: dict[str, Any] = {
            "allowed_methods": None,
            "backoff_factor": _BACKOFF_SECONDS,
            "backoff_max": _MAX_BACKOFF_SECONDS,
            "raise_on_status": False,
        }
        super().__init__(total, **(defaults | kwargs))

    def is_retry(
        self,
        method: str,  # noqa: ARG002 - urllib3's signature
        status_code: int,
        has_retry_after: bool = False,  # noqa: ARG002, FBT001, FBT002
    ) -> bool:
        """Return whether a response may have to be retried; :meth:`increment` decides.

        :param method: the HTTP method; all are treated alike.
        :param status_code: the status of the response.
        :param has_retry_after: whether the response has the header ``Retry-After``.
        :return: whether the status is an error.
        """
        return status_code >= 400  # noqa: PLR2004 - the first error status

    def increment(
        self,
        method: str | None = None,
        url: str | None = None,
        response: BaseHTTPResponse | None = None,
        error: Exception | None = None,
        _pool: ConnectionPool | None = None,
        _stacktrace: TracebackType | None = None,
    ) -> Self:
        """Count one failure.

        :param method: the HTTP method.
        :param url: the path of the request.
        :param response: the response, where there was one.
        :param error: the error, where there was none.
        :return: the policy for the next attempt.
        :raises urllib3.exceptions.MaxRetryError: when there is to be none.
        """
        following = super().increment(method, url, response, error, _pool, _stacktrace)
        is_final = _is_final(error) if response is None else not _is_retried(response)
        if is_final:
            raise MaxRetryError(_pool, url, error or ResponseError("not to be retried"))  # type: ignore[arg-type]
        return following

    def get_backoff_time(self) -> float:
        """Return how long to wait where the server does not specify it, in seconds."""
        doublings = min(len(self.history) - 1, _MAX_DOUBLINGS)
        doubled: float = self.backoff_factor * 2**doublings
        return min(doubled, self.backoff_max) * (1 - _JITTER * random.random())  # noqa: S311


#: One for all calls: counting does not change a policy, it returns a new one.
_DEFAULT = RetryPolicy()


def parse_retries(retries: Any) -> Retry:
    """Validate a caller's ``retries``.

    :param retries: None for this package's policy, False, a number, or a policy.
    :raises ApiValueError: when it is something else.
    :return: the policy. One of the caller's own counts for POST too, and leaves the last response
        to be raised.
    """
    if retries is None or retries is True:
        return _DEFAULT
    if isinstance(retries, RetryPolicy):
        return retries
    if isinstance(retries, Retry):
        return retries.new(allowed_methods=None, raise_on_status=False)
    if not isinstance(retries, int) or retries < 0:
        raise ApiValueError(
            f"retries is {retries!r}; pass how often to retry, False, None for the default "
            "policy, or a urllib3.Retry"
        )
    return RetryPolicy(int(retries))


def seconds_before(retries: Retry, response: BaseHTTPResponse | None) -> float | None:
    """Return how long to wait before the next attempt, in seconds.

    :param retries: the policy for the next attempt.
    :param response: the response to the last one, where there was one.
    :return: the time; None where the server asks for longer than is waited for.
    """
    requested = None
    if response is not None and retries.respect_retry_after_header:
        requested = retry_after(response.headers)
    if requested is None:
        return retries.get_backoff_time()
    return requested if requested <= MAX_RETRY_AFTER else None


def is_refused_by_proxy(error: Exception) -> bool:
    """Return whether a proxy has refused to make a tunnel, which another attempt would repeat."""
    refusal = _TUNNEL_STATUS.search(str(error)) if isinstance(error, ProxyError) else None
    return refusal is not None and 400 <= int(refusal[1]) < _FIRST_SERVER_ERROR  # noqa: PLR2004


def _is_final(error: Exception | None) -> bool:
    return isinstance(error, _FINAL_ERRORS) or (error is not None and is_refused_by_proxy(error))


def _is_retried(response: BaseHTTPResponse) -> bool:
    wish = response.headers.get("x-should-retry", "").strip().lower()
    if wish in ("true", "false"):
        return wish == "true"
    if response.status == TOO_MANY_REQUESTS and _is_out_of_quota(response):
        return False
    return response.status in _RETRIED_STATUSES or response.status >= _FIRST_SERVER_ERROR


def _is_out_of_quota(response: BaseHTTPResponse) -> bool:
    # only the body distinguishes a limit that passes from one that does not
    try:
        data = parse_json(response.data or b"")
    except UnreadableError:
        return False
    error = as_object(as_object(data).get("error"))
    return _INSUFFICIENT_QUOTA in (error.get("code"), error.get("type"))
