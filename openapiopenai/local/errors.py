"""Errors in OpenAI's shape: a status, and a JSON object with message, type, param and code."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.responses import JSONResponse

if TYPE_CHECKING:
    from collections.abc import Mapping

#: Status -> error type; any other status is an ``invalid_request_error``.
_TYPES = {429: "rate_limit_error", 500: "server_error"}


class ApiError(Exception):
    """An error response.

    :param status: the HTTP status.
    :param message: what is wrong and what to do about it.
    :param param: the invalid parameter, if it is one.
    :param code: a machine-readable code.
    :param headers: further headers of the response.
    """

    def __init__(
        self,
        status: int,
        message: str,
        *,
        param: str | None = None,
        code: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.param = param
        self.code = code
        self.headers = headers

    def to_dict(self) -> dict[str, object]:
        """Return the body of the response."""
        error = {
            "message": str(self),
            "type": _TYPES.get(self.status, "invalid_request_error"),
            "param": self.param,
            "code": self.code,
        }
        return {"error": error}

    def response(self) -> JSONResponse:
        """Return the error as a response."""
        return JSONResponse(self.to_dict(), self.status, self.headers)
