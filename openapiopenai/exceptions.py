"""What can go wrong, drawn once.

OpenApiException
 +- ApiTypeError, ApiValueError,             the caller's arguments; nothing was sent
 |  ApiAttributeError, ApiKeyError
 +- ApiException                             the call: a status other than 2xx, or
     +- BadRequestException            400
     +- UnauthorizedException          401
     +- ForbiddenException             403
     +- NotFoundException              404
     +- ConflictException              409
     +- PayloadTooLargeException       413
     +- UnprocessableEntityException   422
     +- TooManyRequestsException       429
     +- ServiceException               5xx
     +- ApiConnectionException               no response (also a ConnectionError)
     |   +- ApiTimeoutException              none in time (also a TimeoutError)
     +- ApiDecodeException                   a response that cannot be parsed
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from openapiopenai._response import headers as _headers
from openapiopenai._response.json import as_list, as_object

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

#: How much of a body a message quotes, in characters; ``body`` holds all of it.
_QUOTED = 500

#: Where servers put the sentence that explains an error, the most telling first.
_MESSAGE_KEYS = ("message", "msg", "error", "detail", "title")

#: How many objects deep a message is searched; a hostile response may nest without end.
_DEEPEST_MESSAGE = 6

#: Control characters, which a terminal would obey, escaped for a message; lines and tabs stay.
_ESCAPES: dict[int, str] = {
    **{code: f"\\x{code:02x}" for code in (*range(0x20), *range(0x7F, 0xA0))},
    **{ord(kept): kept for kept in "\n\t"},
    ord("\r"): "",
}

#: What some servers write where they mean nothing.
_NOTHING = (None, "", "None")


class OpenApiException(Exception):
    """The base of every error of this package."""


class _ArgumentError(OpenApiException):
    """What the four errors over a caller's arguments share.

    :param msg: what was given, what is accepted, and what to do.
    :param path_to_item: where in the arguments it is, from the outside in.
    """

    def __init__(self, msg: str, path_to_item: Sequence[str | int] | None = None) -> None:
        self.path_to_item = path_to_item
        where = "".join(f"[{step!r}]" for step in path_to_item or ())
        super().__init__(f"{msg} at {where}" if where else msg)

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), self.args, self.__dict__


class ApiTypeError(_ArgumentError, TypeError):
    """An argument has the wrong type.

    :param msg: what was given, what is accepted, and what to do.
    :param path_to_item: where in the arguments it is, from the outside in.
    :param valid_classes: the types that are accepted.
    :param key_type: whether it is a key, and not a value, that is wrong.
    """

    def __init__(
        self,
        msg: str,
        path_to_item: Sequence[str | int] | None = None,
        valid_classes: tuple[type, ...] | None = None,
        key_type: bool | None = None,  # noqa: FBT001 - the published position
    ) -> None:
        super().__init__(msg, path_to_item)
        self.valid_classes = valid_classes
        self.key_type = key_type


class ApiValueError(_ArgumentError, ValueError):
    """An argument has the right type and a value that cannot be used."""


class ApiAttributeError(_ArgumentError, AttributeError):
    """An attribute does not exist."""


class ApiKeyError(_ArgumentError, KeyError):
    """A key does not exist."""

    def __str__(self) -> str:
        return str(self.args[0])  # KeyError would show it in quotes


class ApiException(OpenApiException):
    """A call has failed.

    :param status: the HTTP status; 0 if there was no response.
    :param reason: the reason phrase of the response, or what happened instead.
    :param http_resp: a response that has status, reason, headers and body.
    :param body: the body as text.
    :param data: the body as JSON, where it is JSON; parsed from ``body`` where not given.
    :param headers: the headers of the response.
    :param attempts: how many times the call was tried.
    """

    def __init__(
        self,
        status: int | None = None,
        reason: str | None = None,
        http_resp: Any = None,
        *,
        body: str | None = None,
        data: Any = None,
        headers: Mapping[str, str] | None = None,
        attempts: int = 1,
    ) -> None:
        super().__init__()
        self.status: int | None = getattr(http_resp, "status", None) if status is None else status
        self.reason: str | None = getattr(http_resp, "reason", None) if reason is None else reason
        self.body: str | None = _text_of(http_resp) if body is None else body
        self.headers: Mapping[str, str] | None = (
            getattr(http_resp, "headers", None) if headers is None else headers
        )
        self.data = _json_of(self.body) if data is None else data
        self.attempts = attempts
        #: Which part of a long recording or text the call was for.
        self.part: str | None = None

    @property
    def message(self) -> str:
        """What the server says went wrong, in whatever shape it says it; else the reason."""
        is_json = self.data is not None
        found = _message_in(self.data) if is_json else _text_message(self.body)
        return found or self.reason or ""

    @property
    def code(self) -> int | str | None:
        """The server's code for the error, such as ``invalid_api_key``."""
        code: int | str | None = self._detail("code", int, str)
        return code

    @property
    def param(self) -> str | None:
        """The parameter that the server blames."""
        param: str | None = self._detail("param", str)
        return param

    @property
    def type(self) -> str | None:
        """The server's kind of error, such as ``invalid_request_error``."""
        kind: str | None = self._detail("type", str)
        return kind

    @property
    def request_id(self) -> str | None:
        """The server's name for the call, to quote in a report."""
        return _headers.request_id(self.headers or {})

    @property
    def retry_after(self) -> float | None:
        """How long the server asks to wait before another try, in seconds."""
        return _headers.retry_after(self.headers or {})

    def _detail(self, name: str, *kinds: Any) -> Any:
        value = _error_object(self.data).get(name)
        return value if isinstance(value, kinds) and value not in _NOTHING else None

    def __str__(self) -> str:
        lines = [" ".join(filter(None, (self._headline(), self._particulars())))]
        if self.body and self.body.strip() != self.message:  # else it stands in the first line
            lines.append(f"Body: {_shortened(self.body)}")
        return "\n".join(lines).translate(_ESCAPES)

    def _headline(self) -> str:
        reason = self.reason or ""
        message = "" if self.message == reason else _shortened(self.message)
        start = f"({self.status})" if self.status else ""
        return " ".join(filter(None, (start, reason + ":" * bool(reason and message), message)))

    def _particulars(self) -> str:
        named = {
            "code": self.code,
            "param": self.param,
            "request id": self.request_id,
            "attempts": self.attempts if self.attempts > 1 else None,
            "part": self.part,
        }
        shown = ", ".join(f"{name}: {value}" for name, value in named.items() if value is not None)
        return shown and f"[{shown}]"

    def __repr__(self) -> str:
        fields = f"status={self.status!r}, message={_shortened(self.message)!r}"
        return f"{type(self).__name__}({fields}, request_id={self.request_id!r})"

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (), self.__dict__


class BadRequestException(ApiException):
    """400: the server does not accept the request as it is."""


class UnauthorizedException(ApiException):
    """401: the key is missing or wrong."""


class ForbiddenException(ApiException):
    """403: the key does not allow this call."""


class NotFoundException(ApiException):
    """404: the server knows no such path or model."""


class ConflictException(ApiException):
    """409: the request conflicts with another."""


class PayloadTooLargeException(ApiException):
    """413: the recording is larger than the server takes."""


class UnprocessableEntityException(ApiException):
    """422: the server understands the request and cannot act on it."""


class TooManyRequestsException(ApiException):
    """429: a rate limit or a quota is used up; ``retry_after`` tells when to come back."""


class ServiceException(ApiException):
    """5xx: the server has failed."""


class ApiConnectionException(ApiException, ConnectionError):
    """There was no response, or it broke off. ``__cause__`` is the reason."""


class ApiTimeoutException(ApiConnectionException, TimeoutError):
    """There was no response in time."""


class ApiDecodeException(ApiException):
    """The response cannot be parsed; ``status``, ``headers`` and ``body`` hold it."""


_BY_STATUS: dict[int, type[ApiException]] = {
    400: BadRequestException,
    401: UnauthorizedException,
    403: ForbiddenException,
    404: NotFoundException,
    409: ConflictException,
    413: PayloadTooLargeException,
    422: UnprocessableEntityException,
    429: TooManyRequestsException,
}

_FIRST_SERVER_ERROR = 500


def exception_class(status: int) -> type[ApiException]:
    """Return the exception that a status raises.

    :param status: an HTTP status other than 2xx.
    :return: the class.
    """
    fallback = ServiceException if status >= _FIRST_SERVER_ERROR else ApiException
    return _BY_STATUS.get(status, fallback)


def _text_of(response: Any) -> str | None:
    data = getattr(response, "data", None)
    return data.decode("utf-8", "replace") if isinstance(data, bytes) else data


def _json_of(text: str | None) -> Any:
    from openapiopenai._response.json import UnreadableError, parse_json

    try:
        return parse_json(text) if text else None
    except UnreadableError:
        return None


def _error_object(data: Any) -> dict[str, Any]:
    """Find the object that describes the error: under ``error``, ``detail``, or on top."""
    top = as_object(data)
    inner = (as_object(top.get(key)) for key in ("error", "detail"))
    return next(filter(None, inner), top)


def _message_in(data: Any, depth: int = _DEEPEST_MESSAGE) -> str:
    if isinstance(data, str):
        return "" if data in _NOTHING else data
    if not depth:
        return ""
    if isinstance(data, list):
        return "; ".join(filter(None, (_message_in(item, depth - 1) for item in as_list(data))))
    top = as_object(data)
    inner = (_message_in(top[key], depth - 1) for key in _MESSAGE_KEYS if key in top)
    found = next(filter(None, inner), "")
    # FastAPI says beside the message which field it is about
    where = ".".join(map(str, as_list(top.get("loc"))))
    return f"{found} ({where})" if found and where else found


def _text_message(body: str | None) -> str:
    """Find the message in a body that is not JSON: all of a text, the title of a page."""
    text = (body or "").strip()
    if not text.startswith("<"):
        return text
    _, _, rest = text.partition("<title>")
    return rest.partition("</title>")[0].strip()


def _shortened(text: str) -> str:
    return text if len(text) <= _QUOTED else f"{text[:_QUOTED]}... ({len(text)} characters)"
