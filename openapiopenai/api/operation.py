"""Describe a call once, make it four ways.

An operation is written as a method that returns a ``Request``. Like ``contextlib.contextmanager``,
:func:`operation` turns the method that describes a call into one that makes it. The other ways to
make the call are derived from that, in a line each. Names, defaults and documentation stay those of
the source, so that ``help()``, editors and ``mock.create_autospec`` show them.
"""

from __future__ import annotations

import functools
import inspect
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, Protocol, TypeVar, cast, get_args

from urllib3 import HTTPResponse

from openapiopenai.api_response import ApiResponse
from openapiopenai.exceptions import ApiTypeError
from openapiopenai.streaming import Stream

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import overload

    from openapiopenai._request.request import Request
    from openapiopenai.api_client import ApiClient

P = ParamSpec("P")
T = TypeVar("T")
R = TypeVar("R")
R_co = TypeVar("R_co", covariant=True)
S = TypeVar("S", bound=Stream[Any, Any])


class Api(Protocol):
    """A class of operations."""

    api_client: ApiClient


A = TypeVar("A", bound=Api)
A_contra = TypeVar("A_contra", bound=Api, contravariant=True)

_ONE_REQUEST = "pass one request: create_speech({{'model': ..., 'input': ..., 'voice': ...}})"

#: Keyword argument of another client -> what to do instead; ``{}`` stands for the operation.
_FOREIGN = {
    "api_key": "pass Configuration(access_token=...)",
    "extra_body": "pass _extra_fields",
    "extra_headers": "pass _headers",
    "extra_query": "put the query into Configuration(host='https://...?name=value')",
    "input": _ONE_REQUEST,
    "max_retries": "pass _retries",
    "model": _ONE_REQUEST,
    "stream": "call create_speech_streaming or create_transcription_streaming",
    "timeout": "pass _request_timeout",
    "voice": _ONE_REQUEST,
}

#: How similar an argument must be to a known one to be taken for a slip, from 0 to 1.
_SIMILARITY = 0.7


# R_co stands first: jedi, which completes in IPython and Jupyter, infers types before a ParamSpec
class Method(Protocol[R_co, A_contra, P]):
    """A function in a class body, as type checkers see it: bound when accessed on an object."""

    @property
    def __wrapped__(self) -> Callable[Concatenate[A_contra, P], Request[Any]]:
        """The method that describes the call."""
        ...

    def __call__(self, api: A_contra, /, *args: P.args, **kwargs: P.kwargs) -> R_co:
        """Make the call."""
        ...

    if TYPE_CHECKING:

        @overload
        def __get__(self, api: None, owner: type, /) -> Method[R_co, A_contra, P]: ...
        @overload
        def __get__(self, api: A_contra, owner: type, /) -> Callable[P, R_co]: ...


def operation(describe: Callable[Concatenate[A, P], Request[T]]) -> Method[T, A, P]:
    """Turn a method that describes a call into one that makes it and returns its value.

    :param describe: the method; it does nothing but describe.
    :return: the method that makes the call.
    """

    def perform(api: A, /, *args: P.args, **kwargs: P.kwargs) -> T:
        return api.api_client.call(_described(describe, api, args, kwargs)).data

    return _presented(perform, describe, _value_type(describe))


def with_http_info(method: Method[T, A, P]) -> Method[ApiResponse[T], A, P]:
    """Derive the method that returns the value with its status, headers and body."""
    describe = method.__wrapped__

    def perform(api: A, /, *args: P.args, **kwargs: P.kwargs) -> ApiResponse[T]:
        return api.api_client.call(_described(describe, api, args, kwargs))

    value: Any = _value_type(describe)
    lead = "but returns an ``ApiResponse``: the value with its status, headers and body."
    return _presented(perform, describe, ApiResponse[value], "_with_http_info", lead)


def without_preload_content(method: Method[Any, A, P]) -> Method[HTTPResponse, A, P]:
    """Derive the method that returns the unread response, whatever its status."""
    describe = method.__wrapped__

    def perform(api: A, /, *args: P.args, **kwargs: P.kwargs) -> HTTPResponse:
        return api.api_client.send(_described(describe, api, args, kwargs))

    lead = (
        "but returns the unread ``HTTPResponse`` and never raises for its status. "
        "Read it fully or close it."
    )
    return _presented(perform, describe, HTTPResponse, "_without_preload_content", lead)


def streaming(method: Method[Any, A, P], stream: type[S]) -> Method[S, A, P]:
    """Derive the method that returns the response as a stream, read as it arrives."""
    describe = method.__wrapped__

    def perform(api: A, /, *args: P.args, **kwargs: P.kwargs) -> S:
        return stream.of(api.api_client, _described(describe, api, args, kwargs))

    lead = (
        f"but returns a ``{stream.__name__}`` that is read as it arrives; "
        "use it in a ``with`` statement."
    )
    return _presented(perform, describe, stream, "_streaming", lead)


def _described(
    describe: Callable[..., Request[T]],
    api: Api,
    args: tuple[Any, ...],
    kwargs: Mapping[str, Any],
) -> Request[T]:
    try:
        return describe(api, *args, **kwargs)
    except ApiTypeError:
        raise
    except TypeError as error:
        raise _call_error(describe, kwargs, error) from error


def _call_error(
    describe: Callable[..., Any], kwargs: Mapping[str, Any], error: TypeError
) -> TypeError:
    """Return the error for arguments that do not match the signature, with a pointer."""
    known = inspect.signature(describe).parameters
    unknown = [name for name in kwargs if name not in known]
    lines = [_unexpected(describe.__name__, name, list(known)) for name in unknown]
    return ApiTypeError("\n".join(lines) or str(error))


def _unexpected(operation_name: str, argument: str, known: list[str]) -> str:
    import difflib

    line = f"{operation_name}() got an unexpected keyword argument {argument!r}"
    for similar in difflib.get_close_matches(argument, [*_FOREIGN, *known], 1, _SIMILARITY):
        advice = _FOREIGN.get(similar, f"did you mean {similar!r}?").format(operation_name)
        return f"{line}; {advice}"
    return line


def _value_type(describe: Callable[..., Any]) -> Any:
    return get_args(inspect.signature(describe, eval_str=True).return_annotation)[0]


def _presented(
    perform: Callable[Concatenate[A, P], R],
    describe: Callable[Concatenate[A, P], Any],
    returns: object,
    suffix: str = "",
    lead: str = "",
) -> Method[R, A, P]:
    """Present a function under the name, signature and documentation of the description."""
    name, text = describe.__name__, inspect.cleandoc(describe.__doc__ or "")
    presented: Any = functools.update_wrapper(perform, describe)
    presented.__name__ += suffix
    presented.__qualname__ += suffix
    presented.__doc__ = f"Like :meth:`{name}`, {lead}\n\n{text}" if lead else text
    presented.__annotations__ = {**describe.__annotations__, "return": returns}
    signature = inspect.signature(describe)
    presented.__signature__ = signature.replace(return_annotation=returns)
    return cast("Method[R, A, P]", presented)
