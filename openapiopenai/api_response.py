"""A response with its status, headers and raw body."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from openapiopenai._response import headers as _headers

if TYPE_CHECKING:
    from collections.abc import Mapping

T = TypeVar("T")

#: How much of a value :class:`ApiResponse` shows, in characters.
_MAX_SHOWN = 300


@dataclass(slots=True, repr=False)  # freezing it would double what making it costs
class ApiResponse(Generic[T]):
    """The return value of the ``..._with_http_info`` methods.

    :param status_code: the HTTP status, 2xx.
    :param data: the value that the plain method returns.
    :param raw_data: the body, as it arrived.
    :param headers: the headers; their names are case-insensitive.
    """

    status_code: int
    data: T
    raw_data: bytes
    headers: Mapping[str, str]

    @property
    def request_id(self) -> str | None:
        """The server's identifier of the call, to quote in a report."""
        return _headers.request_id(self.headers)

    def __repr__(self) -> str:
        shown = (
            f"status_code={self.status_code}, data={_shorten(self.data)}, "
            f"raw_data={_shorten(self.raw_data)}, request_id={self.request_id!r}"
        )
        return f"{type(self).__name__}({shown})"


def _shorten(value: Any) -> str:
    if isinstance(value, (bytes, bytearray)):
        return f"<{type(value).__name__} of {len(value)} bytes>"
    shown = repr(value)
    return shown if len(shown) <= _MAX_SHOWN else f"{shown[:_MAX_SHOWN]}..."
