"""Errors as OpenAI words them: a status, and a JSON object with a message, a type and a code."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.responses import JSONResponse

if TYPE_CHECKING:
    from collections.abc import Mapping

_TYPES = {429: "rate_limit_error", 500: "server_error"}  # else it is the request that is wrong


class ApiError(Exception):
    """What goes wrong with a request, to be told to whoever made it.

    :param status: the HTTP status.
    :param message: what is wrong and what to do.
    :param param: the field that is to blame, where it is one.
    :param code: a word for programs.
    :param headers: further headers of the answer.
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

    def body(self) -> dict[str, object]:
        """Give the error as JSON has it."""
        error = {
            "message": str(self),
            "type": _TYPES.get(self.status, "invalid_request_error"),
            "param": self.param,
            "code": self.code,
        }
        return {"error": error}

    def response(self) -> JSONResponse:
        """Give the error as an answer."""
        return JSONResponse(self.body(), self.status, self.headers)
