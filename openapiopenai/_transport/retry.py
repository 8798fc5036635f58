"""Which failures are tried again, when, and how often."""

from __future__ import annotations

import json
import random
from typing import TYPE_CHECKING, Any

from urllib3 import Retry
from urllib3.exceptions import MaxRetryError, ReadTimeoutError, ResponseError, SSLError

from openapiopenai._response import headers
from openapiopenai._response.json import as_object
from openapiopenai.exceptions import ApiValueError

if TYPE_CHECKING:
    from types import TracebackType

    from typing_extensions import Self
    from urllib3 import BaseHTTPResponse
    from urllib3.connectionpool import ConnectionPool

_TIMES = 2
_FIRST_WAIT = 0.5
_LONGEST_BACKOFF = 8.0
#: Which part of a wait is left to chance, so that clients do not come back all at once.
_JITTER = 0.25

#: A server that asks for more than this, in seconds, is not waited for: the caller decides.
_LONGEST_WAIT = 60.0

_WORTH_RETRYING = frozenset({408, 409, 429})
_FIRST_SERVER_ERROR = 500

#: Failures that another try would only repeat: an answer that is slow to come has been paid for,
#: and a certificate does not change.
_FINAL = (ReadTimeoutError, SSLError)

_OUT_OF_QUOTA = "insufficient_quota"
TOO_MANY_REQUESTS = 429


class RetryPolicy(Retry):
    """This package's policy, as a ``urllib3.Retry``: change it as you would change one.

    Tried again are failures to connect, connections that break before an answer, and answers with
    408, 409, 429 or 5xx, after 0.5 s, 1 s, 2 s ... less a quarter at most by chance. A server's
    ``retry-after-ms`` or ``Retry-After`` is obeyed up to 60 s, and its ``x-should-retry`` too.
    Not tried again are answers that are late, certificates that do not hold, and a quota that is
    used up.

    :param total: how often to try again.
    :param kwargs: anything else that ``urllib3.Retry`` takes.
    """

    def __init__(self, total: int | bool | None = _TIMES, **kwargs: Any) -> None:  # noqa: FBT001 - as urllib3
        defaults: dict[str, Any] = {
            "allowed_methods": None,
            "backoff_factor": _FIRST_WAIT,
            "backoff_max": _LONGEST_BACKOFF,
            "raise_on_status": False,
        }
        super().__init__(total, **(defaults | kwargs))

    def is_retry(
        self,
        method: str,  # noqa: ARG002 - urllib3's signature
        status_code: int,
        has_retry_after: bool = False,  # noqa: ARG002, FBT001, FBT002
    ) -> bool:
        """Tell whether an answer may have to be tried again; :meth:`increment` decides.

        :param method: the HTTP method; all are treated alike.
        :param status_code: the status of the answer.
        :param has_retry_after: whether it says when to come back.
        :return: whether the answer is an error.
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
        :param url: the path that was asked for.
        :param response: the answer, where there was one.
        :param error: what went wrong, where there was none.
        :return: the policy for the next try.
        :raises urllib3.exceptions.MaxRetryError: when there is to be none.
        """
        following = super().increment(method, url, response, error, _pool, _stacktrace)
        if isinstance(error, _FINAL) or (response is not None and not _is_worth_retrying(response)):
            raise MaxRetryError(_pool, url, error or ResponseError("not worth another try"))  # type: ignore[arg-type]
        return following

    def get_backoff_time(self) -> float:
        """Give how long to wait where the server does not say, in seconds."""
        doubled: float = self.backoff_factor * 2 ** (len(self.history) - 1)
        return min(doubled, self.backoff_max) * (1 - _JITTER * random.random())  # noqa: S311

    def get_retry_after(self, response: BaseHTTPResponse) -> float | None:
        """Give how long the server asks to wait, in seconds; None where it does not ask."""
        return headers.retry_after(response.headers)


def policy_of(retries: Any) -> Retry:
    """Take what a caller sets as ``Configuration.retries``.

    :param retries: None, False, a number, or a policy.
    :raises ApiValueError: when it is something else.
    :return: the policy. One of the caller's own counts for POST too, and leaves the last real
        answer to be raised.
    """
    if retries is None or retries is True:
        return _DEFAULT
    if isinstance(retries, RetryPolicy):
        return retries
    if isinstance(retries, Retry):
        return retries.new(allowed_methods=None, raise_on_status=False)
    if not isinstance(retries, int) or retries < 0:
        raise ApiValueError(
            f"retries is {retries!r}; pass how often to try again, False, None for the default "
            "policy, or a urllib3.Retry"
        )
    return RetryPolicy(int(retries))


#: One for all calls: counting does not change a policy, it gives a new one.
_DEFAULT = RetryPolicy()


def wait_before(retries: Retry, response: BaseHTTPResponse | None) -> float:
    """Tell how long to wait before the next try, in seconds."""
    asked = None
    if response is not None and retries.respect_retry_after_header:
        asked = retries.get_retry_after(response)
    return retries.get_backoff_time() if asked is None else asked


def _is_worth_retrying(response: BaseHTTPResponse) -> bool:
    told = response.headers.get("x-should-retry", "").lower()
    if told in ("true", "false"):
        return told == "true"
    if (headers.retry_after(response.headers) or 0) > _LONGEST_WAIT:
        return False
    if response.status == TOO_MANY_REQUESTS and _is_out_of_quota(response):
        return False
    return response.status in _WORTH_RETRYING or response.status >= _FIRST_SERVER_ERROR


def _is_out_of_quota(response: BaseHTTPResponse) -> bool:
    # only the body tells a limit that passes from one that does not
    try:
        data = as_object(json.loads(response.data or b""))
    except (ValueError, RecursionError):
        return False
    error = as_object(data.get("error"))
    return _OUT_OF_QUOTA in (error.get("code"), error.get("type"))
