"""An answer with everything around it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

from openapiopenai._response import headers as _headers

if TYPE_CHECKING:
    from collections.abc import Mapping

T = TypeVar("T")


@dataclass(slots=True)  # freezing it would double what making it costs
class ApiResponse(Generic[T]):
    """What the methods ``..._with_http_info`` give.

    :param status_code: the HTTP status, 2xx.
    :param data: what the plain method would have given.
    :param raw_data: the body as it came.
    :param headers: the headers; names are found in any letter case.
    """

    status_code: int
    data: T
    raw_data: bytes
    headers: Mapping[str, str]

    @property
    def request_id(self) -> str | None:
        """The server's name for the call, to quote in a report."""
        return _headers.request_id(self.headers)
