"""Serialises requests and interprets responses; :mod:`openapiopenai.rest` sends them."""

from __future__ import annotations

import platform
import re
import threading
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

from openapiopenai import __version__
from openapiopenai._request.encoding import JSON, encode, encode_content
from openapiopenai._request.headers import NAME, authorization, merge_headers, validate_headers
from openapiopenai._request.json import to_plain
from openapiopenai._response.headers import NO_CONTENT
from openapiopenai._response.json import UnreadableError
from openapiopenai._response.text import decode_text
from openapiopenai._transport.request import HTTPRequest
from openapiopenai._transport.retry import MAX_RETRY_AFTER, parse_retries
from openapiopenai._transport.timeouts import parse_timeout
from openapiopenai._transport.url import BaseURL
from openapiopenai.api_response import ApiResponse
from openapiopenai.configuration import Configuration
from openapiopenai.exceptions import (
    ApiDecodeException,
    ApiException,
    ApiTypeError,
    ApiValueError,
    OpenApiException,
    exception_class,
)
from openapiopenai.rest import RESTClientObject

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from types import TracebackType

    from typing_extensions import Self
    from urllib3 import HTTPResponse, Retry

    from openapiopenai._request.multipart import MultipartBody
    from openapiopenai._request.request import Request
    from openapiopenai._transport.open_response import OpenResponse
    from openapiopenai._transport.timeouts import RequestTimeout

T = TypeVar("T")

#: Names the package, its version and Python's; nothing about the machine.
_USER_AGENT = f"openapiopenai/{__version__} python/{platform.python_version()}"


class ApiClient:
    """Makes calls over kept connections.

    Threads may share a client; processes and copies get connections of their own. As a context
    manager it closes its connections at the end.

    :param configuration: the settings. Default: :meth:`Configuration.get_default`.
    :param header_name: the name of a header to send with every call.
    :param header_value: its value.
    :param cookie: the ``Cookie`` header to send with every call.
    """

    _default: ClassVar[ApiClient | None] = None
    _default_lock: ClassVar[threading.Lock] = threading.Lock()

    def __init__(
        self,
        configuration: Configuration | None = None,
        header_name: str | None = None,
        header_value: str | None = None,
        cookie: str | None = None,
    ) -> None:
        self.configuration = configuration or Configuration.get_default()
        if not hasattr(self.configuration, "address"):
            kind = type(self.configuration).__name__
            raise ApiTypeError(f"configuration is {kind}; pass a Configuration(host=...)")
        self.rest_client = RESTClientObject(self.configuration)
        self.default_headers: dict[str, str] = {"User-Agent": _USER_AGENT}
        self.cookie = cookie
        if header_name is not None and header_value is not None:
            self.set_default_header(header_name, header_value)

    # -- settings ---------------------------------------------------------------------------

    @property
    def user_agent(self) -> str:
        """The value of the header ``User-Agent``."""
        named = {name.lower(): value for name, value in self.default_headers.items()}
        return named.get("user-agent", _USER_AGENT)

    @user_agent.setter
    def user_agent(self, value: str) -> None:
        self.set_default_header("User-Agent", value)

    def set_default_header(self, header_name: str, header_value: str) -> None:
        """Send a header with every call.

        :param header_name: its name; an earlier one of the same name is replaced.
        :param header_value: its value.
        """
        kept = {k: v for k, v in self.default_headers.items() if k.lower() != header_name.lower()}
        self.default_headers = {**kept, header_name: header_value}

    @classmethod
    def get_default(cls) -> ApiClient:
        """Return the client of an ``AudioApi`` that is given none; it is made on first use."""
        with ApiClient._default_lock:
            if ApiClient._default is None:
                ApiClient._default = cls()
            return ApiClient._default

    @classmethod
    def set_default(cls, default: ApiClient | None) -> None:
        """Set the client of an ``AudioApi`` that is given none.

        :param default: the client; None for a new one on the next use.
        """
        ApiClient._default = default

    # -- calls ------------------------------------------------------------------------------

    def call(self, request: Request[T]) -> ApiResponse[T]:
        """Send a request and parse the response.

        :param request: the request.
        :return: the value, with the status, headers and body that it came with.
        :raises ApiException: when the status is not 2xx, or there is no response.
        """
        with _boundary:
            response = self.rest_client.request(self._prepare(request))
            if not _is_success(response):
                raise self._error(response, request)
            body = response.read(self.configuration.largest_answer)
            if response.status in NO_CONTENT:
                raise _unreadable("the response has no content", response, body)
            try:
                data = request.read(body, response.headers)
            except UnreadableError as error:
                raise _unreadable(str(error), response, body) from error
            return ApiResponse(response.status, data, body, response.headers)

    def open(self, request: Request[Any]) -> OpenResponse:
        """Send a request and return the unread response, if its status is 2xx.

        :param request: the request.
        :return: the response.
        :raises ApiException: when the status is not 2xx, or there is no response.
        """
        with _boundary:
            response = self.rest_client.request(self._prepare(request))
            if _is_success(response):
                return response
            raise self._error(response, request)

    def send(self, request: Request[Any]) -> HTTPResponse:
        """Send a request and return the unread response, whatever its status.

        :param request: the request.
        :return: the response of urllib3.
        :raises ApiConnectionException: when there is none.
        """
        with _boundary:
            return self.rest_client.request(self._prepare(request)).raw

    def call_api(
        self,
        method: str,
        url: str,
        header_params: Mapping[str, str] | None = None,
        body: Any = None,
        post_params: Sequence[tuple[str, Any]] | None = None,
        _request_timeout: RequestTimeout = None,
    ) -> HTTPResponse:
        """Send a request to any URL, with no headers but those that are given.

        :param method: the HTTP method.
        :param url: the whole URL.
        :param header_params: the headers, with the key if there is to be one.
        :param body: the body: bytes or ``str`` as it is, anything else as JSON.
        :param post_params: the fields of a form, instead of a body.
        :param _request_timeout: see ``AudioApi``.
        :return: the unread response, whatever its status.
        :raises ApiConnectionException: when there is none.
        """
        with _boundary:
            content, content_headers = encode_content(body, post_params)
            headers = {"user-agent": self.user_agent, **content_headers}
            merge_headers(headers, header_params)
            validate_headers(headers)
            base = BaseURL.parse(url, "url")
            path = "" if base.path or base.query else "/"
            return self.rest_client.request(
                self._http_request(
                    _validate_method(method),
                    base,
                    path,
                    headers=lambda: headers,
                    body=content,
                    timeout=_request_timeout,
                )
            ).raw

    def close(self) -> None:
        """Close the connections that are kept. Closing twice is fine; a later call opens anew."""
        self.rest_client.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    # -- conversions of the generated style -------------------------------------------------

    def sanitize_for_serialization(self, obj: Any) -> object:
        """Return a value as dicts, lists, strings and numbers.

        :param obj: models, dates, enumerations, numbers, strings, and lists and dicts of these.
        :raises ApiTypeError: when JSON cannot hold it.
        :raises ApiValueError: when it is a number that is not finite.
        """
        return to_plain(obj)

    def deserialize(
        self, response_text: str, response_type: Any, content_type: str | None = JSON
    ) -> object:
        """Parse a text as a type.

        :param response_text: the text.
        :param response_type: a type, or its name: ``"List[TranscriptionWord]"``, ``"datetime"``.
        :param content_type: the content type; anything but JSON is returned as a ``str``.
        :return: the value.
        :raises ApiValueError: when the text is not of the type.
        """
        from openapiopenai._response.deserialize import deserialize

        return deserialize(response_text, response_type, content_type)

    # -- serialising ------------------------------------------------------------------------

    def _prepare(self, request: Request[Any]) -> HTTPRequest:
        request.check_options()
        body, content_headers = encode(request)
        return self._http_request(
            "POST",
            self.configuration.address,
            request.path,
            headers=lambda: self._headers(request, content_headers),
            body=body,
            timeout=request.options.timeout,
            retries=request.options.retries,
        )

    def _http_request(
        self,
        method: str,
        url: BaseURL,
        path: str,
        *,
        headers: Callable[[], dict[str, str]],
        body: bytes | MultipartBody | None,
        timeout: RequestTimeout,
        retries: int | Retry | None = None,
    ) -> HTTPRequest:
        timeout = self.configuration.timeout if timeout is None else timeout
        retries = self.configuration.retries if retries is None else retries
        return HTTPRequest(
            method,
            url,
            url.target(path),
            headers,
            body,
            parse_timeout(timeout, self.rest_client.clock),
            parse_retries(retries),
        )

    def _headers(self, request: Request[Any], content: Mapping[str, str]) -> dict[str, str]:
        """Compose the headers of one attempt, names in lower case; the more particular win."""
        configuration = self.configuration
        headers = {"accept": request.accept, **content}
        merge_headers(headers, authorization(request.options.auth, configuration.auth_settings))
        for name, value in (
            ("openai-organization", configuration.organization),
            ("openai-project", configuration.project),
            ("cookie", self.cookie),
        ):
            if value:
                headers.setdefault(name, value)
        merge_headers(headers, self.default_headers)
        merge_headers(headers, request.options.headers)
        if request.form is not None:
            headers |= content  # its boundary and length are the body's
        validate_headers(headers)
        if configuration.address.is_openai:
            _require_key(headers)
        return headers

    # -- interpreting -----------------------------------------------------------------------

    def _error(self, response: OpenResponse, request: Request[Any]) -> ApiException:
        """Return the exception for a response whose status is not 2xx."""
        from openapiopenai._response.advice import Failure, advice

        body, problem = response.read_error(self.configuration.largest_answer)
        failure = Failure(
            response.status,
            response.headers,
            self.configuration.address,
            request.path,
            is_key_withheld=self.configuration.key_is_withheld,
            max_retry_after=MAX_RETRY_AFTER,
        )
        notes = "; ".join(filter(None, (problem, advice(failure))))
        return exception_class(response.status)(
            response.status,
            f"{response.raw.reason} ({notes})" if notes else response.raw.reason,
            body=decode_text(body, response.headers),
            headers=response.headers,
            attempts=response.attempts,
        )

    def __repr__(self) -> str:
        base = self.configuration.address
        return f"ApiClient(host={base.root + base.path!r})"  # a query may hold a key


class _Boundary:
    """Context manager that lets no ``Exception`` leave a call but an ``OpenApiException``."""

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, Exception) and not isinstance(error, OpenApiException):
            # not quoted: what is unexpected may hold a secret
            raise ApiException(0, f"the call failed: {type(error).__name__}") from error


_boundary = _Boundary()


def _is_success(response: OpenResponse) -> bool:
    return 200 <= response.status < 300  # noqa: PLR2004 - the class of success


def _validate_method(method: Any) -> str:
    if not (isinstance(method, str) and re.fullmatch(NAME, method)):
        raise ApiValueError(f"method is {method!r:.40}; pass the name of an HTTP method: 'GET'")
    return method


def _require_key(headers: Mapping[str, str]) -> None:
    if "authorization" not in headers and "api-key" not in headers:
        raise ApiValueError(
            "no API key: set OPENAI_API_KEY or pass Configuration(access_token=...)"
        )


def _unreadable(reason: str, response: OpenResponse, body: bytes) -> ApiDecodeException:
    return ApiDecodeException(
        response.status,
        reason,
        body=decode_text(body, response.headers),
        headers=response.headers,
        attempts=response.attempts,
    )
