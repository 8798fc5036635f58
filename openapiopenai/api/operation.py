"""Describe a call once, make it four ways.

An operation is written as a method that returns a ``Request``. Like ``contextlib.contextmanager``,
:func:`operation` turns the description into what callers use: a method that sends the request. The
other ways are derived from it, one line each. Names, defaults and documentation are those of the
description, so that ``help()``, editors and ``mock.create_autospec`` show them.
"""

import inspect
from collections.abc import Callable
from typing import Any, Concatenate, ParamSpec, Protocol, TypeVar, get_args, overload

from urllib3 import HTTPResponse

from openapiopenai._request.request import Request
from openapiopenai.api_response import ApiResponse
from openapiopenai.streaming import Stream

P = ParamSpec("P")
T = TypeVar("T")
R_co = TypeVar("R_co", covariant=True)
S = TypeVar("S", bound=Stream[Any, Any])

Describe = Callable[Concatenate[Any, P], Request[T]]


class Method(Protocol[P, R_co]):
    """A function in a class body, as type checkers see it: bound when it is taken of an object."""

    def __call__(self, api: Any, /, *args: P.args, **kwargs: P.kwargs) -> R_co:
        """Make the call."""
        ...

    @overload
    def __get__(self, api: None, owner: type, /) -> "Method[P, R_co]": ...
    @overload
    def __get__(self, api: object, owner: type, /) -> Callable[P, R_co]: ...


def operation(
    describe: Callable[Concatenate[Any, P], Request[T]],
) -> Callable[Concatenate[Any, P], T]:
    """Make the call that a method describes, and give its value.

    :param describe: the method; it does nothing but describe.
    :return: the method that makes the call; no :class:`Method`, which jedi does not look into.
    """

    def perform(api: Any, /, *args: P.args, **kwargs: P.kwargs) -> T:
        return api.api_client.call(describe(api, *args, **kwargs)).data  # type: ignore[no-any-return]

    return _presented(perform, describe, _value_type(describe))  # type: ignore[no-any-return]


def with_http_info(method: Callable[Concatenate[Any, P], T]) -> Method[P, ApiResponse[T]]:
    """Make the same call, and give the value with the status, headers and body it came with."""
    describe = _description(method)

    def perform(api: Any, /, *args: P.args, **kwargs: P.kwargs) -> ApiResponse[T]:
        return api.api_client.call(describe(api, *args, **kwargs))  # type: ignore[no-any-return]

    returns = ApiResponse[_value_type(describe)]  # type: ignore[misc,valid-type]
    how = "the value together with the status, the headers and the body it came with"
    return _presented(perform, describe, returns, "_with_http_info", how)  # type: ignore[no-any-return]


def without_preload_content(method: Callable[Concatenate[Any, P], Any]) -> Method[P, HTTPResponse]:
    """Make the same call, and give the answer unread, whatever its status."""
    describe = _description(method)

    def perform(api: Any, /, *args: P.args, **kwargs: P.kwargs) -> HTTPResponse:
        return api.api_client.send(describe(api, *args, **kwargs))  # type: ignore[no-any-return]

    how = "the answer unread, whatever its status; read it to its end, or close it"
    return _presented(perform, describe, HTTPResponse, "_without_preload_content", how)  # type: ignore[no-any-return]


def streaming(method: Callable[Concatenate[Any, P], Any], stream: type[S]) -> Method[P, S]:
    """Make the same call, and give an answer that is read as it arrives."""
    describe = _description(method)

    def perform(api: Any, /, *args: P.args, **kwargs: P.kwargs) -> S:
        return stream.of(api.api_client, describe(api, *args, **kwargs))

    how = "an answer that is read as it arrives; use it in a ``with`` statement"
    return _presented(perform, describe, stream, "_streaming", how)  # type: ignore[no-any-return]


def _description(method: Callable[Concatenate[Any, P], T]) -> Describe[P, T]:
    return method.__wrapped__  # type: ignore[attr-defined,no-any-return]


def _value_type(describe: Callable[..., Any]) -> Any:
    return get_args(describe.__annotations__["return"])[0]


def _presented(
    perform: Any,
    describe: Callable[..., Any],
    returns: Any,
    suffix: str = "",
    how: str = "",
) -> Any:
    """Give a function the looks of the description, with what it gives itself."""
    lead = f"As :meth:`{describe.__name__}`, but give {how}.\n\n" if how else ""
    perform.__name__ = describe.__name__ + suffix
    perform.__qualname__ = describe.__qualname__ + suffix
    perform.__module__ = describe.__module__
    perform.__doc__ = lead + inspect.cleandoc(describe.__doc__ or "")
    perform.__wrapped__ = describe
    perform.__annotations__ = {**describe.__annotations__, "return": returns}
    perform.__signature__ = inspect.signature(describe).replace(return_annotation=returns)
    return perform
