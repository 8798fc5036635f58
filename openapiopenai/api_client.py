"""Serialises a call and interprets its answer; sending is :mod:`openapiopenai.rest`'s part."""

from __future__ import annotations

import platform
from collections.abc import Mapping
from itertools import chain
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

from openapiopenai import __version__
from openapiopenai._request.form import form_fields
from openapiopenai._request.headers import authorization, merge_headers, validate_headers
from openapiopenai._request.json import json_body, to_plain
from openapiopenai._request.multipart import MultipartBody
from openapiopenai._request.request import Request, RequestOptions
from openapiopenai._response.lenient import WITHOUT_BODY, UnreadableError, decoded
from openapiopenai._transport.url import Address
from openapiopenai.api_response import ApiResponse
from openapiopenai.configuration import Configuration
from openapiopenai.exceptions import (
    ApiDecodeException,
    ApiException,
    ApiTypeError,
    ApiValueError,
    exception_class,
)
from openapiopenai.rest import RESTClientObject, read_body

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import TracebackType

    from typing_extensions import Self
    from urllib3 import HTTPResponse

    from openapiopenai._transport.timeouts import RequestTimeout

T = TypeVar("T")

#: Names the package, its version and Python's; nothing about the machine.
_USER_AGENT = f"openapiopenai/{__version__} python/{platform.python_version()}"

#: The options of a call that are mappings: the field of ``RequestOptions`` -> the parameter.
_MAPPINGS = {"headers": "_headers", "auth": "_request_auth", "extra_fields": "_extra_fields"}

_NO_OPTIONS = RequestOptions()

_JSON_TYPE = "application/json"
_FORM_TYPE = "multipart/form-data"


class ApiClient:
    """Makes calls, over connections that are kept for the next one.

    Threads may share a client; processes and copies get connections of their own. As a context
    manager it closes its connections at the end.

    :param configuration: the settings. Default: :meth:`Configuration.get_default`.
    :param header_name: the name of a header to send with every call.
    :param header_value: its value.
    :param cookie: the ``Cookie`` header to send with every call.
    """

    _default: ClassVar[ApiClient | None] = None

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
        """What the client calls itself."""
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
        """Give the client that an ``AudioApi`` without one uses; made at first use."""
        if ApiClient._default is None:
            ApiClient._default = cls()
        return ApiClient._default

    @classmethod
    def set_default(cls, default: ApiClient | None) -> None:
        """Set the client that an ``AudioApi`` without one uses.

        :param default: the client; None for a new one at the next use.
        """
        ApiClient._default = default

    # -- calls ------------------------------------------------------------------------------

    def call(self, request: Request[T]) -> ApiResponse[T]:
        """Make a call and read its answer.

        :param request: the call.
        :return: the value, and what came with it.
        :raises ApiException: when the answer is not 2xx, or there is none.
        """
        response = self.open(request)
        body = read_body(response, self.configuration.largest_answer)
        if response.status in WITHOUT_BODY:
            raise _unreadable("the answer has no content", response, body)
        try:
            data = request.read(body, response.headers)
        except UnreadableError as error:
            raise _unreadable(str(error), response, body) from error
        return ApiResponse(response.status, data, body, response.headers)

    def open(self, request: Request[Any]) -> HTTPResponse:
        """Make a call and give its answer unread, if it is 2xx.

        :param request: the call.
        :return: the answer.
        :raises ApiException: when the answer is not 2xx, or there is none.
        """
        response = self.send(request)
        if 200 <= response.status < 300:  # noqa: PLR2004 - the class of success
            return response
        raise self._refusal(response)

    def send(self, request: Request[Any]) -> HTTPResponse:
        """Make a call and give its answer unread, whatever its status.

        :param request: the call.
        :return: the answer.
        :raises ApiConnectionException: when there is none.
        """
        self._check(request)
        body, content_headers = _serialised(request)
        timeout = request.options.timeout
        return self.rest_client.request(
            "POST",
            self.configuration.address,
            request.path,
            headers=lambda: self._headers(request, content_headers),
            body=body,
            timeout=self.configuration.timeout if timeout is None else timeout,
        )

    def call_api(
        self,
        method: str,
        url: str,
        header_params: Mapping[str, str] | None = None,
        body: Any = None,
        post_params: Sequence[tuple[str, Any]] | None = None,
        _request_timeout: RequestTimeout = None,
    ) -> HTTPResponse:
        """Make a call to any URL, with nothing but the headers that are given.

        :param method: the HTTP method.
        :param url: the whole URL.
        :param header_params: the headers, with the key if there is to be one.
        :param body: the body: bytes or a text as it is, anything else as JSON.
        :param post_params: the fields of a form, instead of a body.
        :param _request_timeout: see ``AudioApi``.
        :return: the answer, unread, whatever its status.
        :raises ApiConnectionException: when there is none.
        """
        content, content_headers = self._content(body, post_params)
        headers = {"user-agent": self.user_agent, **content_headers}
        merge_headers(headers, header_params)
        validate_headers(headers)
        address = Address.of(url)
        return self.rest_client.request(
            method,
            address,
            "" if address.path or address.query else "/",
            headers=lambda: headers,
            body=content,
            timeout=self.configuration.timeout if _request_timeout is None else _request_timeout,
        )

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
        """Give a value as what JSON knows.

        :param obj: models, dates, enumerations, numbers, texts, and lists and dicts of these.
        :return: the same in dicts, lists, texts and numbers.
        """
        return to_plain(obj)

    def deserialize(
        self, response_text: str, response_type: Any, content_type: str | None = _JSON_TYPE
    ) -> object:
        """Give what a text holds as a type.

        :param response_text: the text.
        :param response_type: a type, or its name: ``"List[TranscriptionWord]"``, ``"datetime"``.
        :param content_type: what the text is; anything but JSON stays a text.
        :return: the value.
        :raises ApiValueError: when the text is not of the type.
        """
        from openapiopenai._response.deserialize import from_text

        return from_text(response_text, response_type, content_type)

    # -- serialising ------------------------------------------------------------------------

    def _content(
        self,
        body: Any,
        post_params: Sequence[tuple[str, Any]] | None,
    ) -> tuple[bytes | MultipartBody | None, dict[str, str]]:
        if post_params:
            # one by one: a name may stand there several times
            fields = (form_fields({name: value}) for name, value in post_params)
            form = MultipartBody(chain.from_iterable(fields))
            return form, _form_headers(form)
        if body is None or isinstance(body, bytes):
            return body, {}
        if isinstance(body, str):
            return body.encode(), {}
        return json_body(body), {"content-type": _JSON_TYPE}

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

    def _check(self, request: Request[Any]) -> None:
        given = request.options
        if given == _NO_OPTIONS:
            return
        if given.host_index != 0:
            raise ApiValueError(f"_host_index is {given.host_index!r}; there is one host, 0")
        expected = _JSON_TYPE if request.form is None else _FORM_TYPE
        kind = given.content_type
        if kind is not None and str(kind).partition(";")[0].strip().lower() != expected:
            raise ApiValueError(f"_content_type is {kind!r}; this call is sent as {expected}")
        for field, name in _MAPPINGS.items():
            value = getattr(given, field)
            if not isinstance(value, (Mapping, type(None))):
                raise ApiTypeError(f"{name} is {type(value).__name__}; pass a dict")

    # -- interpreting -----------------------------------------------------------------------

    def _refusal(self, response: HTTPResponse) -> ApiException:
        """Give the error for an answer other than 2xx."""
        body = read_body(response, self.configuration.largest_answer)
        reason = response.reason
        moved = response.headers.get("location")
        if response.status < 400 and moved:  # noqa: PLR2004 - redirects
            reason = f"{reason or 'Redirect'}: the server has moved to {moved}; set host to it"
        return exception_class(response.status)(
            response.status,
            reason,
            body=decoded(body, response.headers),
            headers=response.headers,
            attempts=_attempts(response),
        )


def _require_key(headers: Mapping[str, str]) -> None:
    if "authorization" not in headers and "api-key" not in headers:
        raise ApiValueError(
            "there is no key, and OpenAI takes no call without one; set OPENAI_API_KEY, or "
            "pass Configuration(access_token=...)"
        )


def _attempts(response: HTTPResponse) -> int:
    return len(response.retries.history) + 1 if response.retries else 1


def _unreadable(reason: str, response: HTTPResponse, body: bytes) -> ApiDecodeException:
    return ApiDecodeException(
        response.status,
        reason,
        body=decoded(body, response.headers),
        headers=response.headers,
        attempts=_attempts(response),
    )


def _serialised(request: Request[Any]) -> tuple[bytes | MultipartBody, dict[str, str]]:
    """Give the body of a call, and the headers that describe it."""
    if request.form is not None:
        form = MultipartBody(form_fields(request.fields()))
        return form.to_bytes_if_small() or form, _form_headers(form)
    fields = {name: value for name, value in request.fields().items() if value is not None}
    return json_body(fields), {"content-type": request.options.content_type or _JSON_TYPE}


def _form_headers(form: MultipartBody) -> dict[str, str]:
    headers = {"content-type": form.content_type}
    if form.length is not None:
        headers["content-length"] = str(form.length)
    return headers
